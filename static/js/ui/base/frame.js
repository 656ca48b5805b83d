/** Runs on every page: the menu button of narrow screens. Without it the menu stays open. */

const header = document.querySelector(".site-header");
const toggle = header?.querySelector(".nav-toggle");
document.documentElement.classList.add("js");
if (header instanceof HTMLElement && toggle instanceof HTMLElement) start(header, toggle);

/** @param {HTMLElement} header @param {HTMLElement} toggle */
function start(header, toggle) {
  const isOpen = () => header.classList.contains("is-open");
  /** @param {boolean} open */
  const setOpen = (open) => {
    header.classList.toggle("is-open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => setOpen(!isOpen()));
  header.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      setOpen(false);
      toggle.focus();
    }
  });
}
