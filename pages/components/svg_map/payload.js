// What Python sent, and the words made from it. The table, the tooltip and the accessible names all say the same.

const SHOWN = 2; // statuses 0 (shown) and 1 (rounded) carry a value

/** Bytes to views: deflated JSON, one character for each area where a short code will do, whole numbers elsewhere. */
export async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const payload = await new Response(stream).json();
  payload.views = payload.views.map((view) => unpackView(view, payload.statuses));
  return payload;
}

function unpackView(view, statuses) {
  const count = view.classOf.length;
  const codes = (text, none) => Array.from({ length: count }, (_, i) => (text ? codeAt(text, i) : none));
  return {
    ...view,
    statuses,
    classOf: codes(view.classOf, null),
    status: codes(view.status, 0),
    comparison: codes(view.comparison, null),
    uncertain: codes(view.uncertain, 0),
    measures: view.measures.map(unpackMeasure),
  };
}

function codeAt(text, i) {
  return text[i] === "." ? null : parseInt(text[i], 36);
}

function unpackMeasure(measure) {
  const unit = 10 ** measure.decimals;
  const scaled = (whole) => (whole === null ? null : whole / unit);
  const limit = (list, sign) =>
    measure.value.map((whole, i) => (whole === null || !list || list[i] === null ? null : (whole + sign * list[i]) / unit));
  return {
    ...measure,
    value: measure.value.map(scaled),
    lower: limit(measure.lower, -1),
    upper: limit(measure.upper, 1),
  };
}

const numberFormats = new Map();

/** One formatter for each number of decimals: making one costs more than all its later uses together. */
function numberFormat(decimals) {
  if (!numberFormats.has(decimals)) {
    numberFormats.set(decimals, new Intl.NumberFormat("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return numberFormats.get(decimals);
}

/** A number with its unit, as British readers write it. */
export function inWords(measure, number) {
  return `${measure.prefix}${numberFormat(measure.decimals).format(number)}${measure.suffix}`;
}

export function isShown(view, i) {
  return view.status[i] < SHOWN && view.classOf[i] !== null;
}

/** "81.2% (78.0% to 84.1%)", or "" when there is no value. */
export function valueWords(measure, i) {
  if (measure.value[i] === null) return "";
  const value = inWords(measure, measure.value[i]);
  if (measure.lower[i] === null) return value;
  return `${value} (${inWords(measure, measure.lower[i])} to ${inWords(measure, measure.upper[i])})`;
}

export function placeWords(plan, i) {
  const council = plan.council(i);
  return council && council !== plan.names[i] ? `${plan.names[i]}, ${council}` : plan.names[i];
}

/** What is known of one area, one phrase for each line of a tooltip. */
export function phrases(view, i) {
  if (!isShown(view, i)) return [`not shown: ${view.statuses[view.status[i]] ?? "no data"}`];
  const several = view.measures.length > 1;
  const lines = view.measures.map((measure) => {
    const words = valueWords(measure, i);
    return several && words ? `${measure.name}: ${words}` : words;
  });
  if (several || view.named) lines.unshift(view.classes[view.classOf[i]].label);
  if (view.comparison[i] !== null) lines.push(view.comparisons[view.comparison[i]]);
  if (view.uncertain[i]) lines.push("uncertain");
  if (view.status[i] === 1) lines.push(view.statuses[1]);
  lines.push(view.note);
  return lines.filter(Boolean);
}

/** "Boscombe East 035A, BCP: 81.2% (78.0% to 84.1%), similar to England". */
export function accessibleName(plan, view, i) {
  return `${placeWords(plan, i)}: ${phrases(view, i).join(", ")}`;
}
