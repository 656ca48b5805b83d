/** Distances and areas on the small piece of the earth a walk covers. Positions are {lat, lng} in degrees. */

import pointInPolygon from "./inside.js";

/** @import { Place, Position, Territory } from "#types/walk" */

const METRES_PER_DEGREE = 111_195;

/** Metres between two positions; flat within a commune, off by less than 0.1 %. @param {Position} a @param {Position} b */
export function metresBetween(a, b) {
  const shrink = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot((a.lat - b.lat) * METRES_PER_DEGREE, (a.lng - b.lng) * METRES_PER_DEGREE * shrink);
}

/**
 * The neighbourhood that covers a position, lowest code first as on the server; null outside all.
 * @template {Territory} T
 * @param {Position} position
 * @param {T[]} territories
 */
export function territoryAt(position, territories) {
  const covering = territories.filter(({ boundary }) => covers(boundary, position));
  return covering.sort((a, b) => a.code - b.code)[0] ?? null;
}

/**
 * Every neighbourhood a circle of so many metres may reach: its middle and eight points of its edge.
 * @template {Territory} T
 * @param {Position} position
 * @param {number} metres
 * @param {T[]} territories
 */
export function territoriesWithin(position, metres, territories) {
  const angles = [...Array(8).keys()].map((step) => (step * Math.PI) / 4);
  const shrink = Math.cos((position.lat * Math.PI) / 180);
  const edge = angles.map((angle) => ({
    lat: position.lat + (Math.sin(angle) * metres) / METRES_PER_DEGREE,
    lng: position.lng + (Math.cos(angle) * metres) / (METRES_PER_DEGREE * shrink),
  }));
  const found = [position, ...edge].map((point) => territoryAt(point, territories));
  return [...new Map(found.filter((one) => one !== null).map((one) => [one.code, one])).values()];
}

/** west, south, east, north of a MultiPolygon in degrees. @param {GeoJSON.MultiPolygon} shape @returns {[number, number, number, number]} */
export function extentOf({ coordinates }) {
  const points = coordinates.flat(2);
  const lngs = points.map(([lng]) => lng);
  const lats = points.map(([, lat]) => lat);
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
}

/**
 * Level V of the index by what lies within 150 m: two of school, nursery, clinic, seniors: 3; one: 2; a square or stop: 1.
 * @param {Position} position
 * @param {Place[]} places
 */
export function proposedVulnerability(position, places) {
  const near = places.filter(([, , lng, lat]) => metresBetween(position, { lat, lng }) <= 150);
  const care = near.filter(([kind]) => CARE_KINDS.has(kind));
  const level = Math.min(care.length + 1, 3);
  const names = (care.length ? care : near).map(([, name]) => name);
  return { level: care.length ? level : Math.min(near.length, 1), names };
}

const CARE_KINDS = new Set(["school", "nursery", "clinic", "seniors"]);

/** @param {GeoJSON.MultiPolygon} shape @param {Position} position */
function covers({ coordinates }, { lat, lng }) {
  return coordinates.some((polygon) => pointInPolygon([lng, lat], polygon) !== false);
}
