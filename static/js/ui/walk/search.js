/** Search among the streets, crossings and places kept on the tablet. */

import { $, make, say } from "./words.js";

const SHOWN = 8;

/** @import { Orientation, Position } from "#types/walk" */

export class Search {
  /** @param {(position: Position) => void} onGo a place was chosen */
  constructor(onGo) {
    this.onGo = onGo;
    this.places = [];
    $("search-text").addEventListener("input", () => this.suggest());
    $("search").addEventListener("submit", (event) => this.go(event));
    $("search-text").addEventListener("change", (event) => this.go(event));
  }

  /** Read the names out of the orientation layer. @param {Orientation | undefined} orientation */
  fill(orientation) {
    const features = orientation?.features ?? [];
    this.places = features
      .filter(({ properties }) => properties.name)
      .map(({ properties, geometry }) => ({ name: properties.name, plain: plain(properties.name), geometry }));
  }

  found(text) {
    const words = plain(text).split(" ").filter(Boolean);
    return words.length ? this.places.filter((place) => words.every((word) => place.plain.includes(word))) : [];
  }

  suggest() {
    const names = [...new Set(this.found($("search-text").value).map(({ name }) => name))].slice(0, SHOWN);
    $("search-list").replaceChildren(...names.map((value) => make("option", { value })));
  }

  go(event) {
    event.preventDefault();
    const text = $("search-text").value;
    if (!text.trim()) return;
    const exact = this.places.find(({ name }) => name === text);
    const place = exact ?? (event.type === "submit" ? this.found(text)[0] : null);
    if (place) {
      this.onGo(middleOf(place.geometry));
    } else if (event.type === "submit") $("accuracy").textContent = say("search_none");
  }
}

function middleOf({ type, coordinates }) {
  const points = positions(coordinates);
  if (type.includes("Line")) return at(points[Math.floor(points.length / 2)]);
  const [sumX, sumY] = points.reduce(([x, y], [lng, lat]) => [x + lng, y + lat], [0, 0]);
  return { lng: sumX / points.length, lat: sumY / points.length };
}

function positions(coordinates) {
  return typeof coordinates[0] === "number" ? [coordinates] : coordinates.flatMap(positions);
}

function at([lng, lat]) {
  return { lng, lat };
}

function plain(text) {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}
