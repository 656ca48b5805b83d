/** The page that checks published lists: files of the person's own device, or the one published here. */

import { fill } from "../../data/base/patterns.js";
import { Broken, checkChain, checkList, digestOf, hiddenIn, LARGEST_FILE, readList, ruleNumber } from "../../data/lists/list-check.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/** @import { Finding, PublishedList, Result } from "#types/lists" */

/**
 * @typedef {{name: string, list: PublishedList, results: Result[]}} Checked
 * @typedef {{name: string, broken: Finding}} Unread a file that is no list
 * @typedef {{published: string, number: number, digest: string, sentences: Record<string, string>}} Settings
 */

const SHOWN = 20;
const LETTERS = 300;
/** @type {Settings} */
const settings = readSettings("verifier");
const result = needed(document, "#result", HTMLElement);
const verdict = needed(document, "#verdict", HTMLElement);
const place = needed(document, "#files-checked", HTMLElement);
const chosen = needed(document, "#files", HTMLInputElement);
const here = needed(document, "#check-published", HTMLButtonElement);

chosen.addEventListener("change", () => checkFiles([...(chosen.files ?? [])]));
here.addEventListener("click", checkPublished);
here.disabled = false;

/** @param {File[]} files */
async function checkFiles(files) {
  if (!files.length) return;
  begin();
  /** @type {(Checked | Unread)[]} */
  const checked = [];
  for (const file of files) checked.push(await checkFile(file));
  show(checked);
}

/** @param {File} file @returns {Promise<Checked | Unread>} */
async function checkFile(file) {
  // Told by its size, before it fills the memory.
  if (file.size > LARGEST_FILE) return { name: file.name, broken: { code: "too_large" } };
  return check(file.name, await bytesOf(() => file.arrayBuffer()));
}

async function checkPublished() {
  begin();
  const bytes = await bytesOf(async () => {
    const answer = await fetch(settings.published);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.arrayBuffer();
  });
  show([check("lista.json", bytes)]);
}

/** @param {() => Promise<ArrayBuffer>} read */
async function bytesOf(read) {
  try {
    return new Uint8Array(await read());
  } catch {
    return null;
  }
}

/** One file. @param {string} name @param {Uint8Array | null} bytes @returns {Checked | Unread} */
function check(name, bytes) {
  if (!bytes) return { name, broken: { code: "unreadable" } };
  try {
    const read = readList(bytes);
    return { name, list: read.document, results: [...checkList(read), ...againstHere(read.document)] };
  } catch (error) {
    // What is too much for this device (its stack, its memory) is no list either.
    return { name, broken: error instanceof Broken ? error.finding : { code: "nested" } };
  }
}

/** @param {PublishedList} list @returns {Result[]} */
function againstHere(list) {
  if (list.number !== settings.number) return [];
  // What the file says of itself proves nothing: its content is compared.
  const differs = digestOf(list) !== settings.digest;
  return [{ check: "same", findings: differs ? [{ code: "not_published", here: settings.digest }] : [] }];
}

function begin() {
  result.hidden = false;
  verdict.className = "notice";
  verdict.textContent = settings.sentences.checking;
  place.replaceChildren();
}

/** @param {(Checked | Unread)[]} checked */
function show(checked) {
  const lists = checked.flatMap((each) => ("list" in each ? each.list : []));
  const chain = lists.length > 1 ? [{ check: "chain", findings: checkChain(lists) }] : [];
  const found = [...checked.flatMap((each) => ("results" in each ? each.results : [])), ...chain];
  const holds = lists.length === checked.length && found.every(({ findings }) => !findings.length);
  place.replaceChildren(...checked.map(fileCard), ...chain.map((each) => listOf([each])));
  verdict.className = `notice ${holds ? "notice--success" : "notice--error"}`;
  verdict.textContent = holds ? settings.sentences.holds : settings.sentences.fails;
}

/** @param {Checked | Unread} checked */
function fileCard(checked) {
  const card = element("section", "card checked");
  const { name } = checked;
  if ("broken" in checked) {
    card.append(element("h3", "", name), listOf([{ check: "", findings: [checked.broken] }]));
    return card;
  }
  const { list, results } = checked;
  const facts = { file: name, number: list.number, problems: list.items.length, rule: ruleNumber(list) };
  const heading = say("title", { ...facts, neighbourhoods: list.neighbourhoods.length });
  card.append(element("h3", "", heading), listOf(results), ...hiddenOf(list));
  card.append(element("p", "digest", say("seal", list)));
  return card;
}

/** What of it nobody may read any more. @param {PublishedList} list */
function hiddenOf(list) {
  const hidden = hiddenIn(list);
  if (!hidden.length) return [];
  const said = hidden.slice(0, SHOWN).map((each) => say(each.code, each));
  if (hidden.length > SHOWN) said.push(say("more", { number: hidden.length - SHOWN }));
  return [element("p", "muted", `${settings.sentences.hidden}: ${said.join(", ")}.`)];
}

/** @param {Result[]} results */
function listOf(results) {
  const lines = element("ul", "findings");
  for (const { check, findings } of results) {
    if (!findings.length) lines.append(line(true, settings.sentences[check]));
    for (const finding of findings.slice(0, SHOWN)) lines.append(line(false, say(finding.code, finding)));
    if (findings.length > SHOWN) lines.append(line(false, say("more", { number: findings.length - SHOWN })));
  }
  return lines;
}

/** @param {boolean} holds @param {string} text */
function line(holds, text) {
  const item = element("li", holds ? "finding finding--holds" : "finding finding--fails");
  item.append(element("span", "visually-hidden", `${settings.sentences[holds ? "fine" : "wrong"]}: `), text);
  return item;
}

/** @param {string} code @param {object} facts */
function say(code, facts) {
  const sentence = settings.sentences[code] ?? code;
  return fill(sentence, facts, { write: readable });
}

/** Text of a file that is short and without control characters. @param {unknown} value */
function readable(value) {
  const letters = [...String(value).slice(0, 2 * LETTERS)].slice(0, LETTERS).join("");
  return letters.replace(/(?! )[\p{C}\p{Z}]/gu, "·");
}

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
