/** The page that checks published lists: files of the person's own device, or the one published here. */

import { Broken, checkChain, checkList, digestOf, LARGEST_FILE, readList, ruleNumber } from "../../data/lists/list-check.js";
import { readSettings } from "../../ui/base/settings.js";

const SHOWN = 20;
const LETTERS = 300;
const settings = readSettings("verifier");
const result = document.getElementById("result");
const verdict = document.getElementById("verdict");
const place = document.getElementById("files-checked");

document.getElementById("files").addEventListener("change", (event) => checkFiles([...event.target.files]));
const here = document.getElementById("check-published");
here.addEventListener("click", checkPublished);
here.disabled = false;

async function checkFiles(files) {
  if (!files.length) return;
  begin();
  const checked = [];
  for (const file of files) checked.push(await checkFile(file));
  show(checked);
}

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

async function bytesOf(read) {
  try {
    return new Uint8Array(await read());
  } catch {
    return null;
  }
}

/** One file: {name, list, results} or {name, broken}. */
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

function show(checked) {
  const lists = checked.filter((each) => each.list).map((each) => each.list);
  const chain = lists.length > 1 ? [{ check: "chain", findings: checkChain(lists) }] : [];
  const holds = [...checked, { results: chain }].every((each) => each.results?.every(({ findings }) => !findings.length));
  place.replaceChildren(...checked.map(fileCard), ...chain.map((each) => listOf([each])));
  verdict.className = `notice ${holds ? "notice--success" : "notice--error"}`;
  verdict.textContent = holds ? settings.sentences.holds : settings.sentences.fails;
}

function fileCard({ name, list, results, broken }) {
  const card = element("section", "card checked");
  if (broken) {
    card.append(element("h3", "", name), listOf([{ findings: [broken] }]));
    return card;
  }
  const facts = { file: name, number: list.number, problems: list.items.length, rule: ruleNumber(list) };
  const heading = say("title", { ...facts, neighbourhoods: list.neighbourhoods.length });
  card.append(element("h3", "", heading), listOf(results), element("p", "digest", say("seal", list)));
  return card;
}

function listOf(results) {
  const lines = element("ul", "findings");
  for (const { check, findings } of results) {
    if (!findings.length) lines.append(line(true, settings.sentences[check]));
    for (const finding of findings.slice(0, SHOWN)) lines.append(line(false, say(finding.code, finding)));
    if (findings.length > SHOWN) lines.append(line(false, say("more", { number: findings.length - SHOWN })));
  }
  return lines;
}

function line(holds, text) {
  const item = element("li", holds ? "finding finding--holds" : "finding finding--fails");
  item.append(element("span", "visually-hidden", `${settings.sentences[holds ? "fine" : "wrong"]}: `), text);
  return item;
}

function say(code, facts) {
  const sentence = settings.sentences[code] ?? code;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => readable(facts[name]));
}

/** Text of a file that is short and without control characters. */
function readable(value) {
  const letters = [...String(value).slice(0, 2 * LETTERS)].slice(0, LETTERS).join("");
  return letters.replace(/(?! )[\p{C}\p{Z}]/gu, "·");
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
