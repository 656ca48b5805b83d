/** The page that checks the file of a gathering: those of the person's own device, or the one published here. */

import { fill } from "../../data/base/patterns.js";
import { Broken, checkActa } from "../../data/room/acta-check.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/**
 * @typedef {ReturnType<typeof checkActa>} Results
 * @typedef {{name: string, results: Results}} Checked
 * @typedef {{published: string, number: number, digest: string, sentences: Record<string, string>}} Settings
 */

const LETTERS = 200;
/** @type {Settings} */
const settings = readSettings("verifier");
const result = needed(document, "#result", HTMLElement);
const verdict = needed(document, "#verdict", HTMLElement);
const place = needed(document, "#files-checked", HTMLElement);
const here = needed(document, "#check-published", HTMLButtonElement);
const chosen = needed(document, "#files", HTMLInputElement);

chosen.addEventListener("change", async () => {
  const files = [...(chosen.files ?? [])];
  if (!files.length) return;
  begin();
  const bytes = await Promise.all(files.map((file) => bytesOf(() => file.arrayBuffer())));
  show(files.map(({ name }, index) => check(name, bytes[index])));
});
here.addEventListener("click", async () => {
  begin();
  show([check("acta.json", await bytesOf(async () => (await fetch(settings.published)).arrayBuffer()))]);
});
here.disabled = false;

/** @param {() => Promise<ArrayBuffer>} read */
async function bytesOf(read) {
  try {
    return new Uint8Array(await read());
  } catch {
    return null;
  }
}

/** @param {string} name @param {Uint8Array | null} bytes @returns {Checked} */
function check(name, bytes) {
  if (!bytes) return { name, results: [["", [["unreadable", {}]]]] };
  try {
    return { name, results: [...checkActa(bytes), ...againstHere(bytes)] };
  } catch (error) {
    return { name, results: [["", [error instanceof Broken ? error.finding : ["nested", {}]]]] };
  }
}

/** What the checked file is, beside the one published here. @param {Uint8Array} bytes @returns {Results} */
function againstHere(bytes) {
  const { number, digest } = JSON.parse(new TextDecoder().decode(bytes));
  if (number !== settings.number) return [];
  return [["same", digest === settings.digest ? [] : [["not_published", { here: settings.digest }]]]];
}

function begin() {
  result.hidden = false;
  verdict.className = "notice";
  verdict.textContent = settings.sentences.checking;
  place.replaceChildren();
}

/** @param {Checked[]} checked */
function show(checked) {
  const holds = checked.every(({ results }) => results.every(([, findings]) => !findings.length));
  place.replaceChildren(...checked.map(card));
  verdict.className = `notice ${holds ? "notice--success" : "notice--error"}`;
  verdict.textContent = settings.sentences[holds ? "holds" : "fails"];
}

/** @param {Checked} checked */
function card({ name, results }) {
  const made = element("section", "card checked");
  const lines = element("ul", "findings");
  for (const [check, findings] of results) {
    if (!findings.length) lines.append(line(true, sentence(check, {})));
    for (const [code, facts] of findings) lines.append(line(false, sentence(code, facts)));
  }
  made.append(element("h3", "", name), lines);
  return made;
}

/** @param {boolean} holds @param {string} text */
function line(holds, text) {
  const item = element("li", holds ? "finding finding--holds" : "finding finding--fails");
  item.append(element("span", "visually-hidden", `${settings.sentences[holds ? "fine" : "wrong"]}: `), text);
  return item;
}

/** @param {string} code @param {Record<string, unknown>} facts */
function sentence(code, facts) {
  const said = fill(settings.sentences[code], facts, { write: readable });
  return `${said[0].toLocaleUpperCase("es")}${said.slice(1)}.`;
}

/** Text of a file that is short and without control characters. @param {unknown} value */
function readable(value) {
  return [...String(value)]
    .slice(0, LETTERS)
    .join("")
    .replace(/(?! )[\p{C}\p{Z}]/gu, "·");
}

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
