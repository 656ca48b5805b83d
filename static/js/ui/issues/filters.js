/** A filter form as an address: what is empty is left out. */

/** @type {Record<string, string>} */
const DEFAULTS = { ordering: "-reported_at" };

/** @param {HTMLFormElement} form @returns {URLSearchParams} what the form asks for, without empty and default values */
export function readFilters(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    if (text && DEFAULTS[name] !== text) query.append(name, text);
  }
  return query;
}

/** Put a query into the address bar without a new page. @param {URLSearchParams} query */
export function showInAddress(query) {
  const text = String(query).replaceAll("%2C", ",");
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}
