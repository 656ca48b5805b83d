/** Search among the streets, crossings and places kept on the tablet. */

import { $, field, make, say } from "./words.js";

const SHOWN = 8;

/** @import { Geometry, GeometryCollection } from "geojson" */
/** @import { Orientation, Position } from "#types/walk" */

/** @typedef {{name: string, plain: string, geometry: Geometry}} Named `plain`: the name as it is searched for */

export class Search {
  /** @param {(position: Position) => void} onGo a place was chosen */
  constructor(onGo) {
    this.onGo = onGo;
    /** @type {Named[]} */
    this.places = [];
    $("search-text").addEventListener("input", () => this.suggest());
    $("search").addEventListener("submit", (event) => this.go(event));
    $("search-text").addEventListener("change", (event) => this.go(event));
  }

  /** Read the names out of the orientation layer. @param {Orientation | undefined} orientation */
  fill(orientation) {
    const features = orientation?.features ?? [];
    this.places = features.flatMap(({ properties: { name }, geometry }) => (name ? [{ name, plain: plain(name), geometry }] : []));
  }

  /** @param {string} text */
  found(text) {
    const words = plain(text).split(" ").filter(Boolean);
    return words.length ? this.places.filter((place) => words.every((word) => place.plain.includes(word))) : [];
  }

  suggest() {
    const names = [...new Set(this.found(field("search-text").value).map(({ name }) => name))].slice(0, SHOWN);
    $("search-list").replaceChildren(...names.map((value) => make("option", { value })));
  }

  /** @param {Event} event */
  go(event) {
    event.preventDefault();
    const text = field("search-text").value;
    if (!text.trim()) return;
    const exact = this.places.find(({ name }) => name === text);
    const place = exact ?? (event.type === "submit" ? this.found(text)[0] : null);
    if (place) {
      this.onGo(middleOf(place.geometry));
    } else if (event.type === "submit") $("accuracy").textContent = say("search_none");
  }
}

/** @param {Geometry} geometry @returns {Position} */
function middleOf(geometry) {
  const points = geometry.type === "GeometryCollection" ? [] : positions(geometry.coordinates);
  if (geometry.type.includes("Line")) return at(points[Math.floor(points.length / 2)]);
  const [sumX, sumY] = points.reduce(([x, y], [lng, lat]) => [x + lng, y + lat], [0, 0]);
  return { lng: sumX / points.length, lat: sumY / points.length };
}

/** @typedef {Exclude<Geometry, GeometryCollection>["coordinates"]} Nested one position, or lists of them */

/** @param {Nested} coordinates @returns {number[][]} */
function positions(coordinates) {
  return isPosition(coordinates) ? [coordinates] : coordinates.flatMap((inner) => positions(inner));
}

/** @param {Nested} coordinates @returns {coordinates is number[]} */
function isPosition(coordinates) {
  return typeof coordinates[0] === "number";
}

/** @param {number[]} position */
function at([lng, lat]) {
  return { lng, lat };
}

/** @param {string} text */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
}
