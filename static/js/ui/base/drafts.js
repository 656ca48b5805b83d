/**
 * Runs on every page with a form: what is typed survives a reload, an ended session and a lost server.
 *
 * A draft goes when the act is acknowledged (the cookie of core.together.once), with the sign-out, with its
 * term, or because the person drops it. Passwords, codes and contact data are never kept.
 */

import { compare, DraftStore, sweep } from "../../data/base/draft-store.js";
import { uuid7 } from "../../data/base/uuid7.js";
import { around, needed, part, parts } from "./parts.js";

/** @import { DraftField, FormDraft } from "../../data/base/draft-store.js" */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {{key: string, bases: Map<string, string>, touched: Set<string>, fresh: Record<string, string[]>}} FormState */

const SEEN = ["act_seen", "seen"];
const NOT_TYPED = ["hidden", "password", "file", "submit", "button", "reset", "image", "email", "tel"];
const PERSONAL = /name|email|tel|address|postal|password|one-time-code|cc-/;
// Hidden fields of every form, and those that differ each time a page is made.
const ABOUT_NOTHING = /^(csrfmiddlewaretoken$|act_|seen$|initial-|_)|_FORMS$|-initial-/;
const PATIENCE_MS = 3_000;
const TAB = "draft-tab";

const told = part(document, "template#drafts", HTMLTemplateElement);
/** @type {WeakMap<HTMLFormElement, FormState>} */
const states = new WeakMap();
/** @type {WeakMap<HTMLFormElement, Promise<void>>} */
const keeping = new WeakMap();

/** Nowhere without encryption: what is typed on a plain page in a strange network stays in the form. */
function placeOf(/** @type {HTMLTemplateElement | null} */ template) {
  const { person = "", key = "", hours = "0" } = template?.dataset ?? {};
  return template && (!key || crypto.subtle) ? { person, key, hours: Number(hours) } : null;
}

/** @param {HTMLTemplateElement} template @param {DraftStore} store */
function start(template, store) {
  const tab = sessionStorage.getItem(TAB) ?? uuid7();
  sessionStorage.setItem(TAB, tab);
  for (const shelf of [localStorage, sessionStorage]) sweep(shelf);
  for (const key of doneKeys()) store.drop(key);
  const forms = new Forms(template, store, tab);
  for (const type of ["input", "change", "click"]) document.addEventListener(type, (event) => forms.typed(event));
  document.addEventListener("reset", ({ target }) => target instanceof HTMLFormElement && forms.done(target));
  document.addEventListener("done", ({ target }) => target instanceof HTMLFormElement && forms.done(target));
  window.addEventListener("submit", (event) => forms.submitted(event));
  new MutationObserver((changes) => forms.appeared(changes)).observe(document.body, { childList: true, subtree: true });
  for (const form of parts(document, "form", HTMLFormElement)) forms.restore(form);
  for (const form of parts(document, "form[data-go-on]", HTMLFormElement)) goOn(form);
}

/** The keys of forms that were done, as the server tells them. */
function doneKeys() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("mapa_done="));
  return cookie?.split("=")[1]?.split(".") ?? [];
}

class Forms {
  /** @param {HTMLTemplateElement} template @param {DraftStore} store @param {string} tab */
  constructor(template, store, tab) {
    this.template = template;
    this.store = store;
    this.tab = tab;
  }

  /** @param {Event} event */
  typed({ target, type }) {
    const form = around(target, "form", HTMLFormElement);
    if (!form || !isKept(form)) return;
    if (type !== "click" && isField(target)) stateOf(form).touched.add(nameOf(target));
    this.keep(form);
  }

  /** Write down how the form reads now, after whatever is being written. @param {HTMLFormElement} form */
  keep(form) {
    const next = (keeping.get(form) ?? Promise.resolve()).then(() => this.write(form));
    keeping.set(form, next);
    return next;
  }

  /** @param {HTMLFormElement} form */
  async write(form) {
    const state = stateOf(form);
    const fields = typedIn(form, state);
    const files = filesOf(form);
    if (!fields.length && !files.length) return this.store.drop(state.key);
    hold(state.key);
    const act = Object.fromEntries(SEEN.map((name) => [name, valuesOf(form, name)]));
    await this.store.put({ key: state.key, slot: slotOf(form), tab: this.tab, at: Date.now(), act, fields, files });
  }

