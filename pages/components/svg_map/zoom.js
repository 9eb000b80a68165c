// Zoom and move by changing the view box, so lines and letters stay sharp. All maps of one frame move together.

const CLOSEST = 24;

export class Zoom {
  /** `drawings` are the SVG maps that move together; `changed` is called after each move. */
  constructor(plan, drawings, changed) {
    Object.assign(this, { plan, drawings, changed, pointers: new Map(), dragged: false });
    this.box = [0, 0, plan.width, plan.height];
    drawings.forEach(({ svg }) => this.listen(svg));
  }

  get depth() {
    return this.plan.width / this.box[2];
  }

  whole() {
    this.set(0, 0, this.plan.width);
  }

  set(x, y, width) {
    const { plan } = this;
    const w = Math.min(plan.width, Math.max(plan.width / CLOSEST, width));
    const h = (w * plan.height) / plan.width;
    const keep = (n, size, most) => Math.min(Math.max(0, n), most - size);
    this.box = [keep(x, w, plan.width), keep(y, h, plan.height), w, h];
    const text = this.box.map((n) => n.toFixed(2)).join(" ");
    this.drawings.forEach(({ svg }) => {
      svg.setAttribute("viewBox", text);
      svg.classList.toggle("near", this.depth > 1.01);
    });
    this.changed();
  }

  /** Zoom by a factor about a point in map units (the middle when none is given). */
  by(factor, [px, py] = this.middle()) {
    const [x, y, w] = this.box;
    const width = Math.min(this.plan.width, Math.max(this.plan.width / CLOSEST, w / factor));
    const share = width / w;
    this.set(px - (px - x) * share, py - (py - y) * share, width);
  }

  middle() {
    const [x, y, w, h] = this.box;
    return [x + w / 2, y + h / 2];
  }

  /** Show a box [left, top, right, bottom] with a little room around it. */
  show([left, top, right, bottom]) {
    const { plan } = this;
    const width = Math.max((right - left) * 1.12, (((bottom - top) * 1.12) * plan.width) / plan.height);
    const height = (width * plan.height) / plan.width;
    this.set((left + right - width) / 2, (top + bottom - height) / 2, width);
  }

  /** Move, without zooming, so that a point can be seen. */
  reveal([px, py]) {
    const [x, y, w, h] = this.box;
    const edge = 0.08;
    const seen = px > x + w * edge && px < x + w * (1 - edge) && py > y + h * edge && py < y + h * (1 - edge);
    if (!seen && this.depth > 1.01) this.set(px - w / 2, py - h / 2, w);
  }

  at(svg, event) {
    const frame = svg.getBoundingClientRect();
    const [x, y, w, h] = this.box;
    return [x + ((event.clientX - frame.left) / frame.width) * w, y + ((event.clientY - frame.top) / frame.height) * h];
  }

  listen(svg) {
    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.by(Math.exp(-event.deltaY / 200), this.at(svg, event));
      },
      { passive: false },
    );
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.drag(svg, event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      svg.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    }
  }

  press(event) {
    if (this.pointers.size === 0) this.dragged = false;
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  drag(svg, event) {
    const was = this.pointers.get(event.pointerId);
    if (!was) return;
    const now = [event.clientX, event.clientY];
    if (this.pointers.size === 2) this.pinch(svg, event, now);
    else if (this.depth > 1.01) this.pan(svg, was, now);
    if (this.dragged || this.pointers.size === 2) this.pointers.set(event.pointerId, now);
  }

  pan(svg, was, now) {
    const [dx, dy] = [now[0] - was[0], now[1] - was[1]];
    if (!this.dragged && Math.hypot(dx, dy) < 5) return;
    this.dragged = true;
    const unit = this.box[2] / svg.clientWidth;
    this.set(this.box[0] - dx * unit, this.box[1] - dy * unit, this.box[2]);
  }

  pinch(svg, event, now) {
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)[1];
    const was = this.pointers.get(event.pointerId);
    const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
    this.dragged = true;
    const middle = { clientX: (now[0] + other[0]) / 2, clientY: (now[1] + other[1]) / 2 };
    this.by(apart(now, other) / apart(was, other), this.at(svg, middle));
  }
}
