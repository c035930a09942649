// The layer: takes messages, evaluates the filter, paints, tells the page what was clicked.
(function (Atlas) {
  "use strict";
  const AGES = ["current", "recheck", "outdated", "undated"];

  class Layer {
    constructor(map, config, messenger) {
      this.map = map;
      this.messenger = messenger;
      this.config = config;
      this.message = {};
      this.stats = { paintMs: 0, filterMs: 0, painted: 0, inView: 0, matched: 0, total: 0, paints: 0 };
      this.names = { kind: Object.keys(config.labels.kind), vacancy: Object.keys(config.labels.vacancy), letters: config.letters };
      this.media = window.matchMedia("(prefers-color-scheme: dark)");
      this.media.addEventListener("change", () => this.refresh());
      this.stage = new Atlas.Stage(map, () => this.paint());
      this.picker = new Atlas.Picker(this);
      this.near = new Atlas.Near();
      this.areas = new Atlas.Areas(this);
      this.ahead = new Atlas.Ahead(this);
      this.number = new Intl.NumberFormat(config.language);
    }

    // ---- data ----
    setTable(payload) {
      this.table = new Atlas.Table(payload);
      this.mask = new Uint8Array(this.table.n).fill(1);
      this.rank = new Uint32Array(this.table.n);
      this.table.order.forEach((row, position) => { this.rank[row] = position; });
      this.points = new Atlas.Points(this.table, this.names);
      this.stats.total = this.table.n;
    }

    async reload() {
      const wanted = this.message.version;
      if (this.asked === wanted) return;
      this.asked = wanted; // once per version: a table that lags behind is no reason to loop
      await Atlas.attempt(this, async () => {
        this.setTable(await Atlas.load(Atlas.paths.spaces, true));
        this.apply();
      });
    }

    // ---- messages ----
    async receive(given) {
      const message = (this.message = this.ahead.inTurn(given));
      if (!this.table) return;
      if (message.version && message.version !== this.table.version) this.reload();
      Atlas.arrange(this);
      this.near.take(message);
      this.areas.take(message);
      this.legend.showNear();
      await this.apply(); // may have to load the words first
      if (this.message === message) this.view.follow(message);
    }

    async apply() {
      const spec = this.message.spec || {};
      const started = performance.now();
      const run = (this.run = (this.run || 0) + 1);
      if (this.ahead.isShown(spec)) return this.confirm();
      if (Atlas.needsWords(spec) && !this.table.words) {
        const loaded = await Atlas.attempt(this, async () => this.table.setWords(await Atlas.load(Atlas.paths.words + "?v=" + this.table.version)));
        if (!loaded || run !== this.run) return;
      }
      const today = spec.today ?? Math.floor(Date.now() / 864e5);
      if (today !== this.table.today) {
        Atlas.setToday(this.table, today, this.config.age.recheck, this.config.age.outdated);
        this.points.restyle();
      }
      this.stats.matched = Atlas.evaluate(this.table, spec, this.mask);
      this.stats.filterMs = performance.now() - started;
      this.evaluated = this.message;
      this.ahead.shows(spec);
      this.report();
      this.refresh();
    }

    // The spaces are painted already, mostly because the map went ahead.
    confirm() {
      this.evaluated = this.message;
      if (this.palette === this.painted) this.paintMarks();
      else this.refresh();
    }

    report() {
      let unplaced = 0;
      for (let i = 0; i < this.mask.length; i++) if (this.mask[i] && Number.isNaN(this.table.wx[i])) unplaced++;
      const { matched } = this.stats;
      const said = matched ? this.plural("count", matched) : this.text("count_none");
      this.count(unplaced ? said + " · " + this.text("unplaced", { n: unplaced }) : said);
    }

    count(text) { if (this.counter) this.counter.textContent = text; }

    // ---- painting ----
    get dark() {
      const theme = this.message.theme || "auto";
      if (this.tiles || this.paper) return false; // tile services and paper are light
      return theme === "auto" ? this.media.matches : theme === "dark";
    }

    get palette() { return this.config.palettes[(this.dark ? "dark" : "light") + (this.message.show ? "-show" : "")]; }

    refresh() {
      const container = this.map.getContainer();
      container.classList.toggle("atlas-dark", this.dark);
      container.classList.toggle("atlas-show", Boolean(this.message.show));
      if (this.legend && this.painted !== this.palette) this.legend.draw();
      this.painted = this.palette;
      this.stage.paintNow();
    }

    paint() {
      const started = performance.now();
      try {
        const bold = Boolean(this.message.show);
        this.paintGround(bold);
        this.areas.paint(bold);
        if (this.table) Object.assign(this.stats, this.points.paint(this.stage, this.mask, this.palette, bold));
        this.paintMarks();
      } catch (error) {
        Atlas.fail(this, "paint", error);
        return;
      }
      this.stats.paintMs = performance.now() - started;
      this.stats.paints++;
      this.wantStops();
      window.dispatchEvent(new CustomEvent("atlas:painted", { detail: { ...this.stats, zoom: this.stage.zoom, fit: this.message.fit } }));
    }

    paintGround(bold) {
      const { stage } = this;
      const state = [stage.zoom, stage.offsetX, stage.offsetY, stage.width, stage.height, stage.ratio, bold, Boolean(this.tiles), Boolean(this.base), Boolean(this.base && this.base.stops)].join();
      if (this.groundState === state && this.groundPalette === this.palette) return; // a filter leaves the ground as it is
      this.groundState = state;
      this.groundPalette = this.palette;
      if (this.base) this.base.paint(stage, this.palette, { bare: Boolean(this.tiles), bold });
      else for (const which of [Atlas.Stage.GROUND, Atlas.Stage.NAMES]) stage.clear(which);
    }

    // The stops are seen close up only, and fetched when there is time before: a choice of a town,
    // which comes close, then moves no data. Where bytes are dear, not before they are wanted.
    prepareStops() {
      if (navigator.connection && navigator.connection.saveData) return;
      (window.requestIdleCallback || setTimeout)(() => this.loadStops());
    }

    wantStops() {
      if (this.base && !this.tiles && this.stage.zoom >= Atlas.Base.STOPS_FROM) this.loadStops();
    }

    loadStops() {
      if (this.stopsAsked || !this.base) return;
      this.stopsAsked = true;
      Atlas.load(Atlas.paths.stops).then((payload) => {
        this.base.setStops(payload);
        if (this.stage.zoom >= Atlas.Base.STOPS_FROM) this.refresh();
      }).catch((error) => console.error("Raumatlas:", error));
    }

    mark() { if (this.table) this.paintMarks(); }

    paintMarks() {
      const context = this.stage.clear(Atlas.Stage.MARKS);
      if (!this.table || !this.points.style) return;
      const radius = this.points.style.radius;
      this.areas.paintMarks(context);
      this.near.paint(context, this.stage, this.palette, Boolean(this.message.show));
      for (const id of this.message.shortlist || []) this.circle(context, this.table.rowOf(id), Math.max(radius, 5) + 4, this.palette.star, 2.6);
      const chosen = this.table.rowOf(this.selected ?? this.message.selected);
      for (const row of [this.picker.hovered ?? -1, chosen]) {
        if (!this.table.located(row)) continue;
        const size = Math.max(radius, 8) * (row === chosen ? 1.3 : 1.15);
        if (this.table.label(row, "kind") !== "creative_quarter") this.points.ring(context, this.stage, row, this.palette, radius, 0.9);
        this.drawOne(context, row, size);
        this.circle(context, row, size + 4, this.palette.select, row === chosen ? 3.2 : 1.6);
      }
      if (!this.areas.shown) for (const pile of this.points.stacks) this.badge(context, pile, pile.rows.includes(chosen) ? Math.max(radius, 8) * 1.3 + 6 : radius);
      if (this.message.show && this.table.located(chosen)) this.tag(context, chosen, Math.max(radius, 8) * 1.3 + 14);
    }

    // How many share a point, at the upper right of their symbol.
    badge(context, pile, radius) {
      const size = this.message.show ? 10.5 : 7.5;
      const [x, y] = [pile.x + radius * 0.82, pile.y - radius * 0.82];
      const text = pile.rows.length > 99 ? "99+" : String(pile.rows.length);
      context.font = `700 ${size * 1.4}px system-ui, "Segoe UI", sans-serif`;
      const half = Math.max(size, context.measureText(text).width / 2 + size * 0.5);
      context.beginPath();
      context.roundRect(x - half, y - size, 2 * half, 2 * size, size);
      context.fillStyle = this.palette.select;
      context.strokeStyle = this.palette.casing;
      context.lineWidth = 2;
      context.stroke();
      context.fill();
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = this.palette.casing;
      context.fillText(text, x, y + size * 0.1);
    }

    // The name of the chosen space on a plate of its own, for those at the back of the room.
    tag(context, row, gap) {
      const { stage, table, palette } = this;
      const name = table.names[row].length > 44 ? table.names[row].slice(0, 42).trimEnd() + "…" : table.names[row];
      context.font = '600 21px system-ui, "Segoe UI", sans-serif';
      const width = context.measureText(name).width + 20;
      let [x, y] = [stage.x(table.wx[row]) + gap, stage.y(table.wy[row])];
      const margin = (stage.width - this.map.getSize().x) / 2; // of the canvas, beyond the view
      if (x + width > stage.width - margin) { // no room beside it, as on a phone: below it
        x = Math.max(margin + 8, Math.min(x - gap - width / 2, stage.width - margin - width - 8));
        y += gap + 20;
      }
      context.beginPath();
      context.roundRect(x, y - 18, width, 36, 6);
      context.fillStyle = palette.paper;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = palette.select;
      context.stroke();
      context.textAlign = "left";
      context.textBaseline = "middle";
      context.fillStyle = palette.select;
      context.fillText(name, x + 10, y + 1);
    }

    drawOne(context, row, size) {
      context.save();
      context.translate(this.stage.x(this.table.wx[row]), this.stage.y(this.table.wy[row]));
      Atlas.drawSymbol(context, this.what(row), size, this.palette);
      context.restore();
    }

    circle(context, row, radius, colour, width) {
      if (!this.table.located(row)) return;
      context.beginPath();
      context.arc(this.stage.x(this.table.wx[row]), this.stage.y(this.table.wy[row]), radius, 0, 2 * Math.PI);
      context.strokeStyle = this.palette.casing;
      context.lineWidth = width + 2.4;
      context.stroke();
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }

    // ---- words ----
    text(key, values) {
      let text = this.config.texts[key] || key;
      for (const [name, value] of Object.entries(values || {})) text = text.replace(`{${name}}`, typeof value === "number" ? this.number.format(value) : value);
      return text;
    }

    plural(key, n) { return this.text(key + (n === 1 ? "_one" : "_many"), { n }); }

    what(row) {
      const { table } = this;
      return {
        vacancy: table.label(row, "vacancy"), kind: table.label(row, "kind"), age: table.age[row], hollow: table.hollow[row],
        letter: this.config.letters[table.code.type_group[row]] || "",
      };
    }

    facts(row) {
      const { labels } = this.config;
      const { vacancy, kind, age } = this.what(row);
      const type = labels.type[this.table.label(row, "type")];
      if (kind === "creative_quarter") return labels.kind[kind];
      return [type, labels.vacancy[vacancy], vacancy === "unknown" ? "" : labels.age[AGES[age]]].filter(Boolean).join(" · ");
    }

    icon(row) { return Atlas.iconOf(this.what(row), this.palette, 9); }

    // ---- selection ----
    choose(row) {
      this.selected = this.table.ids[row];
      this.paintMarks();
      this.tell("select " + this.selected);
    }

    clear() {
      if (!(this.selected ?? this.message.selected)) return;
      this.selected = "";
      this.paintMarks();
      this.tell("clear");
    }

    tell(event) {
      this.told = Math.max(Date.now(), (this.told || 0) + 1); // two in one millisecond are two
      Atlas.tell(this.messenger, this.told.toString(36) + " " + event);
    }

    matches() { return this.table ? this.table.ids.filter((_, row) => this.mask[row]) : []; }
  }
  Atlas.Layer = Layer;
})(window.AtlasMap);
