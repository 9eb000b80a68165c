// Find an area or a town by name: a combobox with a list of at most eight answers.

import { html } from "./elements.js";

const MOST = 8;
let made = 0;

/** Build the search box; `found({area})` or `found({place})` is called with what the reader chose. */
export function buildSearch(plan, found) {
  made += 1;
  const id = `find-${made}`;
  const list = html("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Areas and places", hidden: true });
  const input = html("input", {
    id,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  });
  const state = { plan, found, input, list, entries: entriesOf(plan), shown: [], at: -1 };
  input.addEventListener("input", () => suggest(state));
  input.addEventListener("keydown", (event) => press(state, event));
  input.addEventListener("blur", () => close(state));
  return html("div", { class: "search" }, html("label", { for: id, text: "Find an area or town" }), input, list);
}

function entriesOf(plan) {
  const places = plan.places.map((place) => ({ words: place.name, note: "town", place }));
  const areas = plan.names.map((name, i) => ({ words: name, note: plan.council(i), area: i }));
  return [...places, ...areas].map((entry) => ({ ...entry, key: entry.words.toLowerCase() }));
}

function suggest(state) {
  const wanted = state.input.value.trim().toLowerCase();
  if (!wanted) return close(state);
  const starts = state.entries.filter((entry) => entry.key.startsWith(wanted));
  const holds = state.entries.filter((entry) => !entry.key.startsWith(wanted) && entry.key.includes(wanted));
  state.shown = [...starts, ...holds].slice(0, MOST);
  const rows = state.shown.map((entry, k) => optionOf(state, entry, k));
  if (!rows.length) rows.push(html("li", { role: "option", "aria-disabled": "true", class: "none", text: "No area or town has that name" }));
  state.list.replaceChildren(...rows);
  state.list.hidden = false;
  state.input.setAttribute("aria-expanded", "true");
  return mark(state, state.shown.length ? 0 : -1);
}

function optionOf(state, entry, k) {
  const note = html("span", { class: "note", text: entry.note });
  return html(
    "li",
    {
      id: `${state.input.id}-${k}`,
      role: "option",
      "aria-selected": "false",
      onpointerdown: (event) => {
        event.preventDefault();
        choose(state, entry);
      },
    },
    `${entry.words} `,
    note,
  );
}

function mark(state, at) {
  state.at = at;
  [...state.list.children].forEach((row, k) => row.setAttribute("aria-selected", String(k === at)));
  if (at < 0) state.input.removeAttribute("aria-activedescendant");
  else state.input.setAttribute("aria-activedescendant", `${state.input.id}-${at}`);
}

function press(state, event) {
  const last = state.shown.length - 1;
  const open = !state.list.hidden;
  if (event.key === "ArrowDown" && open) mark(state, Math.min(last, state.at + 1));
  else if (event.key === "ArrowUp" && open) mark(state, Math.max(0, state.at - 1));
  else if (event.key === "Enter" && open && state.at >= 0) choose(state, state.shown[state.at]);
  else if (event.key === "Escape" && open) close(state);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function choose(state, entry) {
  state.input.value = entry.words;
  close(state);
  state.found(entry);
}

function close(state) {
  state.list.hidden = true;
  state.input.setAttribute("aria-expanded", "false");
  state.input.removeAttribute("aria-activedescendant");
}
