// The same values as a table, made when the reader opens it and not before.

import { html } from "./elements.js";
import { inWords, isShown } from "./payload.js";

/** A closed "Table of the map"; `read()` hands over the plan and the view at the moment of opening. */
export function buildTable(read) {
  const place = html("div", { class: "sheet", role: "region", tabindex: 0, "aria-label": "Table of the map" });
  const details = html("details", { class: "table" }, html("summary", { text: "Table of the map" }), place);
  const state = { place, read, sort: 0, down: false, made: null };
  const refresh = () => details.open && fillTable(state);
  details.addEventListener("toggle", refresh);
  details.refresh = refresh;
  return details;
}

function fillTable(state) {
  const { plan, views } = state.read();
  if (state.made === views) return;
  state.made = views;
  state.place.replaceChildren(...views.map((view) => tableOf(plan, view, state)));
}

function columnsOf(plan, view) {
  const columns = [{ head: "Area", of: (i) => plan.names[i] }];
  if (plan.councils.length) columns.push({ head: "Council", of: (i) => plan.council(i) });
  const several = view.measures.length > 1;
  if (several || view.named) columns.push({ head: view.legendTitle, of: (i) => (isShown(view, i) ? view.classes[view.classOf[i]].label : "") });
  for (const measure of view.measures) {
    columns.push(numbers(measure.name, measure, measure.value));
    if (measure.lower.some((limit) => limit !== null)) {
      const which = several ? `, ${measure.name}` : "";
      columns.push(numbers(`Lower limit${which}`, measure, measure.lower), numbers(`Upper limit${which}`, measure, measure.upper));
    }
  }
  if (view.comparisons.length) columns.push({ head: "Compared", of: (i) => view.comparisons[view.comparison[i]] ?? "" });
  columns.push({ head: "Status", of: (i) => statusWords(view, i) });
  return columns;
}

function numbers(head, measure, list) {
  return { head, number: (i) => list[i], of: (i) => (list[i] === null ? "" : inWords(measure, list[i])) };
}

function statusWords(view, i) {
  const status = view.statuses[view.status[i]] ?? "no data";
  return view.uncertain[i] && isShown(view, i) ? `${status}, uncertain` : status;
}

function tableOf(plan, view, state) {
  const columns = columnsOf(plan, view);
  const body = html("tbody");
  const heads = columns.map((column, k) => html("th", { scope: "col", class: column.number ? "number" : null }, html("button", { type: "button", text: column.head, onclick: () => sortBy(k) })));
  const sortBy = (k) => {
    state.down = state.sort === k ? !state.down : Boolean(columns[k].number);
    state.sort = k;
    writeRows(plan, columns, body, heads, state);
  };
  state.sort = Math.min(state.sort, columns.length - 1);
  writeRows(plan, columns, body, heads, state);
  return html("table", {}, html("caption", { text: `${view.title}. Choose a heading to sort.` }), html("thead", {}, html("tr", {}, ...heads)), body);
}

function writeRows(plan, columns, body, heads, { sort, down }) {
  const column = columns[sort];
  const order = plan.codes.map((_, i) => i).sort(column.number ? byNumber(column, down) : byWords(column, down));
  const cell = (one, k, i) => (k ? html("td", { class: one.number ? "number" : null, text: one.of(i) }) : html("th", { scope: "row", text: one.of(i) }));
  body.replaceChildren(...order.map((i) => html("tr", {}, ...columns.map((one, k) => cell(one, k, i)))));
  heads.forEach((head, k) => {
    if (k === sort) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
}

/** Areas without a value come last whichever way the column is sorted. */
function byNumber(column, down) {
  return (a, b) => {
    const [x, y] = [column.number(a), column.number(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    return down ? y - x : x - y;
  };
}

function byWords(column, down) {
  const order = new Intl.Collator("en-GB", { numeric: true });
  return (a, b) => (down ? -1 : 1) * order.compare(column.of(a), column.of(b));
}
