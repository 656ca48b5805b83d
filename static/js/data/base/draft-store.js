/** What was typed and not sent yet: encrypted under the person in this device, or in the tab of a stranger. */

const PREFIX = "draft:";
const HOUR_MS = 3_600_000;
const IV_BYTES = 12;

/**
 * One field of a form: what it said before (`base`), what it says now.
 * @typedef {{name: string, base: string, value: string}} DraftField
 *
 * `key` is the key of the form it was typed into, `slot` names the form on whatever page, `tab` the tab;
 * `act` holds the hidden fields that say what the person saw.
 * @typedef {object} FormDraft
 * @property {string} key
 * @property {string} slot
 * @property {string} tab
 * @property {number} at
 * @property {Record<string, string[]>} act
 * @property {DraftField[]} fields
 * @property {string[]} files names only
 *
 * @typedef {{person: string, key: string, hours: number}} DraftPlace
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Shelf
 */

export class DraftStore {
  /**
   * @param {DraftPlace} place
   * @param {Shelf} shelf
   */
  constructor(place, shelf) {
    this.place = place;
    this.shelf = shelf;
    /** @type {Promise<CryptoKey> | null} */
    this.cryptoKey = null;
  }

  /** Keep a draft in place of the last one under its key; a full device keeps what it has. @param {FormDraft} draft */
  async put(draft) {
    const until = draft.at + this.place.hours * HOUR_MS;
    const kept = this.place.key ? { until, sealed: await this.seal(draft) } : { until, draft };
    try {
      this.shelf.setItem(this.nameOf(draft.key), JSON.stringify(kept));
    } catch {
      // The form itself still holds what was typed.
    }
  }

  /** What this person left in a form, newest first. @param {string} slot @returns {Promise<FormDraft[]>} */
  async of(slot) {
    const opened = await Promise.all(this.names().map((name) => this.open(name)));
    const found = opened.filter((draft) => draft !== null);
    return found.filter((draft) => draft.slot === slot).sort((a, b) => b.at - a.at);
  }

  /** @param {string} key */
  drop(key) {
    this.shelf.removeItem(this.nameOf(key));
  }

  /** Everything of this person. */
  dropAll() {
    for (const name of this.names()) this.shelf.removeItem(name);
  }

  /** @param {string} key */
  nameOf(key) {
    return `${PREFIX}${this.place.person}:${key}`;
  }

  names() {
    return namesOn(this.shelf, this.nameOf(""));
  }

  /** One that cannot be read (another key of the house) is none. @param {string} name @returns {Promise<FormDraft | null>} */
  async open(name) {
    const { sealed, draft } = read(this.shelf, name);
    if (!this.place.key) return draft ?? null;
    try {
      const bytes = Uint8Array.from(atob(sealed ?? ""), (letter) => letter.charCodeAt(0));
      const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, IV_BYTES) };
      const text = await crypto.subtle.decrypt(algorithm, await this.secret(), bytes.subarray(IV_BYTES));
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      return null;
    }
  }

  /** @param {FormDraft} draft */
  async seal(draft) {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const text = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.secret(), text));
    return btoa(Array.from([...iv, ...sealed], (byte) => String.fromCharCode(byte)).join(""));
  }

  secret() {
    const bytes = Uint8Array.from(atob(this.place.key), (letter) => letter.charCodeAt(0));
    this.cryptoKey ??= crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    return this.cryptoKey;
  }
}

/** What is past its term goes, whoever it belongs to. @param {Shelf} shelf @param {number} now */
export function sweep(shelf, now = Date.now()) {
  for (const name of namesOn(shelf, PREFIX)) if (!((read(shelf, name).until ?? 0) > now)) shelf.removeItem(name);
}

/** @param {Shelf} shelf @param {string} beginning */
function namesOn(shelf, beginning) {
  const all = Array.from({ length: shelf.length }, (_, index) => shelf.key(index) ?? "");
  return all.filter((name) => name.startsWith(beginning));
}

/** @param {Shelf} shelf @param {string} name @returns {{ until?: number, sealed?: string, draft?: FormDraft }} */
function read(shelf, name) {
  try {
    return JSON.parse(shelf.getItem(name) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/**
 * What of a draft goes back into the form, and what somebody else changed meanwhile.
 * @param {DraftField[]} fields of the draft
 * @param {(name: string) => {base: string, value: string} | null} now how the form is served and reads now
 */
export function compare(fields, now) {
  /** @type {DraftField[]} */
  const restored = [];
  /** @type {DraftField[]} */
  const changed = [];
  /** Already so: the server gave the form back with it, or the browser did. @type {DraftField[]} */
  const same = [];
  for (const field of fields) {
    const here = now(field.name);
    if (!here) continue;
    if (here.value === field.value) same.push(field);
    else if (here.value !== here.base) continue;
    else if (here.base === field.base) restored.push(field);
    else changed.push(field);
  }
  return { restored, changed, same };
}
