// Marks rectangles on a photo, in pixels of the picture, by finger, mouse or keyboard.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 20;
const frame = document.getElementById("photo-frame");
const marks = frame.querySelector("svg");
const size = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };
const rectangles = JSON.parse(document.getElementById("photo-blurs-now").textContent);
let open = null;

function clamp(value, least, most) {
  return Math.min(Math.max(Math.round(value), least), most);
}

function rectangle(from, to) {
  const [left, right] = [from.x, to.x].sort((a, b) => a - b);
  const [top, bottom] = [from.y, to.y].sort((a, b) => a - b);
  return [left, top, right - left, bottom - top];
}

function at(event) {
  const box = marks.getBoundingClientRect();
  return {
    x: clamp(((event.clientX - box.left) / box.width) * size.width, 0, size.width - 1),
    y: clamp(((event.clientY - box.top) / box.height) * size.height, 0, size.height - 1),
  };
}

function mark([x, y, width, height], className) {
  const shape = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) shape.setAttribute(name, value);
  shape.setAttribute("class", className);
  return shape;
}

function draw() {
  const shapes = rectangles.map((one) => mark(one, "photo-review__mark"));
  if (open) shapes.push(mark(open, "photo-review__mark photo-review__mark--open"));
  marks.replaceChildren(...shapes);
  document.getElementById("photo-blurs").value = JSON.stringify(rectangles);
  const count = rectangles.length;
  document.getElementById("photo-count").textContent =
    count === 0 ? "Sin zonas tapadas." : count === 1 ? "1 zona tapada." : `${count} zonas tapadas.`;
}

function keep() {
  if (open && open[2] > 3 && open[3] > 3) rectangles.push(open);
  open = null;
  draw();
}

let start = null;
frame.addEventListener("pointerdown", (event) => {
  start = at(event);
  frame.setPointerCapture(event.pointerId);
});
frame.addEventListener("pointermove", (event) => {
  if (!start) return;
  open = rectangle(start, at(event));
  draw();
});
frame.addEventListener("pointerup", () => {
  start = null;
  keep();
});
frame.addEventListener("pointercancel", () => {
  start = null;
  open = null;
  draw();
});

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
frame.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && open) {
    event.preventDefault();
    keep();
  } else if (event.key === "Escape") {
    open = null;
    draw();
  } else if (ARROWS[event.key]) {
    event.preventDefault();
    moveOpen(ARROWS[event.key], event.shiftKey);
  }
});

function moveOpen([dx, dy], grow) {
  const [x, y, width, height] = open ?? [size.width / 2 - 60, size.height / 2 - 40, 120, 80].map(Math.round);
  open = grow
    ? [x, y, clamp(width + dx * STEP, STEP, size.width - x), clamp(height + dy * STEP, STEP, size.height - y)]
    : [clamp(x + dx * STEP, 0, size.width - width), clamp(y + dy * STEP, 0, size.height - height), width, height];
  draw();
}

document.getElementById("photo-undo").addEventListener("click", () => {
  rectangles.pop();
  draw();
});
draw();