  /** @param {HTMLFormElement} form */
  async done(form) {
    await keeping.get(form);
    this.store.drop(stateOf(form).key);
    states.delete(form);
  }

  /** @param {MutationRecord[]} changes */
  appeared(changes) {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node instanceof HTMLFormElement) this.restore(node);
        if (node instanceof HTMLElement) for (const form of parts(node, "form", HTMLFormElement)) this.restore(form);
      }
    }
  }

  /** Put back what this person left in this form, unless another tab is open with it. @param {HTMLFormElement} form */
  async restore(form) {
    if (!isKept(form)) return;
    const [drafts, held] = await Promise.all([this.store.of(slotOf(form)), heldKeys()]);
    const draft = drafts.find(({ key, tab }) => tab === this.tab || !held.has(key));
    if (!draft) return;
    const fields = fieldsOf(form);
    const { restored, changed, same } = compare(draft.fields, (name) => readingOf(fields.get(name)));
    if (!restored.length && !changed.length && !same.length) return;
    const state = stateOf(form);
    this.adopt(form, state, draft, restored.length + changed.length > 0);
    for (const { name, base } of same) state.bases.set(name, base);
    for (const { name, value } of restored) write(fields.get(name), value);
    if (restored.length || changed.length) this.tell(form, draft, restored, changed);
  }

  /**
   * The form goes on under the draft's key, so that what was sent before is not done again, and with what the
   * person saw when typing, so that the server tells what changed since.
   * @param {HTMLFormElement} form @param {FormState} state @param {FormDraft} draft @param {boolean} withSeen
   */
  adopt(form, state, draft, withSeen) {
    state.key = draft.key;
    for (const field of hiddenOf(form, "act_key")) field.value = draft.key;
    if (!withSeen) return;
    for (const name of SEEN) {
      state.fresh[name] = valuesOf(form, name);
      fill(form, name, draft.act[name] ?? []);
    }
  }

  /** @param {HTMLFormElement} form @param {FormDraft} draft @param {DraftField[]} restored @param {DraftField[]} changed */
  tell(form, draft, restored, changed) {
    const notice = this.notice(form);
    const details = form.closest("details");
    if (details) details.open = true;
    say(notice, "restored", restored.length > 0);
    say(notice, "changed", changed.length > 0);
    say(notice, "files", draft.files.length > 0);
    needed(notice, "[data-files]", HTMLElement).textContent = draft.files.join(", ");
    const list = needed(notice, "[data-changes]", HTMLElement);
    list.hidden = !changed.length;
    for (const field of changed) list.append(changeOf(form, field));
    const drop = needed(notice, "[data-drop]", HTMLElement);
    drop.hidden = false;
    drop.querySelector("button")?.addEventListener("click", () => this.drop(form, notice));
  }

  /** As the server gave it. @param {HTMLFormElement} form @param {HTMLElement} notice */
  async drop(form, notice) {
    const { fresh } = stateOf(form);
    for (const field of fieldsOf(form).values()) write(field, readingOf(field)?.base ?? "");
    for (const [name, values] of Object.entries(fresh)) fill(form, name, values);
    notice.remove();
    await this.done(form);
    for (const field of hiddenOf(form, "act_key")) field.value = crypto.randomUUID();
  }

  /** @param {HTMLFormElement} form */
  notice(form) {
    const old = part(form, ".draft", HTMLElement);
    const notice = this.template.content.firstElementChild?.cloneNode(true);
    if (!(notice instanceof HTMLElement)) throw new TypeError("no notice");
    old?.remove();
    form.prepend(notice);
    return notice;
  }

  /** Nothing leaves the page while nobody is there to take it. @param {SubmitEvent} event */
  async submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches("[data-sign-out], #logout-form")) return this.store.dropAll();
    if (event.defaultPrevented || !hiddenOf(form, "act_key").length) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    if (isKept(form)) await this.keep(form);
    if (await isReachable()) send(form, event.submitter);
    else this.unreachable(form);
    delete form.dataset.sending;
  }

  /** @param {HTMLFormElement} form */
  unreachable(form) {
    const notice = this.notice(form);
    say(notice, "unreachable", true);
    notice.scrollIntoView({ block: "nearest" });
  }
}

