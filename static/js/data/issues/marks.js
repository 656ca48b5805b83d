/** The six marks of the legend: which statuses they stand for. Same order as maps/features.py. */
export const MARKS = ["new", "validated", "handed", "working", "done", "closed"];

const MARK_OF = {
  registered: "new",
  validated: "validated",
  handed_over: "handed",
  acknowledged: "handed",
  scheduled: "handed",
  in_progress: "working",
  on_hold: "working",
  reported_done: "done",
  verified: "done",
  done_unverified: "done",
  closed: "closed",
};

/** Status → name of its mark; what is unknown looks new. */
export function markOf(status) {
  return MARK_OF[status] ?? "new";
}

/** Index (0–100 or null) → radius in pixels. */
export function radiusOf(index) {
  return 7 + (5 * (index ?? 0)) / 100;
}

/** Number of problems → radius of a cluster in pixels. */
export function clusterRadiusOf(count) {
  return Math.min(32, 13 + 5.5 * Math.log10(count));
}
