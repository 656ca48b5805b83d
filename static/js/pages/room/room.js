/** The conductor's tablet. */

import { DemoRoom } from "../../data/room/demo.js";
import { Room } from "../../data/room/room.js";
import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed, parts } from "../../ui/base/parts.js";
import { asker } from "../../ui/base/question.js";
import { readSettings } from "../../ui/base/settings.js";
import { connectAloud } from "../../ui/room/aloud.js";
import { connectDesk, showDesk, showRefusal } from "../../ui/room/desk.js";
import { whenLifted } from "../../ui/room/finger.js";
import { connectForms, showForms } from "../../ui/room/forms.js";
import { connectGroups, showGroups } from "../../ui/room/groups.js";
import { showGuide } from "../../ui/room/guide.js";
import { showMode } from "../../ui/room/rows.js";
import { connectSides, showSides } from "../../ui/room/sides.js";
import { marksOf, panelOf, showLink, showRoom, turnTo } from "../../ui/room/view.js";

/** @import { RoomFace, RoomState } from "#types/room" */

const settings = readSettings("room-settings");
const first = readSettings("room-state");
/** @type {RoomFace} */
const room = settings.demo ? new DemoRoom(settings, first) : new Room(settings, first, window.localStorage);
const guide = document.getElementById("guide");
const refusal = needed(document, "#refusal", HTMLElement);
const link = needed(document, "#connection", HTMLElement);
const work = needed(document, ".room-desk__work", HTMLElement);
const element = needed(document, "#room-map", HTMLElement);
const map = createRoomMap(element, readSettings("map-settings"), settings.bounds, settings.territory);
const steps = parts(document, ".room-steps [data-panel]", HTMLElement);
let panel = room.state.shown;
let moment = room.state.state;

const ask = asker(needed(document, "#question", HTMLDialogElement));
connectDesk(document.body, room, ask);
connectSides(document.body, room, ask);
connectAloud(document.body);
connectGroups(document.body, room);
const forms = connectForms(document.body, room, map);
map.listen((place) => {
  if (panel === "mapping" && room.state.state === "open") forms.pick(place);
});
for (const step of steps) step.addEventListener("click", () => turn(step.dataset.panel ?? ""));
room.listenLink((how) => {
  showLink(link, how);
  needed(document, "#sign-in", HTMLElement).hidden = how !== "out";
});
room.listen(whenLifted(document, show));
room.start(({ message }) => {
  if (message) showRefusal(refusal, message);
});

/** @param {string} name */
function turn(name) {
  panel = name;
  showRefusal(refusal, "");
  show(room.state);
  work.scrollTop = 0;
  room.act("show", { panel: name }).catch(() => {});
}

/** @param {RoomState} state */
function show(state) {
  const wentOn = followMoment(state);
  showSides(document.body, state, Boolean(room.code));
  showRoom(document.body, state);
  showDesk(document.body, state);
  showForms(document.body, state);
  showGroups(document.body, state);
  showMode(document.body, state.mode);
  turnTo(document.body, panel);
  if (wentOn) needed(panelOf(document.body, panel), "h2", HTMLElement).focus();
  for (const step of steps) {
    if (step.dataset.panel === panel) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  map.show(marksOf(state, panel));
  if (guide) showGuide(guide, state);
}

/** When the room goes on, the tablet turns to what comes next; true when it did. @param {RoomState} state */
function followMoment(state) {
  if (state.state === moment) return false;
  moment = state.state;
  panel = state.shown;
  return true;
}
