// What tests of accessibility look for in a page, beside what axe-core knows: put into the page as window.measure.

window.measure = (() => {
  const main = () => document.querySelector("[data-testid=stMain]");
  const up = (one) => one.parentElement ?? one.getRootNode().host;
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX);
  const words = (one) => (one.getAttribute("aria-label") || one.textContent || "").trim().slice(0, 40);
  const named = (what, one) => `${what}: ${one.tagName.toLowerCase()} “${words(one)}”`;

  /** Every element of the page, those in shadow roots as well. */
  function all() {
    const roots = [main(), ...[...main().querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
    return roots.flatMap((root) => [...root.querySelectorAll("*")]);
  }

  function isSeen(one, style) {
    const { width, height } = one.getBoundingClientRect();
    return width >= 2 && height >= 2 && style.visibility !== "hidden" && style.clipPath === "none" && style.opacity !== "0";
  }

  function inScroller(one) {
    for (let at = up(one); at && at !== main(); at = up(at)) if (scrolls(at)) return true;
    return false;
  }

  /** What is wrong with one element that is seen; WCAG 2.5.8 leaves out links within a sentence. */
  function* faults(one, style) {
    const { left, right, width, height } = one.getBoundingClientRect();
    const drawn = one instanceof SVGElement && one.tagName !== "svg";
    if (!drawn && (right > innerWidth + 1 || left < -1) && !inScroller(one)) yield "beyond the edge";
    const hides = /hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    if (hides && !drawn && one.tagName !== "INPUT") yield "cut off";
    const target = one.matches("button, a[href], select, summary, [role=button], [role=radio], [role=tab], label:has(input)");
    const inSentence = one.tagName === "A" && style.display === "inline";
    if (target && !inSentence && (width < 24 || height < 24)) yield `a target of ${Math.round(width)} by ${Math.round(height)}`;
  }

  /** What stands beyond the edge, is cut by its own frame, or is too small to press. */
  function wrong() {
    const found = [];
    const tooWide = document.documentElement.scrollWidth > innerWidth || main().scrollWidth > main().clientWidth;
    if (tooWide) found.push("the page scrolls sideways");
    for (const one of all()) {
      const style = getComputedStyle(one);
      if (isSeen(one, style)) for (const what of faults(one, style)) found.push(named(what, one));
    }
    return [...new Set([...found, ...unreached()])];
  }

  /** Frames that scroll by themselves and have no name, or can't be reached with the keyboard. */
  function unreached() {
    const wide = all().filter((one) => scrolls(one) && one.scrollWidth > one.clientWidth + 1);
    return wide.filter((one) => one.tabIndex < 0 || !one.getAttribute("aria-label")).map((one) => named("can't be scrolled by keyboard", one));
  }

  /** What axe-core finds: rule, way to the element, what is wrong. */
  async function violations(tags) {
    const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    const last = (node) => node.failureSummary.split("\n").pop().trim();
    return found.violations.flatMap((one) => one.nodes.map((node) => [one.id, node.target.flat(), last(node)]));
  }

  return { wrong, violations };
})();
