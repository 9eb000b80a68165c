// One tab stop for a map; arrow keys go to the nearest area that way, letters go to a name.

import { neighbour } from "./geometry.js";

const PAUSE_MS = 700;

export class Keyboard {
  /** `listeners`: focused(i), blurred(), chosen(i), left(), zoom(factor). */
  constructor(drawing, listeners) {
    Object.assign(this, { drawing, listeners, active: 0, typed: "", typedAt: 0 });
    this.lowerNames = drawing.plan.names.map((name) => name.toLowerCase());
    drawing.options[0]?.setAttribute("tabindex", 0);
    drawing.svg.addEventListener("keydown", (event) => this.press(event));
    drawing.svg.addEventListener("focusin", (event) => this.enter(event));
    drawing.svg.addEventListener("focusout", () => listeners.blurred());
  }

  enter({ target }) {
    if (!target.dataset.i) return;
    this.setActive(Number(target.dataset.i));
    this.listeners.focused(this.active, target.matches(":focus-visible"));
  }

  setActive(i) {
    this.drawing.options[this.active].setAttribute("tabindex", -1);
    this.active = i;
    this.drawing.options[i].setAttribute("tabindex", 0);
  }

  go(i) {
    this.drawing.options[i].focus({ preventScroll: true });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handled = this.act(event.key);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  act(key) {
    const last = this.drawing.options.length - 1;
    if (key.startsWith("Arrow")) this.go(neighbour(this.drawing.plan.centres, this.active, key));
    else if (key === "Home") this.go(0);
    else if (key === "End") this.go(last);
    else if (key === "Enter" || (key === " " && !this.typing())) this.listeners.chosen(this.active);
    else if (key === "Escape") this.listeners.left();
    else if (key === "+" || key === "=") this.listeners.zoom(1.6);
    else if (key === "-") this.listeners.zoom(1 / 1.6);
    else if (key.length === 1) this.typeAhead(key);
    else return false;
    return true;
  }

  typing() {
    return this.typed !== "" && performance.now() - this.typedAt < PAUSE_MS;
  }

  typeAhead(letter) {
    this.typed = (this.typing() ? this.typed : "") + letter.toLowerCase();
    this.typedAt = performance.now();
    const names = this.lowerNames;
    const start = this.typed.length === 1 ? this.active + 1 : this.active;
    for (let k = 0; k < names.length; k += 1) {
      const i = (start + k) % names.length;
      if (names[i].startsWith(this.typed)) {
        this.go(i);
        return;
      }
    }
  }
}
