/** The form of filters: clean addresses, and how many problems stand behind each choice. */

const WIDE = window.matchMedia("(min-width: 100rem)");

/** Open the panel where there is room for it, and leave empty fields out of the address. */
export function startFilters(form, panel) {
  if (WIDE.matches) panel.open = true;
  for (const box of form.querySelectorAll("details input:checked")) box.closest("details").open = true;
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData.entries()]) if (!value) event.formData.delete(name);
  });
}

/** Write counts beside their choices; choices that would show nothing go grey. */
export function fillFacets(counts) {
  for (const element of document.querySelectorAll("[data-facet]")) {
    const [name, ...rest] = element.dataset.facet.split(":");
    const values = counts[name];
    if (!values) continue;
    const count = values[rest.join(":")] ?? 0;
    element.textContent = count.toLocaleString("es-CL");
    element.closest("label").classList.toggle("is-empty", count === 0);
  }
}
