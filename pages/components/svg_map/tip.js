// The small panel of words beside the pointer or the focused area. Screen readers get the same words as its name.

import { html } from "./elements.js";

const GAP = 14;

/** `where` is a pointer event, or a point in map units. */
export function showTip({ tip, stage, drawing }, [head, ...lines], where) {
  tip.replaceChildren(html("strong", { text: head }), ...lines.map((text) => html("span", { text })));
  tip.hidden = false;
  const [x, y] = Array.isArray(where) ? onStage(drawing.svg, where) : fromPointer(stage, where);
  const left = x + GAP + tip.offsetWidth > stage.clientWidth ? x - GAP - tip.offsetWidth : x + GAP;
  const top = y + GAP + tip.offsetHeight > stage.clientHeight ? y - GAP - tip.offsetHeight : y + GAP;
  tip.style.transform = `translate(${Math.max(0, left).toFixed(0)}px, ${Math.max(0, top).toFixed(0)}px)`;
}

export function hideTip({ tip }) {
  tip.hidden = true;
}

function onStage(svg, [px, py]) {
  const [x, y, width] = svg.getAttribute("viewBox").split(" ").map(Number);
  const scale = svg.clientWidth / width;
  return [(px - x) * scale, (py - y) * scale];
}

function fromPointer(stage, event) {
  const frame = stage.getBoundingClientRect();
  return [event.clientX - frame.left, event.clientY - frame.top];
}
