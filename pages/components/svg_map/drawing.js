// One map: an SVG listbox whose options are the areas. It is built once; a change only touches fills and names.

import { svg } from "./elements.js";
import { accessibleName, isShown } from "./payload.js";

const SUPPRESSED = 2;
const USUAL_WIDTH = 700; // pixels, until the map has been measured
const PATTERN = 8; // pixels between two dots or two lines

/** Build the SVG of one panel. `number` keeps pattern names apart when two maps stand side by side. */
export function buildDrawing(plan, number) {
  const options = plan.paths.map((d, i) =>
    svg("path", { d, role: "option", "data-i": i, tabindex: -1, "aria-selected": "false", class: "area" }),
  );
  const over = (name) => svg("path", { class: name, d: "" });
  const drawing = {
    plan,
    number,
    options,
    unit: plan.width / USUAL_WIDTH,
    painted: [],
    patterns: "",
    definitions: svg("defs"),
    rings: { hover: over("ring hover"), chosen: over("ring chosen"), focusEdge: over("ring focus-edge"), focus: over("ring focus") },
    points: svg("g", { class: "points" }),
    labels: svg("g", { class: "labels" }),
  };
  drawing.svg = svg(
    "svg",
    { class: "drawing", viewBox: `0 0 ${plan.width} ${plan.height.toFixed(1)}`, role: "listbox", "aria-orientation": "horizontal" },
    drawing.definitions,
    svg("g", { role: "presentation" }, ...options),
    svg(
      "g",
      { "aria-hidden": "true", class: "over" },
      ...plan.outlines.map((d) => svg("path", { class: "outline", d })),
      drawing.points,
      ...Object.values(drawing.rings),
      drawing.labels,
    ),
  );
  return drawing;
}

/** Put a view's colours and names on the areas that differ from what is drawn. */
export function paint(drawing, view, dark) {
  const fills = makeFills(drawing, view, dark);
  drawing.svg.setAttribute("aria-label", `${view.alt} Arrow keys move between areas; type a name to find one; Enter chooses.`);
  drawing.options.forEach((option, i) => {
    const fill = fillOf(view, fills, i);
    const name = accessibleName(drawing.plan, view, i);
    const was = drawing.painted[i];
    if (was?.fill !== fill) option.setAttribute("fill", fill);
    if (was?.name !== name) option.setAttribute("aria-label", name);
    drawing.painted[i] = { fill, name };
  });
}

function fillOf(view, fills, i) {
  if (!isShown(view, i)) return view.status[i] === SUPPRESSED ? fills.suppressed : fills.missing;
  return view.uncertain[i] ? fills.uncertain[view.classOf[i]] : fills.plain[view.classOf[i]];
}

/** The colour of each class in this theme, and a pattern for each that says "uncertain" on the map itself. */
function makeFills(drawing, view, dark) {
  const plain = view.classes.map((one) => (dark ? one.dark : one.colour));
  const name = (what) => `m${drawing.number}-${what}`;
  const wanted = `${plain} ${dark}`;
  if (drawing.patterns !== wanted) {
    drawing.definitions.replaceChildren(...makePatterns(plain, name, dark));
    drawing.patterns = wanted;
    scalePatterns(drawing);
  }
  return {
    plain,
    uncertain: plain.map((_, k) => `url(#${name(`u${k}`)})`),
    suppressed: `url(#${name("hidden")})`,
    missing: `url(#${name("none")})`,
  };
}

function makePatterns(plain, name, dark) {
  const ink = dark ? "#C9D1D9" : "#5B6670";
  const paper = dark ? "#20262D" : "#F4F5F6";
  const uncertain = plain.map((colour, k) => dots(name(`u${k}`), colour, isPale(colour) ? "#1B1F23" : "#FFFFFF"));
  return [...uncertain, hatch(name("hidden"), paper, ink), crosses(name("none"), paper, ink)];
}

function pattern(id, ...marks) {
  return svg("pattern", { id, width: PATTERN, height: PATTERN, patternUnits: "userSpaceOnUse" }, ...marks);
}

const ground = (fill) => svg("rect", { width: PATTERN, height: PATTERN, fill });

function dots(id, colour, mark) {
  return pattern(id, ground(colour), svg("circle", { cx: 2, cy: 2, r: 1, fill: mark }), svg("circle", { cx: 6, cy: 6, r: 1, fill: mark }));
}

function hatch(id, paper, ink) {
  return pattern(id, ground(paper), svg("path", { d: "M-1 9L9 -1M-1 1L1 -1M7 9L9 7", stroke: ink, "stroke-width": 1.1 }));
}

function crosses(id, paper, ink) {
  return pattern(id, ground(paper), svg("path", { d: "M2.5 4H5.5M4 2.5V5.5", stroke: ink, "stroke-width": 0.8 }));
}

function isPale(colour) {
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 120;
}

/** Work out how many map units one screen pixel is, at the present zoom and size; false while nothing is on screen. */
export function measure(drawing) {
  const pixels = drawing.svg.clientWidth;
  if (pixels) drawing.unit = Number(drawing.svg.getAttribute("viewBox").split(" ")[2]) / pixels;
  drawing.pixels = pixels;
  return pixels > 0;
}

/** Keep dots and lines the same size on the screen, whatever the zoom. */
export function scalePatterns(drawing) {
  const scale = `scale(${drawing.unit.toFixed(3)})`;
  for (const one of drawing.definitions.children) one.setAttribute("patternTransform", scale);
}

export function ring(drawing, name, i) {
  const d = i === null || i === undefined ? "" : drawing.plan.paths[i];
  drawing.rings[name].setAttribute("d", d);
  if (name === "focus") drawing.rings.focusEdge.setAttribute("d", d);
}

/** Leave only the areas of one class (or status) at full strength; null brings all back. */
export function highlight(drawing, view, wanted) {
  drawing.options.forEach((option, i) => option.classList.toggle("faded", wanted !== null && !wanted(view, i)));
}

const SYMBOLS = [
  "M0 -5L5 0L0 5L-5 0Z",
  "M-4 -4H4V4H-4Z",
  "M0 -5L4.8 3.5H-4.8Z",
  "M-4.6 0A4.6 4.6 0 1 0 4.6 0A4.6 4.6 0 1 0 -4.6 0Z",
];

export const symbolOf = (kind) => SYMBOLS[kind % SYMBOLS.length];

export function drawPoints(drawing, points) {
  const { project } = drawing.plan;
  const { unit } = drawing;
  const marks = project ? points : [];
  drawing.points.replaceChildren(
    ...marks.map(({ kind, at }, k) => {
      const [x, y] = project(at);
      return svg("path", { d: symbolOf(kind), "data-point": k, class: `point kind${kind % SYMBOLS.length}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${unit.toFixed(3)})` });
    }),
  );
}
