/** Numbers, days and hours as a language writes them. */

/** @param {string} language as `lang` of a page names it; one that is none, or none at all, is the browser's own */
export function formatsFor(language) {
  const known = knownOf(language);
  /** @param {Intl.NumberFormatOptions} [options] */
  const number = (options) => new Intl.NumberFormat(known, options).format;
  const day = new Intl.DateTimeFormat(known, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" });
  const hour = new Intl.DateTimeFormat(known, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return {
    /** A count: «1.234». */
    whole: number({ maximumFractionDigits: 0 }),
    /** A score: always one decimal at least, «87,0». */
    decimal: number({ minimumFractionDigits: 1 }),
    /** A size or a share: one decimal at most, «3,5», «4». */
    short: number({ maximumFractionDigits: 1 }),
    /** A day, which has no time zone: «05-12-2026». @param {Date} date at midnight, UTC */
    day: (date) => day.format(date),
    /** Hour and minute here, of 24: «09:05». @param {Date | number} moment */
    hour: (moment) => hour.format(moment),
  };
}

/** @param {string} language */
function knownOf(language) {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
