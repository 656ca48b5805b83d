/** The outbox as a file, for the office to import. */

import { exportOutbox } from "../../data/walk/outbox.js";
import { notice } from "./status.js";
import { say } from "./words.js";

/** @import { WalkDB } from "#types/walk" */

const KEPT_FOR = 60_000;

/** @param {WalkDB} db */
export async function exportFile(db) {
  const text = await exportOutbox(db);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `caminata-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
  notice("exported", say("exported"));
}
