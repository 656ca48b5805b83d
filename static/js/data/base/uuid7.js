/** Ids made where a record is made: UUIDv7, in the order of making even when the clock jumps back. */

let last = 0n;

/** A new UUIDv7 as text. */
export function uuid7(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(10));
  const high = (BigInt(now) << 12n) | (BigInt(random[0] & 0x0f) << 8n) | BigInt(random[1]);
  last = high > last ? high : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, "0").slice(-12);
  const sequence = (last & 0xfffn).toString(16).padStart(3, "0");
  const variant = ((random[2] & 0x3f) | 0x80).toString(16);
  const rest = [...random.slice(3)].map(hex).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${rest.slice(0, 2)}-${rest.slice(2, 14)}`;
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
