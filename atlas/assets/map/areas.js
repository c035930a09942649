// Classed areas below the symbols: fill and hatching per class, facts under the pointer. What
// they mean is no matter here: the payload has classes, texts and facts (atlas/webmap/areas.py).
(function (Atlas) {
  "use strict";
  const TILE = 10; // pixels after which the hatching repeats
  const FAINT = 0.35; // of symbols that make room for the areas
  const SYMBOLS = { full: 1, faint: FAINT, none: 0 };
  const LINES = {
    lines: [[-1, 1, 1, -1], [0, TILE, TILE, 0], [TILE - 1, TILE + 1, TILE + 1, TILE - 1]],
    back: [[-1, TILE - 1, 1, TILE + 1], [0, 0, TILE, TILE], [TILE - 1, -1, TILE + 1, 1]],
    level: [[0, TILE / 2, TILE, TILE / 2]],
  };
  LINES.cross = [...LINES.lines, ...LINES.back];

  function shape(rings) {
    const path = new Path2D();
    const bounds = [Infinity, Infinity, -Infinity, -Infinity];
    for (const numbers of rings) Atlas.trace(path, numbers, true, bounds);
    return { path, bounds };
  }

  class Areas {
    constructor(layer) {
      this.layer = layer;
      this.shapes = [];
      this.wanted = [];
      this.chosen = [];
      this.symbols = Atlas.storage("localStorage", "symbols") || "faint";
    }

    // A canvas of its own above the ground, made with the first areas: most maps have none.
    get context() {
      const { stage, map } = this.layer;
      if (!this.canvas) {
        const pane = map.createPane("atlas-areas");
        Object.assign(pane.style, { zIndex: 200, pointerEvents: "none" });
        this.canvas = Atlas.element("canvas", { class: "atlas-canvas leaflet-zoom-animated", "aria-hidden": "true" });
        pane.append(this.canvas);
        this.index = stage.canvases.push(this.canvas) - 1;
        stage.contexts.push(this.canvas.getContext("2d"));
        stage.fit();
      }
      return stage.clear(this.index);
    }

    get shown() { return Boolean(this.data); }

    async take(message) {
      this.wanted = message.areas_selected || [];
      const address = message.areas || "";
      if (address === this.address) return this.choose();
      this.address = address;
      this.hovered = undefined;
      let data = null;
      try {
        if (address) data = await Atlas.load("analysis/" + address);
      } catch (error) {
        if (address === this.address) this.missing(error);
        return undefined;
      }
      if (address !== this.address) return undefined; // another one was asked for meanwhile
      this.set(data);
      return this.choose();
    }

    set(data) {
      this.data = data;
      this.chosen = []; // places in the areas that were
      this.shapes = data ? data.rings.map(shape) : [];
      // One path per class, so that a paint costs a few fills and not one per area.
      this.paths = data ? data.classes.map(() => new Path2D()) : [];
      this.shapes.forEach(({ path }, at) => this.paths[data.class[at]].addPath(path));
      this.patterns = {};
      this.fade();
      this.layer.legend.draw();
      this.layer.refresh();
    }

    missing(error) {
      console.error("Raumatlas:", error);
      this.address = undefined; // the next message tries again
      this.set(null);
      Atlas.notice(this.layer, this.layer.text("no_areas"));
    }

    // ---- painting ----
    get theme() { return this.layer.dark ? "dark" : "light"; }

    // Hatching in pixels of the screen, so that it is as dense close up as far away.
    pattern(context, one) {
      const key = this.theme + one.code + this.layer.stage.ratio;
      if (!this.patterns[key]) {
        const { ratio } = this.layer.stage;
        const tile = Atlas.element("canvas", { width: Math.round(TILE * ratio), height: Math.round(TILE * ratio) });
        const pen = tile.getContext("2d");
        pen.scale(tile.width / TILE, tile.height / TILE);
        stroke(pen, one, this.theme);
        this.patterns[key] = context.createPattern(tile, "repeat");
      }
      return this.patterns[key];
    }

    paint(bold) {
      if (!this.shown && !this.canvas) return;
      const { context } = this;
      if (!this.shown) return;
      const { stage, palette, tiles } = this.layer;
      context.lineJoin = "round";
      this.data.classes.forEach((one, number) => {
        const open = one.pattern === "lines"; // nothing is known there: the ground stays visible
        this.enter(context);
        context.globalAlpha = open ? 0.6 : tiles ? 0.7 : 0.92;
        context.fillStyle = one.colour[this.theme];
        context.fill(this.paths[number], "evenodd");
        if (one.pattern) this.hatch(context, this.paths[number], one, open ? 0.2 : 0.85);
        context.globalAlpha = open ? 0.5 : 1;
        // Between thousands of small areas lines would hide what they part.
        if (this.shapes.length < 3000 || stage.zoom > 11) this.outline(context, this.paths[number], palette.casing, stage.zoom < 10 ? 0.5 : 1);
      });
      this.data.classes.forEach((one, number) => { if (one.edge) this.outline(context, this.paths[number], palette.select, bold ? 3 : 1.8); });
    }

    // Into the pixels of the world, in which the shapes are kept.
    enter(context) {
      const { scale, ratio, offsetX, offsetY } = this.layer.stage;
      context.setTransform(scale * ratio, 0, 0, scale * ratio, offsetX * ratio, offsetY * ratio);
    }

    outline(context, path, colour, width) {
      context.strokeStyle = colour;
      context.lineWidth = width / this.layer.stage.scale;
      context.stroke(path);
    }

    hatch(context, path, one, strength) {
      context.save();
      context.clip(path, "evenodd");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.globalAlpha = strength;
      context.fillStyle = this.pattern(context, one);
      context.fillRect(0, 0, context.canvas.width, context.canvas.height);
      context.restore();
    }

    // The area under the pointer, and the chosen ones.
    paintMarks(context) {
      if (!this.shown) return;
      const { palette } = this.layer;
      context.save();
      this.enter(context);
      context.lineJoin = "round";
      for (const [at, width] of [[this.hovered, 2], ...this.chosen.map((one) => [one, 4])]) {
        if (!(at >= 0)) continue;
        this.outline(context, this.shapes[at].path, palette.casing, width + 2.5);
        this.outline(context, this.shapes[at].path, palette.select, width);
      }
      context.restore();
    }

    // ---- symbols above the areas ----
    fade() {
      const { stage } = this.layer;
      const strength = this.shown ? SYMBOLS[this.symbols] ?? FAINT : 1;
      stage.canvases[Atlas.Stage.SPACES].style.opacity = strength === 1 ? "" : String(strength);
    }

    get hidesSymbols() { return this.shown && this.symbols === "none"; }

    // ---- pointer ----
    at(point) {
      if (!this.shown) return -1;
      const { x, y } = this.layer.stage.world(point);
      const pen = this.layer.stage.contexts[this.index];
      pen.save();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      const found = this.shapes.findIndex(({ path, bounds }) =>
        x >= bounds[0] && x <= bounds[2] && y >= bounds[1] && y <= bounds[3] && pen.isPointInPath(path, x, y, "evenodd"));
      pen.restore();
      return found;
    }

    // Returns whether there is something to say here.
    hover(point, tip) {
      const at = this.at(point);
      if (at !== this.hovered) {
        this.hovered = at;
        this.layer.mark();
      }
      if (at < 0) return false;
      tip.replaceChildren(Atlas.element("div", {}, ...this.describe(at)));
      tip.hidden = false;
      const size = this.layer.map.getSize();
      const left = point.x + 16 + tip.offsetWidth < size.x ? point.x + 16 : point.x - 16 - tip.offsetWidth;
      tip.style.left = Math.max(4, Math.min(left, size.x - tip.offsetWidth - 4)) + "px";
      tip.style.top = Math.max(4, Math.min(point.y - tip.offsetHeight / 2, size.y - tip.offsetHeight - 4)) + "px";
      return true;
    }

    unhover() {
      if (this.hovered === undefined || this.hovered < 0) return;
      this.hovered = undefined;
      this.layer.mark();
    }

    describe(at) {
      const { label, classes, facts } = this.data;
      const lines = facts.filter(([, texts]) => texts[at]).map(([name, texts]) => Atlas.element("span", { class: "atlas-fact" }, name + ": " + texts[at]));
      const one = classes[this.data.class[at]];
      return [Atlas.element("strong", { dir: "auto" }, label[at]), Atlas.element("span", { class: "atlas-fact atlas-area-class" }, this.swatch(one), one.text), ...lines];
    }

    click(point, tip) {
      const at = this.at(point);
      if (at < 0) return false;
      this.hover(point, tip); // by touch there was no hovering
      this.chosen = [at];
      this.layer.mark();
      this.layer.tell("area " + this.data.id[at]);
      return true;
    }

    // The areas that the page has chosen, brought into view.
    choose() {
      const before = String(this.chosen);
      const found = this.shown ? this.wanted.map((id) => this.data.id.indexOf(id)) : [];
      this.chosen = found.filter((at) => at >= 0);
      if (!this.chosen.length || String(this.chosen) === before) return this.layer.mark();
      const { view, map } = this.layer;
      const bounds = L.latLngBounds([]);
      for (const at of this.chosen) {
        const [x0, y0, x1, y1] = this.shapes[at].bounds;
        bounds.extend(view.at(x0, y0)).extend(view.at(x1, y1));
      }
      // What the view follows counts: the frame may be still too small to show it.
      const seen = [map.getBounds(), ...(view.goal ? [view.goal[0]] : [])];
      if (!seen.some((part) => part.contains(bounds))) view.fit(bounds, 40, 12);
      return this.layer.mark();
    }

    // ---- legend ----
    swatch(one) {
      return Atlas.picture(20, (context) => {
        context.beginPath();
        context.rect(-9, -6, 18, 12);
        context.fillStyle = one.colour[this.theme];
        context.fill();
        context.save();
        context.clip();
        context.translate(-TILE, -TILE);
        for (const [x, y] of [[0, 0], [TILE, 0], [0, TILE], [TILE, TILE], [-TILE, 0], [-TILE, TILE]]) {
          context.save();
          context.translate(x, y);
          stroke(context, one, this.theme);
          context.restore();
        }
        context.restore();
        context.strokeStyle = one.edge ? this.layer.palette.select : this.layer.palette.district;
        context.lineWidth = one.edge ? 2 : 1;
        context.strokeRect(-9, -6, 18, 12);
      });
    }

    legend() {
      if (!this.shown) return [];
      const { layer } = this;
      const rows = this.data.classes.map((one) => Atlas.element("li", {}, this.swatch(one),
        Atlas.element("span", { class: "atlas-area-text" }, one.text), Atlas.element("b", {}, layer.number.format(one.count))));
      const options = Object.keys(SYMBOLS).map((key) => Atlas.element("option", { value: key, selected: key === this.symbols ? "" : false }, layer.text("symbols_" + key)));
      const choice = Atlas.element("select", { on: { change: () => this.setSymbols(choice.value) } }, ...options);
      return [Atlas.element("div", { class: "atlas-areas" }, Atlas.element("h3", {}, this.data.title), Atlas.element("ul", {}, ...rows),
        Atlas.element("label", {}, layer.text("symbols"), choice))];
    }

    setSymbols(key) {
      this.symbols = Atlas.storage("localStorage", "symbols", key) || key;
      this.fade();
      this.layer.mark();
    }
  }

  function stroke(context, one, theme) {
    context.beginPath();
    for (const [x0, y0, x1, y1] of LINES[one.pattern] || []) { context.moveTo(x0, y0); context.lineTo(x1, y1); }
    context.strokeStyle = one.line[theme];
    context.lineWidth = 1.2;
    context.stroke();
  }

  Atlas.Areas = Areas;
})(window.AtlasMap);
