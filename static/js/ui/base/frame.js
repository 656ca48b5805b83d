/** Runs on every page: the menu button of narrow screens. Without it the menu stays open. */

const header = document.querySelector(".site-header");
const toggle = header?.querySelector(".nav-toggle");
document.documentElement.classList.add("js");

if (toggle) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => setOpen(!header.classList.contains("is-open")));
  header.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && header.classList.contains("is-open")) {
      setOpen(false);
      toggle.focus();
    }
  });
}

function setOpen(open) {
  header.classList.toggle("is-open", open);
  toggle.setAttribute("aria-expanded", String(open));
}
