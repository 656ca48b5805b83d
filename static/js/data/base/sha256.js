/**
 * SHA-256 without crypto.subtle, which is absent where a page is not served over TLS or is opened from
 * a file (there a list must be checkable too), and which cannot take bytes in parts.
 */

import { sha256 as digest } from "../../../@noble/hashes/sha2.js";
import { bytesToHex } from "../../../@noble/hashes/utils.js";

/** The digest as 64 lower-case hexadecimal digits. @param {Uint8Array} bytes */
export function sha256(bytes) {
  return bytesToHex(digest(bytes));
}

/** The digest of bytes that come in parts: what is longer than the memory of a tablet. */
export class Sha256 {
  constructor() {
    this.hash = digest.create();
  }

  /** Take the next part. @param {Uint8Array} bytes */
  update(bytes) {
    this.hash.update(bytes);
    return this;
  }

  /** 64 lower-case hexadecimal digits; nothing can be taken after. */
  hex() {
    return bytesToHex(this.hash.digest());
  }
}
