// Layers: fetched once in a browser, turned into SVG paths in one plane. North is up, x runs right, y runs down.

const WIDTH = 1000;
const MARGIN = 14;
const KM_PER_DEGREE = 111.195;
const layers = new Map();

/** Fetch a layer, or hand back the one already fetched. A failed fetch is forgotten, so the next try is a new one. */
export function loadLayer(url) {
  if (!layers.has(url)) {
    const layer = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
      return answer.json();
    });
    layer.catch(() => layers.delete(url));
    layers.set(url, layer);
  }
  return layers.get(url);
}

const drawn = new Map();

/** The plan of one map: paths and centres of its areas, outlines, places, and size. Worked out once for each pair of layers. */
export async function loadPlan(areasUrl, baseUrl) {
  const name = `${areasUrl} ${baseUrl ?? ""}`;
  if (!drawn.has(name)) {
    const [areas, base] = await Promise.all([loadLayer(areasUrl), baseUrl ? loadLayer(baseUrl) : null]);
    drawn.set(name, areas.centres ? planOfHexagons(areas) : planOfAreas(areas, base));
  }
  return drawn.get(name);
}

function describe(layer) {
  const councils = layer.parents?.lads?.map(([, label]) => label) ?? [];
  const council = (i) => councils[layer.parents?.lad?.[i]] ?? "";
  return {
    codes: layer.codes,
    names: layer.names,
    council,
    councils,
    label: layer.label ?? "",
    method: layer.method,
    indexOf: new Map(layer.codes.map((code, i) => [code, i])),
  };
}

function planOfAreas(layer, base) {
  const project = projection(layer.bbox ?? boundsOf(layer));
  const paths = pathsOf(layer, layer.objects.areas, project.point);
  const centres = layer.labels.map(project.point);
  return {
    ...describe(layer),
    width: WIDTH,
    height: project.height,
    kmPerUnit: project.kmPerUnit,
    paths,
    centres,
    boxes: layer.objects.areas.geometries.map((shape) => boxOf(layer, shape, project.point)),
    outlines: base ? pathsOf(base, base.objects.outlines, project.point) : [],
    places: (base?.places ?? []).map(([name, lon, lat, kind]) => ({ name, kind, at: project.point([lon, lat]) })),
    project: project.point,
  };
}

function projection([west, south, east, north]) {
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (WIDTH - 2 * MARGIN) / ((east - west) * shrink);
  return {
    point: ([lon, lat]) => [MARGIN + (lon - west) * shrink * scale, MARGIN + (north - lat) * scale],
    height: (north - south) * scale + 2 * MARGIN,
    kmPerUnit: KM_PER_DEGREE / scale,
  };
}

function boundsOf(layer) {
  const arcs = arcsOf(layer);
  const lons = arcs.flat().map((point) => point[0]);
  const lats = arcs.flat().map((point) => point[1]);
  const least = (list) => list.reduce((a, b) => Math.min(a, b));
  const most = (list) => list.reduce((a, b) => Math.max(a, b));
  return [least(lons), least(lats), most(lons), most(lats)];
}

const decoded = new WeakMap();

function arcsOf(topology) {
  if (!decoded.has(topology)) {
    const { scale = [1, 1], translate = [0, 0] } = topology.transform ?? {};
    const arcs = topology.arcs.map((arc) => {
      let x = 0;
      let y = 0;
      return arc.map(([dx, dy]) => {
        x = topology.transform ? x + dx : dx;
        y = topology.transform ? y + dy : dy;
        return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
      });
    });
    decoded.set(topology, arcs);
  }
  return decoded.get(topology);
}

function polygonsOf(shape) {
  if (shape.type === "Polygon") return [shape.arcs];
  return shape.type === "MultiPolygon" ? shape.arcs : [];
}

function pointsOf(topology, ring) {
  const arcs = arcsOf(topology);
  return ring.flatMap((number, i) => {
    const arc = number < 0 ? [...arcs[~number]].reverse() : arcs[number];
    return i ? arc.slice(1) : arc;
  });
}

function pathsOf(topology, object, point) {
  const line = (points) => points.map((p) => point(p).map((n) => n.toFixed(1)).join(" ")).join("L");
  return object.geometries.map((shape) => {
    if (shape.type?.endsWith("LineString")) {
      const lines = shape.type === "LineString" ? [shape.arcs] : shape.arcs;
      return lines.map((arcs) => `M${line(pointsOf(topology, arcs))}`).join("");
    }
    return polygonsOf(shape)
      .flat()
      .map((ring) => `M${line(pointsOf(topology, ring))}Z`)
      .join("");
  });
}

function boxOf(topology, shape, point) {
  const points = polygonsOf(shape).flatMap((rings) => pointsOf(topology, rings[0]).map(point));
  return boxAround(points);
}