/** @param {HTMLElement} notice @param {string} what @param {boolean} isSo */
function say(notice, what, isSo) {
  needed(notice, `[data-said=${what}]`, HTMLElement).hidden = !isSo;
}

/** @param {HTMLFormElement} form @param {DraftField} field */
function changeOf(form, { name, value }) {
  const row = needed(document, "template#drafts-change", HTMLTemplateElement).content.cloneNode(true);
  const item = needed(/** @type {DocumentFragment} */ (row), "li", HTMLElement);
  const sentence = needed(item, "[data-pattern]", HTMLElement);
  const field = fieldsOf(form).get(name);
  const words = {
    what: field?.labels?.[0]?.textContent?.trim() ?? name,
    now: shown(field, readingOf(field)?.base ?? ""),
    mine: shown(field, value),
  };
  sentence.textContent = (sentence.dataset.pattern ?? "").replace(
    /\{(what|now|mine)\}/g,
    (_, word) => words[/** @type {keyof typeof words} */ (word)],
  );
  needed(item, "button", HTMLButtonElement).addEventListener("click", () => {
    write(field, value);
    item.remove();
  });
  return item;
}

/** A choice as it is read, not as it is sent. @param {Field | undefined} field @param {string} value */
function shown(field, value) {
  if (!(field instanceof HTMLSelectElement)) return value;
  const chosen = value.split("\n");
  return Array.from(field.options, ({ value: each, text }) => (chosen.includes(each) ? text : ""))
    .filter(Boolean)
    .join(", ");
}

/** Forms that the server does once, and those of the room, but for what nobody may find on the device. @param {HTMLFormElement} form */
function isKept(form) {
  return !form.matches("[data-draft=off], #changelist-form") && (hiddenOf(form, "act_key").length > 0 || "form" in form.dataset);
}

/** @param {HTMLFormElement} form @returns {FormState} */
function stateOf(form) {
  const key = hiddenOf(form, "act_key")[0]?.value ?? crypto.randomUUID();
  const state = states.get(form) ?? { key, bases: new Map(), touched: new Set(), fresh: {} };
  states.set(form, state);
  return state;
}

/**
 * Where it is sent to, about what, and which of those forms it is: the same on the page that refuses it.
 * @param {HTMLFormElement} form
 */
function slotOf(form) {
  const subject = parts(form, "input[type=hidden]:not([data-draft=off])", HTMLInputElement).filter(({ name }) => !ABOUT_NOTHING.test(name));
  const place = [pathOf(form), ...subject.map(({ name, value }) => `${name}=${value}`)].join("&");
  return `${place}#${form.id || form.dataset.form || ""}`;
}

/** @param {HTMLFormElement} form */
function pathOf(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

/** @param {HTMLFormElement} form @param {string} name */
function hiddenOf(form, name) {
  return parts(form, `input[type=hidden][name=${name}]`, HTMLInputElement);
}

/** @param {HTMLFormElement} form @param {string} name */
function valuesOf(form, name) {
  return hiddenOf(form, name).map(({ value }) => value);
}

/** Those of several rows keep their order. @param {HTMLFormElement} form @param {string} name @param {string[]} values */
function fill(form, name, values) {
  for (const [index, field] of hiddenOf(form, name).entries()) field.value = values[index] ?? field.value;
}

/** @param {EventTarget | null} target @returns {target is Field} */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** @param {Field} field */
function isTyped(field) {
  return !NOT_TYPED.includes(field.type) && !PERSONAL.test(field.autocomplete) && field.dataset.draft !== "off";
}

/** The fields a person fills in, by name. @param {HTMLFormElement} form @returns {Map<string, Field>} */
function fieldsOf(form) {
  const fields = [...form.elements].filter((field) => isField(field)).filter((field) => isTyped(field) && nameOf(field));
  return new Map(fields.map((field) => [nameOf(field), field]));
}

/** @param {Field} field */
function nameOf(field) {
  const isChoice = field.type === "checkbox" || field.type === "radio";
  return isChoice ? `${field.name}=${field.value}` : field.name || field.id;
}

/** How a field was served, and how it reads. @param {Field | undefined} field */
function readingOf(field) {
  if (!field) return null;
  if (field instanceof HTMLSelectElement) return choiceOf(field);
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
    return { base: field.defaultChecked ? "1" : "", value: field.checked ? "1" : "" };
  }
  return { base: field.defaultValue, value: field.value };
}

