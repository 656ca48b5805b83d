/** What an answer of the server means. Delivered is only: the right status, JSON, and an equal hash. */

/** @import { Answer, Row } from "#types/walk" */

export const KIND = { DONE: "done", SIGN_IN: "sign-in", LATER: "later", TOO_LARGE: "too-large", REFUSED: "refused" };
/**
 * @typedef {object} Told what the server may say; each answer has its part of it
 * @property {string} [detail] why not
 * @property {Answer[]} [results] of a batch of records
 * @property {boolean} [complete] of a photo
 * @property {string} [sha256] of a photo that is complete
 * @property {number[]} [parts] of a photo, those that are there
 * @property {string[]} [records] ids that the server lacks
 * @property {string[]} [photos] ids that the server lacks
 * @property {number} [received] how many records it has
 *
 * @typedef {{kind: string, status: number, json: Told | null, wait: number, lost?: boolean}} Reply `json`: null when it was none
 * @typedef {{state: "delivered" | "held" | "attention", answer: Answer}} Settled
 */

/** @type {Record<string, "delivered" | "held">} */
const SETTLED = { stored: "delivered", already: "delivered", held: "held", conflict: "held" };

/**
 * Read a response to the end and say what it means.
 * @param {Response} response
 * @returns {Promise<Reply>} `wait` in milliseconds, as the server asked
 */
export async function read(response) {
  const { status, type } = response;
  const json = await parsed(response);
  const wait = retryAfter(response);
  if (type === "opaqueredirect" || response.redirected || status === 401 || status === 403)
    return { kind: KIND.SIGN_IN, status, json, wait };
  if (status === 413) return { kind: KIND.TOO_LARGE, status, json, wait };
  if ((status === 200 || status === 201 || status === 202) && json) return { kind: KIND.DONE, status, json, wait };
  if (status === 400 && json?.detail) return { kind: KIND.REFUSED, status, json, wait };
  return { kind: KIND.LATER, status, json, wait };
}

/**
 * The state each record of a batch has now: delivered, held, attention, or null for «still to be sent».
 * An answer that does not name every record with its own hash proves nothing.
 * @param {Pick<Row, "id" | "sha256">[]} batch
 * @param {{results?: Answer[]} | null} json
 * @returns {(Settled | null)[]}
 */
export function settle(batch, json) {
  const results = Array.isArray(json?.results) ? json.results : [];
  return batch.map((row, index) => {
    const result = results[index];
    if (!result || result.id !== row.id) return null;
    if (result.result === "error") return { state: "attention", answer: result };
    const state = Object.hasOwn(SETTLED, result.result) ? SETTLED[result.result] : null;
    return state && result.sha256 === row.sha256 ? { state, answer: result } : null;
  });
}

/** @param {Response} response */
async function parsed(response) {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) return null;
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {Response} response */
function retryAfter(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 900) * 1000 : 0;
}
