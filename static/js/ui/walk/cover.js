/** Covers faces and plates on a photo before it is kept for sending: by finger, without network. */

import { asPhoto } from "../../data/walk/outbox.js";
import { Covering } from "../base/covering.js";
import { button, make, say } from "./words.js";

/** @import { Photo } from "#types/walk" */
/** @import { Rectangle } from "../base/covering.js" */

const QUALITY = 0.75;
const OVER = "#1d2a2f";

/**
 * Ask what to cover, and make the photo anew without it.
 * @param {Photo} photo
 * @returns {Promise<Photo | null>} the new photo, or null when nothing was covered
 */
export async function coverPhoto(photo) {
  const picture = await createImageBitmap(new Blob([photo.bytes], { type: photo.type }));
  try {
    const rectangles = await asked(photo, picture);
    return rectangles.length ? await without(picture, rectangles) : null;
  } finally {
    picture.close();
  }
}

/**
 * Resolves to the rectangles when the person is done; to none when they leave.
 * @param {Photo} photo
 * @param {ImageBitmap} picture
 * @returns {Promise<Rectangle[]>}
 */
function asked(photo, { width, height }) {
  const address = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  /** @type {Rectangle[]} */
  const rectangles = [];
  const marks = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
  marks.setAttribute("class", "photo-review__marks");
  const picture = make("img", { src: address, alt: say("cover_picture"), width, height });
  const frame = make("div", { className: "photo-review__frame", tabindex: "0", children: [picture, marks] });
  const told = make("p", { role: "status" });
  const dialog = make("dialog", { className: "walk-cover", "aria-label": say("cover_title") });
  const tool = new Covering(frame, { width, height }, rectangles, () => {
    told.textContent = rectangles.length ? say("cover_count", { n: rectangles.length }) : say("cover_help");
  });
  return new Promise((resolve) => {
    dialog.append(
      told,
      frame,
      make("div", {
        className: "walk-cover__actions",
        children: [
          button(say("cover_undo"), () => tool.undo()),
          button(say("cover_cancel"), () => dialog.close()),
          button(say("cover_done"), () => dialog.close("done"), "button button--primary"),
        ],
      }),
    );
    dialog.addEventListener("close", () => {
      URL.revokeObjectURL(address);
      dialog.remove();
      resolve(dialog.returnValue === "done" ? rectangles : []);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** @param {ImageBitmap} picture @param {Rectangle[]} rectangles */
async function without(picture, rectangles) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) throw new TypeError("no canvas to draw on");
  canvas.width = picture.width;
  canvas.height = picture.height;
  pen.drawImage(picture, 0, 0);
  pen.fillStyle = OVER;
  for (const rectangle of rectangles) pen.fillRect(...rectangle);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new TypeError("the picture cannot be written");
  return asPhoto(await blob.arrayBuffer());
}
