/**
 * SHA-256 in plain JavaScript: crypto.subtle is absent where a page is not served over TLS or is
 * opened from a file, and there a list must be checkable too.
 */

const PRIMES = firstPrimes(64);
const K = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** The digest as 64 lower-case hexadecimal digits. @param {Uint8Array} bytes */
export function sha256(bytes) {
  return new Sha256().update(bytes).hex();
}

/** The digest of bytes that come in parts: what is longer than the memory of a tablet. */
export class Sha256 {
  constructor() {
    this.state = Uint32Array.from(START);
    this.words = new Uint32Array(64);
    /** @type {Uint8Array} */
    this.rest = new Uint8Array(0);
    this.length = 0;
  }

  /** Take the next part. @param {Uint8Array} bytes */
  update(bytes) {
    const all = this.rest.length ? joined(this.rest, bytes) : bytes;
    const whole = all.length - (all.length % 64);
    this.take(all.subarray(0, whole));
    this.rest = all.slice(whole);
    this.length += bytes.length;
    return this;
  }

  /** 64 lower-case hexadecimal digits; nothing can be taken after. */
  hex() {
    this.take(ending(this.rest, this.length));
    return Array.from(this.state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  /** @param {Uint8Array} blocks of 64 bytes each */
  take(blocks) {
    const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
    for (let at = 0; at < blocks.byteLength; at += 64) {
      fill(this.words, view, at);
      compress(this.state, this.words);
    }
  }
}

/** @param {Uint8Array} first @param {Uint8Array} second */
function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The last bytes with the padding that names the length of all. @param {Uint8Array} rest @param {number} length */
function ending(rest, length) {
  const size = Math.ceil((rest.length + 9) / 64) * 64;
  const all = new Uint8Array(size);
  all.set(rest);
  all[rest.length] = 0x80;
  const view = new DataView(all.buffer);
  view.setUint32(size - 8, Math.floor(length / 2 ** 29));
  view.setUint32(size - 4, (length << 3) >>> 0);
  return all;
}

/** @param {Uint32Array} words @param {DataView} view @param {number} at */
function fill(words, view, at) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const a = words[i - 15];
    const b = words[i - 2];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
}

/** @param {Uint32Array} state @param {Uint32Array} words */
function compress(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] += word;
  });
}

/** @param {number} word @param {number} bits */
function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/** @param {number} root */
function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
}

/** @param {number} count */
function firstPrimes(count) {
  /** @type {number[]} */
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}
