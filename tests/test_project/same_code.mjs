/** Reads [[name, before, after], …] and writes the names of those that are not the same code. */

import { readFileSync } from "node:fs";
import ts from "typescript";

const OPTIONS = { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, allowJs: true };

/** @param {string} text */
function code(text) {
  return ts.transpileModule(text, { compilerOptions: OPTIONS, fileName: "a.js" }).outputText;
}

/** @type {[string, string, string][]} */
const files = JSON.parse(readFileSync(0, "utf8"));
const others = files.filter(([, before, after]) => code(before) !== code(after)).map(([name]) => name);
console.log(JSON.stringify(others));
