/** The one way pages ask the server for JSON. */

/** An answer that is not what was asked for; `message` is a sentence for the person, `status` 0 without network. */
export class RequestFailed extends Error {
  /** @param {string} message @param {number} status @param {string} [code] names the refusal for programs */
  constructor(message, status, code = "") {
    super(message);
    this.name = "RequestFailed";
    this.status = status;
    this.code = code;
  }
}

/**
 * GET a JSON document.
 * @param {string} url of our own origin
 * @param {{signal?: AbortSignal}} [options] an aborted request rejects with AbortError
 * @throws {RequestFailed}
 */
export async function getJson(url, { signal } = {}) {
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestFailed("", 0);
  }
  if (response.ok) return response.json();
  const body = await response.json().catch(() => ({}));
  throw new RequestFailed(typeof body.detail === "string" ? body.detail : "", response.status);
}
