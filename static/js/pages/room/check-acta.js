/** The page that checks the file of a gathering: those of the person's own device, or the one published here. */

import { Broken, checkActa } from "../../data/room/acta-check.js";
import { readSettings } from "../../ui/base/settings.js";

const LETTERS = 200;
const settings = readSettings("verifier");
const result = document.getElementById("result");
const verdict = document.getElementById("verdict");
const place = document.getElementById("files-checked");
const here = document.getElementById("check-published");

document.getElementById("files").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
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

async function bytesOf(read) {
  try {
    return new Uint8Array(await read());
  } catch {
    return null;
  }
}

function check(name, bytes) {
  if (!bytes) return { name, results: [["", [["unreadable", {}]]]] };
  try {
    return { name, results: [...checkActa(bytes), ...againstHere(bytes)] };
  } catch (error) {
    return { name, results: [["", [error instanceof Broken ? error.finding : ["nested", {}]]]] };
  }
}

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

function show(checked) {
  const holds = checked.every(({ results }) => results.every(([, findings]) => !findings.length));
  place.replaceChildren(...checked.map(card));
  verdict.className = `notice ${holds ? "notice--success" : "notice--error"}`;
  verdict.textContent = settings.sentences[holds ? "holds" : "fails"];
}

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

function line(holds, text) {
  const item = element("li", holds ? "finding finding--holds" : "finding finding--fails");
  item.append(element("span", "visually-hidden", `${settings.sentences[holds ? "fine" : "wrong"]}: `), text);
  return item;
}

function sentence(code, facts) {
  const said = settings.sentences[code].replace(/\{(\w+)\}/g, (_, name) => readable(facts[name]));
  return `${said[0].toLocaleUpperCase("es")}${said.slice(1)}.`;
}

/** Text of a file that is short and without control characters. */
function readable(value) {
  return [...String(value)]
    .slice(0, LETTERS)
    .join("")
    .replace(/(?! )[\p{C}\p{Z}]/gu, "·");
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
