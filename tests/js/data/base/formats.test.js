import assert from "node:assert/strict";
import test from "node:test";
import { formatsFor } from "../../../../static/js/data/base/formats.js";

const chilean = formatsFor("es-CL");
const english = formatsFor("en");
const at = new Date(2026, 11, 5, 9, 5);
const midnight = new Date(2026, 11, 5, 0, 5);
const day = new Date("2026-12-05T00:00:00Z");

for (const [told, wanted] of /** @type {[string, string][]} */ ([
  [chilean.whole(0), "0"],
  [chilean.whole(12_345), "12.345"],
  [english.whole(12_345), "12,345"],
  [chilean.decimal(87), "87,0"],
  [chilean.decimal(66.7), "66,7"],
  [english.decimal(87), "87.0"],
  [chilean.short(4), "4"],
  [chilean.short(3.46), "3,5"],
  [english.short(3.46), "3.5"],
  [chilean.day(day), "05-12-2026"],
  [english.day(day), "12/05/2026"],
  [chilean.hour(at), "09:05"],
  [chilean.hour(midnight), "00:05"],
  [english.hour(at), "09:05"],
])) {
  test(`a language writes ${wanted}`, () => assert.equal(told, wanted));
}

for (const language of ["", "not a language", "-"]) {
  test(`«${language}» is no language: the browser's own is taken`, () => assert.match(formatsFor(language).whole(7), /^\S+$/));
}
