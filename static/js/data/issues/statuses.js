/** How each status is shown, read from the page's table (issues/statuses.py): one table for map, desk and tablet. */

/**
 * @typedef {"circle" | "triangle" | "square" | "diamond" | "hexagon" | "cross"} Shape
 * @typedef {{name: string, shape: Shape}} Mark a colour (the token --status-NAME) and a shape
 * @typedef {{marks: Mark[], statuses: Record<string, {label: string, mark: string}>}} StatusTable
 */

export class Statuses {
  /** @param {StatusTable} table as the server writes it */
  constructor({ marks, statuses }) {
    /** In the order of the legend; clusters count by them in this order. */
    this.marks = marks;
    this.statuses = statuses;
  }

  /**
   * The mark of a status. A page older than its server may meet a status it does not know: it then looks new.
   * @param {string} status
   */
  markOf(status) {
    const name = this.statuses[status]?.mark;
    const found = this.marks.find((mark) => mark.name === name);
    if (!found) console.error(`no mark for the status ${status}`);
    return found ?? this.marks[0];
  }

  /** How many problems have each mark, in the order of the legend. @param {{status: string}[]} issues */
  tally(issues) {
    const names = issues.map(({ status }) => this.markOf(status).name);
    return this.marks.map((mark) => names.filter((name) => name === mark.name).length);
  }

  /** The words of a status; its own name when the table has none. @param {string} status */
  labelOf(status) {
    return this.statuses[status]?.label ?? status;
  }
}
