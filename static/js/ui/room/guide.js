/** The guide of the demonstration: says the next step, and notices when it is done. */

const DONE = {
  open: ({ state }) => state !== "planned",
  attendance: ({ attendance }) => attendance.voters > 0,
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
 * @param {object} state of the room
 */
export function showGuide(guide, state) {
  const steps = [...guide.querySelectorAll("[data-step]")];
  const next = steps.find(({ dataset }) => !DONE[dataset.step]?.(state)) ?? steps.at(-1);
  for (const step of steps) step.hidden = step !== next;
  guide.querySelector("progress").value = steps.indexOf(next);
}
