// The map that Streamlit mounts. Python sends values and words; outlines are fetched once by URL.

import { buildDrawing, drawPoints, highlight, measure, paint, ring, scalePatterns } from "./drawing.js";
import { html } from "./elements.js";
import { closeUps, loadPlan, nearest } from "./geometry.js";
import { Keyboard } from "./keyboard.js";
import { drawLabels, scaleBar } from "./labels.js";
import { buildLegend, scaleSwatches } from "./legend.js";
import { phrases, placeWords, unpack } from "./payload.js";
import { buildSearch } from "./search.js";
import { buildTable } from "./table.js";
import { hideTip, showTip } from "./tip.js";
import { Zoom } from "./zoom.js";

const style = fetch(new URL("map.css", import.meta.url))
  .then((answer) => answer.text())
  .then((text) => new CSSStyleSheet().replace(text));
const frames = new WeakMap();

export default function map({ data, parentElement, setTriggerValue }) {
  let frame = frames.get(parentElement);
  if (!frame) frames.set(parentElement, (frame = new Frame(parentElement)));
  frame.send = (code) => setTriggerValue("chosen", code);
  frame.receive(data);
}

const sameBytes = (a, b) => a?.length === b.length && a.every((byte, i) => byte === b[i]);

function isDark(element) {
  const numbers = getComputedStyle(element).getPropertyValue("background-color").match(/[\d.]+/g) ?? [255, 255, 255];
  return numbers.slice(0, 3).reduce((sum, n) => sum + Number(n), 0) < 384;
}

function drawScale({ drawing, scale }) {
  const bar = scaleBar(drawing);
  scale.hidden = !bar;
  if (!bar) return;
  scale.replaceChildren(html("span", { class: "north", text: "N ↑" }), html("span", { class: "bar", style: `width:${bar.pixels}px` }), bar.words);
}

/** Everything drawn for one mounted map: tools, one or two panels, table. */
class Frame {
  constructor(root) {
    Object.assign(this, { root, panels: [], revision: 0, turn: 0, plan: null, bytes: null });
    this.element = html("div", { class: "frame", hidden: true });
    root.append(this.element);
    this.observer = new ResizeObserver(() => this.layOut());
    // Paper is white, whatever the screen is.
    matchMedia("print").addEventListener("change", () => this.repaintForTheme());
  }

  async receive(bytes) {
    if (sameBytes(this.bytes, bytes)) {
      this.repaintForTheme();
      return;
    }
    this.turn += 1;
    const { turn } = this;
    this.bytes = bytes.slice();
    try {
      const payload = await unpack(bytes);
      const [plan, sheet] = await Promise.all([loadPlan(payload.areas, payload.base), style]);
      if (turn === this.turn) this.show(payload, plan, sheet);
    } catch (problem) {
      this.fail(problem);
    }
  }

  fail(problem) {
    this.bytes = null;
    this.plan = null;
    this.element.hidden = false;
    this.element.replaceChildren(html("p", { role: "alert", text: `The map could not be drawn (${problem.message}). Reload the page to try again.` }));
  }

  repaintForTheme() {
    if (this.plan && this.dark !== isDark(this.element)) this.update(this.payload);
  }

  show(payload, plan, sheet) {
    const started = performance.now();
    if (!this.root.adoptedStyleSheets.includes(sheet)) this.root.adoptedStyleSheets = [sheet];
    this.element.hidden = false;
    if (plan !== this.plan || payload.views.length !== this.panels.length) this.build(payload, plan);
    this.update(payload);
    this.finish(performance.now() - started);
  }

  finish(milliseconds) {
    this.revision += 1;
    this.panels.forEach(({ drawing }) => {
      drawing.svg.dataset.drawMs = milliseconds.toFixed(1);
      drawing.svg.dataset.revision = this.revision;
      drawing.svg.dataset.rendered = "true";
    });
  }

  build(payload, plan) {
    this.plan = plan;
    this.observer.disconnect();
    this.panels = payload.views.map((_, number) => this.buildPanel(number));
    this.zoom = new Zoom(plan, this.panels.map((panel) => panel.drawing), () => this.layOut());
    this.search = buildSearch(plan, (entry) => this.found(entry));
    this.table = buildTable(() => ({ plan: this.plan, views: this.payload.views }));
    this.foot = html("p", { class: "foot" });
    const row = html("div", { class: `panels of-${this.panels.length}`, style: `--aspect:${(plan.width / plan.height).toFixed(3)}` }, ...this.panels.map((panel) => panel.element));
    this.element.replaceChildren(html("div", { class: "tools" }, this.search, this.zoomButtons(payload)), row, this.foot, this.table);
    this.panels.forEach((panel) => this.observer.observe(panel.stage));
  }

