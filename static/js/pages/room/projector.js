/** The wall: shows what the conductor turns to, and never a count before it is final. */

import { DemoWall } from "../../data/room/demo.js";
import { Room } from "../../data/room/room.js";
import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { connectAloud } from "../../ui/room/aloud.js";
import { showList, showMode } from "../../ui/room/rows.js";
import { marksOf, panelOf, showLink, showRoom, turnTo } from "../../ui/room/view.js";

/** @import { WallFace } from "#types/room" */

const settings = readSettings("room-settings");
const first = readSettings("room-state");
/** @type {WallFace} */
const room = settings.demo ? new DemoWall(settings, first) : new Room(settings, first, window.sessionStorage);
const element = needed(document, "#room-map", HTMLElement);
const map = createRoomMap(element, readSettings("map-settings"), settings.bounds, settings.territory);
const wholeScreen = needed(document, "#whole-screen", HTMLElement);
const link = needed(document, "#connection", HTMLElement);

wholeScreen.hidden = !document.fullscreenEnabled;
wholeScreen.addEventListener("click", () => document.documentElement.requestFullscreen());
document.addEventListener("fullscreenchange", () => {
  wholeScreen.hidden = Boolean(document.fullscreenElement);
});
room.listenLink((how) => showLink(link, how));
room.listen((state) => {
  showRoom(document.body, state);
  showList(panelOf(document.body, "vote"), "vote", state.state === "voting" ? state.ballot : [], ({ issue }) => issue);
  showList(panelOf(document.body, "mapping"), "merges", state.merges, ({ id }) => String(id));
  showMode(document.body, state.mode);
  turnTo(document.body, state.shown);
  map.show(marksOf(state, state.shown));
});
connectAloud(document.body);
room.start();