/** @param {HTMLSelectElement} field */
function choiceOf(field) {
  const options = [...field.options];
  const chosen = options.filter(({ selected }) => selected);
  const served = options.filter(({ defaultSelected }) => defaultSelected);
  const first = field.multiple ? [] : options.slice(0, 1);
  const words = (/** @type {HTMLOptionElement[]} */ list) => list.map(({ value }) => value).join("\n");
  return { base: words(served.length ? served : first), value: words(chosen) };
}

/** @param {Field | undefined} field @param {string} value */
function write(field, value) {
  if (!field) return;
  if (field instanceof HTMLSelectElement) {
    const chosen = value.split("\n");
    for (const option of field.options) option.selected = chosen.includes(option.value);
  } else if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) field.checked = Boolean(value);
  else field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}

/**
 * What differs from what the server said; where a script fills the form, only what a person touched.
 * @param {HTMLFormElement} form @param {FormState} state @returns {DraftField[]}
 */
function typedIn(form, { bases, touched }) {
  const isFilled = "form" in form.dataset;
  return [...fieldsOf(form)].flatMap(([name, field]) => {
    const { base, value } = readingOf(field) ?? { base: "", value: "" };
    const before = bases.get(name) ?? base;
    return before !== value && (!isFilled || touched.has(name)) ? [{ name, base: before, value }] : [];
  });
}

/** @param {HTMLFormElement} form */
function filesOf(form) {
  return parts(form, "input[type=file]", HTMLInputElement).flatMap(({ files }) => Array.from(files ?? [], ({ name }) => name));
}

/** Let other tabs know that this one is at work with it, until the page goes. @param {string} key */
function hold(key) {
  navigator.locks?.request(`draft:${key}`, { ifAvailable: true }, (lock) => (lock ? new Promise(() => {}) : null));
}

/** @returns {Promise<Set<string>>} */
async function heldKeys() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name }) => (name ?? "").replace("draft:", "")));
}

async function isReachable() {
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch (error) {
    // Slow is not gone: it may still take the form.
    return error instanceof DOMException && error.name === "TimeoutError";
  }
}

/** As the browser would have, with what its button adds. @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function send(form, submitter) {
  const action = form.getAttribute("action");
  const extra = document.createElement("input");
  extra.type = "hidden";
  if (submitter instanceof HTMLButtonElement || submitter instanceof HTMLInputElement) {
    Object.assign(extra, { name: submitter.name, value: submitter.value });
    if (submitter.hasAttribute("formaction")) form.setAttribute("action", submitter.getAttribute("formaction") ?? "");
    if (extra.name) form.append(extra);
  }
  HTMLFormElement.prototype.submit.call(form);
  extra.remove();
  if (action === null) form.removeAttribute("action");
  else form.setAttribute("action", action);
}

/** What was held while its person signed in goes by itself, once. @param {HTMLFormElement} form */
function goOn(form) {
  const name = `went-on:${form.dataset.goOn}`;
  if (sessionStorage.getItem(name)) return;
  sessionStorage.setItem(name, "yes");
  form.requestSubmit();
}

/** @param {HTMLButtonElement} button */
function goBackWith(button) {
  button.hidden = false;
  button.addEventListener("click", () => history.back());
}

for (const button of parts(document, "[data-go-back]", HTMLButtonElement)) goBackWith(button);
const place = placeOf(told);
if (told && place) start(told, new DraftStore(place, place.key ? localStorage : sessionStorage));