  buildPanel(number) {
    const drawing = buildDrawing(this.plan, number);
    const tip = html("div", { class: "tip", "aria-hidden": "true", hidden: true });
    const scale = html("div", { class: "scale", "aria-hidden": "true" });
    const stage = html("div", { class: "stage" }, drawing.svg, scale, tip);
    const title = html("figcaption");
    const legend = html("div", { class: "beside" });
    const element = html("figure", {}, title, html("div", { class: "sheet-and-legend" }, stage, legend));
    const panel = { number, drawing, tip, scale, stage, title, legend, element };
    panel.keyboard = new Keyboard(drawing, {
      focused: (i, visibly) => this.focused(panel, i, visibly),
      blurred: () => this.point(panel, null, "focus"),
      chosen: (i) => this.choose(i),
      left: () => this.search.querySelector("input").focus(),
      zoom: (factor) => this.zoom.by(factor, this.plan.centres[panel.keyboard.active]),
    });
    this.listenToPointer(panel);
    return panel;
  }

  listenToPointer(panel) {
    const { svg } = panel.drawing;
    svg.addEventListener("pointermove", (event) => {
      const { i, point } = event.target.dataset;
      if (point) showTip(panel, [this.payload.points[point].name, this.payload.points[point].kindWords], event);
      else this.point(panel, i === undefined ? null : Number(i), "hover", event);
    });
    svg.addEventListener("pointerleave", () => this.point(panel, null, "hover"));
    svg.addEventListener("click", ({ target }) => {
      if (target.dataset.i && !this.zoom.dragged) this.choose(Number(target.dataset.i));
    });
  }

  zoomButtons({ closeups }) {
    const button = (text, name, act) => html("button", { type: "button", text, "aria-label": name, title: name, onclick: act });
    return html(
      "div",
      { class: "zoom", role: "group", "aria-label": "Zoom" },
      button("+", "Zoom in", () => this.zoom.by(1.6)),
      button("−", "Zoom out", () => this.zoom.by(1 / 1.6)),
      button("Whole area", null, () => this.zoom.whole()),
      ...closeUps(this.plan, closeups).map(([label, box]) => button(label, null, () => this.zoom.show(box))),
    );
  }

  update(payload) {
    this.payload = payload;
    this.dark = isDark(this.element);
    this.element.classList.toggle("dark", this.dark);
    this.panels.forEach((panel, k) => this.updatePanel(panel, payload.views[k]));
    this.foot.textContent = [this.plan.label, payload.attribution].filter(Boolean).join(". ");
    this.markChosen(payload.selected);
    this.table.refresh();
  }

  updatePanel(panel, view) {
    panel.view = view;
    paint(panel.drawing, view, this.dark);
    highlight(panel.drawing, view, null);
    panel.title.replaceChildren(html("span", { class: "title", text: view.title }));
    panel.legend.replaceChildren(
      buildLegend(view, this.dark, panel.number, this.payload.points, (wanted) => highlight(panel.drawing, view, wanted)),
    );
    scaleSwatches(panel.legend, panel.drawing.unit);
    drawPoints(panel.drawing, this.payload.points);
  }

  /** After a move or a change of size: all that has a size on the screen. First measure, then write. */
  layOut() {
    for (const panel of this.panels.filter(({ drawing }) => measure(drawing))) {
      scalePatterns(panel.drawing);
      scaleSwatches(panel.legend, panel.drawing.unit);
      drawLabels(panel.drawing);
      drawPoints(panel.drawing, this.payload.points);
      drawScale(panel);
    }
  }

  /** Ring an area on every panel, and say what is known of it on the panel that is pointed at. */
  point(panel, i, how, event) {
    this.panels.forEach(({ drawing }) => ring(drawing, how, i));
    if (i === null) hideTip(panel);
    else showTip(panel, [placeWords(this.plan, i), ...phrases(panel.view, i)], event ?? this.plan.centres[i]);
  }

  focused(panel, i, visibly) {
    this.zoom.reveal(this.plan.centres[i]);
    if (visibly) this.point(panel, i, "focus");
  }

  choose(i) {
    this.markChosen(this.plan.codes[i]);
    this.send(this.plan.codes[i]);
  }

  markChosen(code) {
    const i = this.plan.indexOf.get(code) ?? null;
    this.panels.forEach(({ drawing, keyboard }) => {
      drawing.options[this.chosen]?.setAttribute("aria-selected", "false");
      drawing.options[i]?.setAttribute("aria-selected", "true");
      ring(drawing, "chosen", i);
      if (i !== null && !drawing.svg.matches(":focus-within")) keyboard.setActive(i);
    });
    this.chosen = i;
  }

  found({ area, place }) {
    const i = area ?? nearest(this.plan.centres, place.at);
    const [x, y] = place ? place.at : this.plan.centres[i];
    const reach = this.plan.width / 16;
    this.zoom.show([x - reach, y - reach, x + reach, y + reach]);
    this.panels[0].keyboard.go(i);
    if (area !== undefined) this.choose(i);
  }
}
