/**
 * SHA-256 at once or in parts: crypto.subtle takes only what is there whole, and is absent where a page is not
 * served over TLS; there a list must be checkable too.
 */

import { sha256 as hashOf } from "../../../@noble/hashes/sha2.js";
import { bytesToHex } from "../../../@noble/hashes/utils.js";

/** The digest as 64 lower-case hexadecimal digits. @param {Uint8Array} bytes */
export function sha256(bytes) {
  return bytesToHex(hashOf(bytes));
}

/** The digest of bytes that come in parts: what is longer than the memory of a tablet. */
export class Sha256 {
  constructor() {
    this.parts = hashOf.create();
  }

  /** Take the next part. @param {Uint8Array} bytes */
  update(bytes) {
    this.parts.update(bytes);
    return this;
  }

  /** 64 lower-case hexadecimal digits; nothing can be taken after. */
  hex() {
    return bytesToHex(this.parts.digest());
  }
}
