/** The guide of the demonstration: says the next step, and notices when it is done. */

import { needed, parts } from "../base/parts.js";

/** @import { RoomState } from "#types/room" */

/** @type {Record<string, (state: RoomState) => boolean>} */
const DONE = {
  open: ({ state }) => state !== "planned",
  judge: ({ commitments, state }) => state === "closed" || !commitments.some(({ reported }) => reported),
  attendance: ({ attendance }) => attendance.voters > 0,
  map: ({ mapped = [] }) => mapped.length > 0,
  same: ({ candidates, ballot }) => ballot.length >= 3 || !candidates.some(({ like }) => like.length),
  ballot: ({ ballot }) => ballot.length >= 3,
  start: ({ state }) => ["voting", "closed"].includes(state),
  counts: ({ ballot, state }) => state === "closed" || ballot.every(({ tokens }) => tokens !== null),
  twice: ({ state, compared }) => state === "closed" || compared?.differences.length === 0,
  witnesses: ({ witnesses }) => witnesses.length >= 2,
  close: ({ state }) => state === "closed",
  agreement: ({ minutes }) => minutes.length > 0,
};

/**
 * Show the first step that is not done yet.
 * @param {HTMLElement} guide holds one [data-step] for each step and [data-step="end"]
 * @param {RoomState} state
 */
export function showGuide(guide, state) {
  const steps = parts(guide, "[data-step]", HTMLElement);
  const index = steps.findIndex(({ dataset }) => !DONE[dataset.step ?? ""]?.(state));
  const next = steps.at(index);
  for (const step of steps) step.hidden = step !== next;
  needed(guide, "progress", HTMLProgressElement).value = index < 0 ? steps.length - 1 : index;
}
