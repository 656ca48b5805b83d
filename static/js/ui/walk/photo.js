/** Makes a photo small enough for the street: 1600 px, JPEG at 0.75; drawing it drops all metadata. */

import { asPhoto } from "../../data/walk/outbox.js";

const SIDE = 1600;
const QUALITY = 0.75;
export const MAX_BYTES = 20 * 1024 * 1024;

/** The file is empty or larger than the server takes. */
export class PhotoUnusable extends Error {}

/**
 * A chosen file as a photo of the outbox. What the browser cannot decode is kept byte for byte and flagged.
 * @param {File} file
 * @throws {PhotoUnusable} `message` is "empty" or "large"
 */
export async function photoFrom(file) {
  if (!file.size) throw new PhotoUnusable("empty");
  const small = await downscaled(file).catch(() => null);
  if (small) return asPhoto(await small.arrayBuffer());
  if (file.size > MAX_BYTES) throw new PhotoUnusable("large");
  return asPhoto(await file.arrayBuffer(), { type: file.type, flagged: true });
}

/** The picture at most 1600 px wide and high; null where the browser cannot write it. @param {File} file @returns {Promise<Blob | null>} */
async function downscaled(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    if (!pen) throw new TypeError("no canvas to draw on");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  } finally {
    picture.close();
  }
}
