/** What tablet and projector show alike: the panel that is turned up, the lists, the marks. */

import { needed, parts } from "../base/parts.js";
import { number, showKnown, showList, showMoment, showSentence } from "./rows.js";

/** @import { BallotItem, RoomLink, RoomState } from "#types/room" */
/** @import { MaybeMark } from "../../map/rooms/room-map.js" */

const BALLOT_MAX = 12;
/** @param {BallotItem} item */
const byIssue = ({ issue }) => issue;

/** Show one panel of the page and hide the others. @param {HTMLElement} root @param {string} name */
export function turnTo(root, name) {
  for (const panel of parts(root, "section[data-panel]", HTMLElement)) panel.hidden = panel.dataset.panel !== name;
}

/** Fill everything that both screens have. @param {HTMLElement} root @param {RoomState} state */
export function showRoom(root, state) {
  showMoment(root, state.state);
  showKnown(root, { ...state, tie: hasTie(state) ? true : null });
  showSentence(root, "cast", state);
  showSentence(root, "minority", { left_out: number(state.left_out) });
  showSentence(root, "attendance", state.attendance);
  showSentence(root, "ballot", { size: state.ballot.length, most: BALLOT_MAX });
  showSentence(root, "rule", state);
  for (const part of parts(root, "[data-of]", HTMLElement)) part.textContent = String(state[part.dataset.of ?? ""] ?? "");
  showList(panelOf(root, "commitments"), "commitments", state.commitments, ({ id }) => id);
  showList(panelOf(root, "attendance"), "attendance", state.attendance.lines, ({ organisation }) => String(organisation));
  showMapped(panelOf(root, "mapping"), state.mapped ?? []);
  showList(panelOf(root, "agreements"), "minutes", state.minutes, ({ id }) => String(id));
  showList(panelOf(root, "ballot"), "ballot", state.ballot, byIssue);
  showList(panelOf(root, "result"), "result", state.state === "closed" ? withBars(state.ballot) : [], byIssue);
}

/** Whether tokens and people alone do not decide some place. @param {RoomState} state */
function hasTie({ state, ballot }) {
  const seen = new Set(ballot.map(({ tokens, people }) => `${tokens} ${people}`));
  return state === "closed" && seen.size < ballot.length;
}

/** @param {HTMLElement} panel @param {{id: string}[]} items */
function showMapped(panel, items) {
  needed(panel, "[data-if-any=mapped]", HTMLElement).hidden = items.length === 0;
  showList(panel, "mapped", items, ({ id }) => id);
}

/** Bars are drawn against the longest one. @param {BallotItem[]} items */
function withBars(items) {
  const most = Math.max(1, ...items.map(({ tokens }) => tokens ?? 0));
  return items.map((item) => ({ ...item, bar: (100 * (item.tokens ?? 0)) / most }));
}

/** The marks of the map in this moment. @param {RoomState} state @param {string} panel @returns {MaybeMark[]} */
export function marksOf(state, panel) {
  const items = state.ballot.map((item, index) => ({
    label: String(item.place ?? index + 1),
    title: item.title,
    lat: item.lat,
    lng: item.lng,
    kind: item.place ? "place" : "item",
  }));
  const waiting = ["mapping", "ballot"].includes(panel) ? (state.candidates ?? []) : [];
  return [...items, ...waiting.map(({ title, lat, lng }) => ({ label: "", title, lat, lng, kind: "dot" }))];
}

/** Tell the person how the connection is. @param {HTMLElement} element @param {RoomLink} link */
export function showLink(element, link) {
  element.textContent = element.dataset[link] ?? "";
  element.dataset.link = link;
}

/** The panel element of a name. @param {HTMLElement} root @param {string} name */
export function panelOf(root, name) {
  return needed(root, `section[data-panel="${name}"]`, HTMLElement);
}