/** The smallest box [left, top, right, bottom] around points. */
export function boxAround(points) {
  return points.reduce(
    ([l, t, r, b], [x, y]) => [Math.min(l, x), Math.min(t, y), Math.max(r, x), Math.max(b, y)],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
}

function planOfHexagons(layer) {
  const [left, top, right, bottom] = boxAround(layer.centres);
  const scale = (WIDTH - 2 * MARGIN) / (right - left + 2 * layer.size);
  const centres = layer.centres.map(([x, y]) => [
    MARGIN + (x - left + layer.size) * scale,
    MARGIN + (y - top + layer.size) * scale,
  ]);
  const corners = centres.map((centre) => hexagonAround(centre, layer.size * scale, pointyTop(layer)));
  const shared = describe(layer);
  return {
    ...shared,
    width: WIDTH,
    height: (bottom - top + 2 * layer.size) * scale + 2 * MARGIN,
    kmPerUnit: null,
    paths: corners.map((points) => `M${points.map((p) => p.map((n) => n.toFixed(1)).join(" ")).join("L")}Z`),
    centres,
    boxes: corners.map(boxAround),
    outlines: [councilEdges(centres, corners, layer.parents?.lad ?? [], layer.size * scale)],
    places: (layer.places ?? []).map(([name, x, y, kind]) => ({
      name,
      kind,
      at: [MARGIN + (x - left + layer.size) * scale, MARGIN + (y - top + layer.size) * scale],
    })),
    project: null,
  };
}

/** Hexagons stand on a corner when a row of neighbours shares one y. */
function pointyTop({ centres, size }) {
  const near = size * Math.sqrt(3) * 1.05;
  const [x, y] = centres[0];
  for (const [a, b] of centres) {
    if (Math.abs(b - y) < size / 100 && a !== x && Math.abs(a - x) < near) return true;
  }
  const rows = new Set(centres.map((c) => Math.round((c[1] / size) * 100)));
  const columns = new Set(centres.map((c) => Math.round((c[0] / size) * 100)));
  return rows.size <= columns.size;
}

function hexagonAround([x, y], size, pointy) {
  return [0, 1, 2, 3, 4, 5].map((k) => {
    const angle = ((60 * k + (pointy ? 30 : 0)) * Math.PI) / 180;
    return [x + size * Math.cos(angle), y + size * Math.sin(angle)];
  });
}

/** The edges between hexagons of different councils, and round the outside, as one path. */
function councilEdges(centres, corners, councils, size) {
  const kept = corners.map(() => [true, true, true, true, true, true]);
  centres.forEach(([x, y], i) => {
    centres.forEach(([a, b], j) => {
      const apart = Math.hypot(a - x, b - y);
      if (i === j || apart > size * 1.9 || councils[i] !== councils[j]) return;
      kept[i][edgeTowards(corners[i], [(a + x) / 2, (b + y) / 2])] = false;
    });
  });
  const text = (point) => point.map((n) => n.toFixed(1)).join(" ");
  return corners.map((points, i) => points.map((from, k) => (kept[i][k] ? `M${text(from)}L${text(points[(k + 1) % 6])}` : "")).join("")).join("");
}

function edgeTowards(points, [x, y]) {
  const far = points.map((from, k) => {
    const to = points[(k + 1) % 6];
    return Math.hypot((from[0] + to[0]) / 2 - x, (from[1] + to[1]) / 2 - y);
  });
  return far.indexOf(Math.min(...far));
}

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** The nearest area in the direction of an arrow key, seen from area `from`; `from` itself when there is none. */
export function neighbour(centres, from, key) {
  const [ux, uy] = DIRECTIONS[key];
  const [x, y] = centres[from];
  let best = from;
  let least = Infinity;
  centres.forEach(([a, b], i) => {
    const along = (a - x) * ux + (b - y) * uy;
    const across = Math.abs((a - x) * uy) + Math.abs((b - y) * ux);
    if (i === from || along <= 0.01 || across > along * 1.5) return;
    const far = along + across * 1.2;
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

/** The area whose centre is nearest to a point. */
export function nearest(centres, [x, y]) {
  let best = 0;
  let least = Infinity;
  centres.forEach(([a, b], i) => {
    const far = (a - x) ** 2 + (b - y) ** 2;
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

const WORTH_A_CLOSE_UP = 0.6; // of the map's width
const AROUND_PLACES = 40; // map units

/** Close-ups [label, box]: small councils, then those asked for by the names of their places. */
export function closeUps(plan, asked) {
  const corners = (boxes) => boxes.flatMap(([l, t, r, b]) => [[l, t], [r, b]]);
  const councils = plan.councils.map((label) => [label, boxAround(corners(plan.boxes.filter((_, i) => plan.council(i) === label)))]);
  const share = ([l, t, r, b]) => Math.max((r - l) / plan.width, (b - t) / plan.height);
  const small = councils.filter(([, box]) => share(box) > 0 && share(box) < WORTH_A_CLOSE_UP);
  const named = asked.map(([label, names]) => [label, plan.places.filter(({ name }) => names.includes(name)).map(({ at }) => at)]);
  const around = ([l, t, r, b]) => [l - AROUND_PLACES, t - AROUND_PLACES, r + AROUND_PLACES, b + AROUND_PLACES];
  return [...small, ...named.filter(([, points]) => points.length).map(([label, points]) => [label, around(boxAround(points))])];
}
