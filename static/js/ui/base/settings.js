/**
 * Settings and addresses a page was rendered with: `{{ value|json_script:"id" }}`. What is in them the page knows.
 * @param {string} id
 */
export function readSettings(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent ?? "") : {};
}
