/** How many said of their own will that they are of each group: one small form of the attendance. */

import { RequestFailed } from "../../data/base/request.js";
import { needed, part, parts } from "../base/parts.js";
import { asError, showRefusal, whole } from "./desk.js";

/** @import { RoomFace, RoomState } from "#types/room" */

const FORM = 'form[data-form="groups"]';

/** @param {HTMLElement} root @param {RoomFace} room */
export function connectGroups(root, room) {
  const form = part(root, FORM, HTMLFormElement);
  if (!form) return;
  const refusal = needed(form, "[data-row-refusal]", HTMLElement);
  const noted = needed(form, "[data-noted]", HTMLElement);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const groups = figures(fieldsOf(form), ({ value }) => value);
    const before = figures(fieldsOf(form), ({ dataset }) => dataset.shown ?? "");
    const refused = await room.act("groups", { groups, before }).then(() => null, asError);
    noted.hidden = Boolean(refused);
    showRefusal(refusal, refused?.message ?? "");
    if (refused instanceof RequestFailed && refused.status === 409) showTheirs(root, room.state);
  });
  form.addEventListener("input", () => {
    noted.hidden = true;
  });
}

/** Somebody else noted other figures: those are looked at first. @param {HTMLElement} root @param {RoomState} state */
function showTheirs(root, state) {
  for (const field of fieldsOf(needed(root, FORM, HTMLFormElement))) {
    field.value = "";
    field.dataset.shown = "";
  }
  showGroups(root, state);
}

/** Fill in what was noted, but for what somebody types. @param {HTMLElement} root @param {RoomState} state */
export function showGroups(root, { groups = {} }) {
  const form = part(root, FORM, HTMLFormElement);
  if (!form) return;
  for (const field of fieldsOf(form)) {
    const told = String(groups[field.name] ?? "");
    const untouched = field !== document.activeElement && field.value === (field.dataset.shown ?? "");
    // What is on the screen is what was seen: a figure typed over it stays until it is noted or refused.
    if (untouched || field.value === told) {
      field.value = told;
      field.dataset.shown = told;
    }
  }
}

/** @param {HTMLFormElement} form */
function fieldsOf(form) {
  return parts(form, "input", HTMLInputElement);
}

/** @param {HTMLInputElement[]} fields @param {(field: HTMLInputElement) => string} written */
function figures(fields, written) {
  const typed = fields.filter((field) => written(field).trim());
  return Object.fromEntries(typed.map((field) => [field.name, whole(written(field))]));
}
