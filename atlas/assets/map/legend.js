// The legend: drawn with the same function as the symbols on the map.
(function (Atlas) {
  "use strict";
  // A small canvas, `size` pixels wide, drawn on around its middle.
  Atlas.picture = function (size, draw) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = Atlas.element("canvas", { width: size * ratio, height: size * ratio, class: "atlas-icon", "aria-hidden": "true", style: `width:${size}px;height:${size}px` });
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, (size * ratio) / 2, (size * ratio) / 2);
    draw(context);
    return canvas;
  };

  Atlas.iconOf = function (what, palette, radius) {
    const whole = { age: 0, hollow: 0, kind: "creative_site", letter: "", ...what };
    return Atlas.picture(Math.ceil(radius * 2.2 + 6), (context) => Atlas.drawSymbol(context, whole, radius, palette));
  };

  class Legend {
    constructor(layer) {
      this.layer = layer;
      this.wanted = Atlas.storage("localStorage", "legend") ?? true;
      this.open = false; // until the frame has its size
      this.body = Atlas.element("div", { class: "atlas-legend-body", id: "atlas-legend-body" });
      this.switch = Atlas.button("legend", layer.text("legend"), () => this.toggle(), { "aria-controls": "atlas-legend-body", class: "atlas-button atlas-legend-switch" });
      this.switch.append(layer.text("legend"));
      this.near = Atlas.element("p", { class: "atlas-near", hidden: "" });
      this.node = Atlas.element("section", { class: "atlas-legend", "aria-label": layer.text("legend") }, this.near, this.switch, this.body);
      this.draw();
      this.unfold();
    }

    toggle() {
      this.wanted = this.open = !this.open;
      Atlas.storage("localStorage", "legend", this.open);
      this.apply();
    }

    // Open where there is room, unless somebody folded it; the frame gets its size after us.
    unfold() {
      const { clientWidth, clientHeight } = this.layer.map.getContainer(); // the map learns it later
      const wide = clientWidth >= 640 && clientHeight >= 420;
      if (wide !== this.wide) this.open = wide && this.wanted;
      this.wide = wide;
      this.apply();
    }

    apply() {
      this.body.hidden = !this.open;
      this.switch.setAttribute("aria-expanded", String(this.open));
    }

    // On a low screen everything is a little smaller, so that nothing is cut off.
    settle() {
      this.unfold();
      const low = this.layer.map.getContainer().clientHeight < 720;
      if (low === this.low) return;
      this.low = low;
      this.node.classList.toggle("atlas-low", low);
      this.draw();
    }

    // Said also while the rest is folded: it explains a circle that comes and goes.
    showNear() {
      const { near, palette } = this.layer;
      this.near.hidden = !near.shown;
      this.near.replaceChildren(...(near.shown ? [near.icon(palette), Atlas.element("span", { dir: "auto" }, near.text)] : []));
    }

    group(title, entries) {
      const { palette, message } = this.layer;
      const radius = message.show && !this.low ? 9 : 6.5;
      const rows = entries.map(([what, label]) => Atlas.element("li", {}, Atlas.iconOf(what, palette, radius), label));
      return Atlas.element("div", {}, Atlas.element("h3", {}, title), Atlas.element("ul", {}, ...rows));
    }

    draw() {
      const { config, dark } = this.layer;
      const { labels } = config;
      const word = (key) => this.layer.text(key);
      const plain = dark ? "in_use" : "unknown";
      const vacancy = Object.entries(labels.vacancy).filter(([code]) => code !== "not_applicable");
      const symbols = [
        this.group(word("legend_vacancy"), vacancy.map(([code, label]) => [{ vacancy: code, kind: "none" }, label])),
        this.group(word("legend_kind"), Object.entries(labels.kind).map(([kind, label]) => [{ vacancy: kind === "creative_quarter" ? "not_applicable" : plain, kind, letter: kind === "creative_quarter" ? "Q" : "" }, label])),
        this.group(word("legend_age"), Object.values(labels.age).map((label, age) => [{ vacancy: "partly_vacant", age }, label])),
        this.group(word("legend_place"), [[{ vacancy: plain }, word("precise")], [{ vacancy: plain, hollow: 1 }, word("imprecise")]]),
        this.letters()];
      const areas = this.layer.areas.legend();
      // Below areas the symbols are the smaller part, and their legend is folded.
      this.body.replaceChildren(...(areas.length ? [...areas, Atlas.element("details", {}, Atlas.element("summary", {}, word("symbols_key")), ...symbols)] : symbols));
      this.showNear();
    }

    letters() {
      const { config } = this.layer;
      const rows = Object.values(config.labels.type_group).map((label, position) =>
        Atlas.element("li", {}, Atlas.element("b", {}, config.letters[position]), label));
      return Atlas.element("details", {}, Atlas.element("summary", {}, this.layer.text("legend_letters")), Atlas.element("ul", { class: "atlas-letters" }, ...rows));
    }
  }
  Atlas.Legend = Legend;
})(window.AtlasMap);
