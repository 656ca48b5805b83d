/** Answer templates: a choice above a text, which then shows it, filled in and still to be changed. */

/**
 * @param {Iterable<HTMLTextAreaElement>} texts
 * @param {{name: string, text: string}[]} templates worded for this problem
 */
export function offerTemplates(texts, templates) {
  if (!Array.isArray(templates) || !templates.length) return;
  for (const text of texts) text.before(choiceFor(text, templates));
}

/** @param {HTMLTextAreaElement} text @param {{name: string, text: string}[]} templates */
function choiceFor(text, templates) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", "Plantilla de respuesta");
  select.append(new Option("Usar una plantilla…", ""));
  for (const [index, { name }] of templates.entries()) select.append(new Option(name, String(index)));
  select.addEventListener("change", () => {
    const chosen = templates[Number(select.value)];
    if (select.value && chosen) text.value = chosen.text;
    text.focus();
  });
  return select;
}
