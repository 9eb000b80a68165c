// Names of towns where there is room for them, and the scale bar.

import { svg } from "./elements.js";

const RANK = ["city", "large town", "county town", "town", "island town", "village"];
const SIZES = { large: 13, small: 11.5 };

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Write place names, the larger place first, each where it covers no other name and as few areas as can be. */
export function drawLabels(drawing) {
  const { unit } = drawing;
  const [left, top, width, height] = drawing.svg.getAttribute("viewBox").split(" ").map(Number);
  const sheet = { left, top, right: left + width, bottom: top + height };
  const taken = [];
  const marks = [];
  for (const place of ranked(drawing.plan.places)) {
    const size = (RANK.indexOf(place.kind) <= 1 ? SIZES.large : SIZES.small) * unit;
    const free = positions(place, size).filter((box) => inside(box, sheet) && !taken.some((other) => overlaps(box, other)));
    if (!free.length) continue;
    const spot = leastCovering(free, drawing.plan.centres);
    taken.push(spot, dotBox(place, unit));
    marks.push(...write(place, spot, size, unit));
  }
  drawing.labels.replaceChildren(...marks);
}

function ranked(places) {
  const rank = (place) => (RANK.indexOf(place.kind) + RANK.length + 1) % (RANK.length + 1);
  return [...places].sort((a, b) => rank(a) - rank(b));
}

const inside = (box, sheet) => box.left > sheet.left && box.right < sheet.right && box.top > sheet.top && box.bottom < sheet.bottom;

function leastCovering(boxes, centres) {
  const covered = boxes.map((box) => centres.filter(([x, y]) => x > box.left && x < box.right && y > box.top && y < box.bottom).length);
  return boxes[covered.indexOf(Math.min(...covered))];
}

function dotBox({ at: [x, y] }, unit) {
  return { left: x - 4 * unit, right: x + 4 * unit, top: y - 4 * unit, bottom: y + 4 * unit };
}

function positions({ name, at: [x, y] }, size) {
  const wide = name.length * size * 0.56;
  const box = (l, t) => ({ left: l, right: l + wide, top: t, bottom: t + size * 1.15 });
  const gap = size * 0.5;
  return [
    box(x - wide / 2, y - size * 1.5),
    box(x + gap, y - size * 0.6),
    box(x - gap - wide, y - size * 0.6),
    box(x - wide / 2, y + size * 0.4),
    box(x - wide * 0.2, y + size * 0.4),
    box(x - wide * 0.8, y + size * 0.4),
  ];
}

function write({ name, at: [x, y] }, spot, size, unit) {
  return [
    svg("circle", { class: "place", cx: x.toFixed(1), cy: y.toFixed(1), r: (2.4 * unit).toFixed(2) }),
    svg("text", {
      text: name,
      x: ((spot.left + spot.right) / 2).toFixed(1),
      y: (spot.top + size * 0.92).toFixed(1),
      "font-size": size.toFixed(2),
      "stroke-width": (3 * unit).toFixed(2),
    }),
  ];
}

const STEPS_KM = [0.5, 1, 2, 5, 10, 20, 50, 100];

/** Length in pixels and words of a scale bar that takes at most a fifth of the sheet; null for a map without distances. */
export function scaleBar(drawing) {
  if (!drawing.plan.kmPerUnit) return null;
  const kmPerPixel = drawing.plan.kmPerUnit * drawing.unit;
  const room = drawing.pixels / 5;
  const km = STEPS_KM.filter((step) => step / kmPerPixel <= room).pop() ?? STEPS_KM[0];
  return { pixels: Math.round(km / kmPerPixel), words: km < 1 ? `${km * 1000} m` : `${km} km` };
}
