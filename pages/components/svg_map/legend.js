// The legend is a list of buttons: colour, words, how many areas. Pressing one picks its areas out on the map.

import { html, svg } from "./elements.js";
import { isShown } from "./payload.js";
import { symbolOf } from "./drawing.js";

const tally = (view, wanted) => view.classOf.reduce((sum, _, i) => sum + (wanted(view, i) ? 1 : 0), 0);
const areas = (count) => (count === 1 ? "1 area" : `${count.toLocaleString("en-GB")} areas`);

const inClass = (k) => (view, i) => isShown(view, i) && view.classOf[i] === k;
const isUncertain = (view, i) => isShown(view, i) && Boolean(view.uncertain[i]);
const hasStatus = (k) => (view, i) => !isShown(view, i) && view.status[i] === k;

/** Build a legend; `pick(wanted)` is told which areas to bring out, or null for all. */
export function buildLegend(view, dark, number, points, pick) {
  const legend = html("div", { class: "legend" });
  const state = { legend, view, pick, pressed: null };
  legend.append(html("p", { class: "legend-title", text: view.legendTitle }));
  legend.append(view.axes ? grid(state, dark) : classList(state, dark));
  const rest = otherRows(state, number);
  if (rest.length) legend.append(html("ul", { class: "rows" }, ...rest));
  if (points.length) legend.append(pointList(points));
  return legend;
}

function classList(state, dark) {
  const rows = state.view.classes.map((one, k) => {
    const mark = html("span", { class: "swatch", style: `background:${dark ? one.dark : one.colour}` });
    return row(state, mark, one.label, inClass(k));
  });
  return html("ul", { class: "rows" }, ...rows);
}

function otherRows(state, number) {
  const { view } = state;
  const rows = [];
  if (tally(view, isUncertain)) rows.push(row(state, patternMark(`m${number}-u${middle(view)}`), view.uncertainWords, isUncertain));
  view.statuses.forEach((words, k) => {
    const wanted = hasStatus(k);
    if (k < 2 || !tally(view, wanted)) return;
    rows.push(row(state, patternMark(`m${number}-${k === 2 ? "hidden" : "none"}`), `Not shown: ${words}`, wanted));
  });
  return rows;
}

const middle = (view) => Math.floor(view.classes.length / 2);

function patternMark(id) {
  const rect = svg("rect", { width: "100%", height: "100%", fill: `url(#${id})` });
  return html("span", { class: "swatch" }, svg("svg", { "aria-hidden": "true" }, rect));
}

function row(state, mark, words, wanted) {
  mark.setAttribute("aria-hidden", "true");
  const count = tally(state.view, wanted);
  const button = html("button", { type: "button", "aria-pressed": "false" }, mark, html("span", { class: "words", text: words }), html("span", { class: "count", text: areas(count) }));
  picks(state, button, wanted);
  return html("li", {}, button);
}

function picks(state, button, wanted) {
  const show = () => state.pick(wanted);
  const back = () => state.pick(state.pressed?.wanted ?? null);
  button.addEventListener("pointerenter", show);
  button.addEventListener("pointerleave", back);
  button.addEventListener("focus", show);
  button.addEventListener("blur", back);
  button.addEventListener("click", () => {
    const again = state.pressed?.button === button;
    state.pressed?.button.setAttribute("aria-pressed", "false");
    state.pressed = again ? null : { button, wanted };
    button.setAttribute("aria-pressed", String(!again));
    state.pick(again ? null : wanted);
  });
}

/** A 3 by 3 grid that reads itself: words on both axes, a count and a full name on each cell. */
function grid(state, dark) {
  const { view } = state;
  const cells = [2, 1, 0].flatMap((y) => [0, 1, 2].map((x) => cell(state, y * 3 + x, dark)));
  return html(
    "div",
    { class: "grid" },
    html("span", { class: "axis-y", text: `${view.axes.y} →` }),
    html("div", { class: "cells", role: "group", "aria-label": `${view.axes.x} from left to right, ${view.axes.y} from bottom to top` }, ...cells),
    html("span", { class: "axis-x", text: `${view.axes.x} →` }),
    html("p", { class: "cell-words", "aria-hidden": "true", text: "Point at a square to read it." }),
  );
}

function cell(state, k, dark) {
  const one = state.view.classes[k];
  const colour = dark ? one.dark : one.colour;
  const count = tally(state.view, inClass(k));
  const button = html("button", {
    type: "button",
    class: "cell",
    style: `background:${colour};color:${inkOn(colour)}`,
    "aria-pressed": "false",
    "aria-label": `${one.label}: ${areas(count)}`,
    text: count.toLocaleString("en-GB"),
  });
  picks(state, button, inClass(k));
  const say = () => {
    state.legend.querySelector(".cell-words").textContent = `${one.label}: ${areas(count)}`;
  };
  button.addEventListener("pointerenter", say);
  button.addEventListener("focus", say);
  return button;
}

function inkOn(colour) {
  const channel = (k) => {
    const c = parseInt(colour.slice(k, k + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return luminance > 0.18 ? "#101418" : "#FFFFFF";
}

function pointList(points) {
  const kinds = [...new Map(points.map((point) => [point.kind, point.kindWords]))];
  const rows = kinds.map(([kind, words]) => {
    const mark = svg("svg", { class: "symbol", viewBox: "-7 -7 14 14", "aria-hidden": "true" }, svg("path", { d: symbolOf(kind), class: `point kind${kind % 4}` }));
    return html("li", { class: "symbol-row" }, mark, html("span", { class: "words", text: words }), html("span", { class: "count", text: points.filter((p) => p.kind === kind).length }));
  });
  return html("ul", { class: "rows" }, ...rows);
}

/** Patterns are measured in map units, so their swatches must be as well. */
export function scaleSwatches(legend, unit) {
  for (const mark of legend.querySelectorAll(".swatch svg")) mark.setAttribute("viewBox", `0 0 ${28 * unit} ${18 * unit}`);
}
