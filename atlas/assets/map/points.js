// Paints the spaces that match: dots when there are many, symbols when there are few.
(function (Atlas) {
  "use strict";
  const DENSE = 12000, MANY = 1500, FEW = 70;
  const SAME = 3, STACKED_FROM = 13;
  const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif';

  // How large symbols are at this zoom with so many in view; `cell`: of the occupancy grid.
  function level(count, zoom, bold) {
    const grow = bold ? 1.4 : 1;
    if (count > DENSE) return { radius: 2.2 * grow, cell: 2, letters: false };
    if (count > MANY) return { radius: 3.3 * grow, cell: 2, letters: false };
    const letters = zoom >= 12.5 || count <= FEW;
    const radius = zoom < 9.25 ? 4.6 : zoom < 10 ? 5.4 : zoom < 11 ? 6.4 : zoom < 12.5 ? 7.5 : zoom < 14.5 ? 9 : 10.5;
    return { radius: (letters ? Math.max(8.5, radius) : radius) * grow, cell: 0, letters };
  }

  class Points {
    constructor(table, names) {
      this.table = table;
      this.names = names;
      this.inView = new Uint32Array(table.n);
      this.px = new Float32Array(table.n);
      this.py = new Float32Array(table.n);
      this.looks = Atlas.looks(table);
    }

    restyle() { this.looks = Atlas.looks(this.table); }

    sprites(palette, radius, ratio) {
      const kept = this.kept;
      if (!kept || kept.palette !== palette || kept.radius !== radius || kept.ratio !== ratio) {
        this.kept = new Atlas.Sprites(this.names, palette, radius, ratio);
      }
      return this.kept;
    }

    // Rows in view, in the given order, with their pixels; returns how many. Stops beyond `most`.
    collect(stage, mask, margin, order, most = Infinity) {
      const { wx, wy } = this.table;
      const { scale, offsetX, offsetY } = stage;
      const right = stage.width + margin, bottom = stage.height + margin;
      const { inView, px, py } = this;
      let count = 0;
      for (let k = 0; k < order.length && count <= most; k++) {
        const i = order[k];
        if (!mask[i]) continue;
        const x = wx[i] * scale + offsetX;
        if (x < -margin || x > right) continue;
        const y = wy[i] * scale + offsetY;
        if (y < -margin || y > bottom) continue;
        inView[count] = i; px[count] = x; py[count++] = y;
      }
      return count;
    }

    // Drops points whose cell is taken by one of higher priority: they would be covered.
    thin(stage, count, cell) {
      const width = Math.ceil((stage.width + 64) / cell) + 2;
      const taken = new Uint8Array(width * (Math.ceil((stage.height + 64) / cell) + 2));
      const { inView, px, py } = this;
      let kept = 0;
      for (let k = 0; k < count; k++) {
        const at = (((py[k] + 32) / cell) | 0) * width + (((px[k] + 32) / cell) | 0);
        if (taken[at]) continue;
        taken[at] = 1;
        inView[kept] = inView[k]; px[kept] = px[k]; py[kept++] = py[k];
      }
      return kept;
    }

    paint(stage, mask, palette, bold) {
      const context = stage.clear(Atlas.Stage.SPACES);
      const { order, mixed } = this.table;
      let seen = this.collect(stage, mask, 30, order, DENSE);
      // So dense that most lie hidden: then chance decides who is seen, not priority, or the
      // whole region would look vacant.
      if (seen > DENSE) seen = this.collect(stage, mask, 30, mixed);
      const style = (this.style = level(seen, stage.zoom, bold));
      const count = style.cell ? this.thin(stage, seen, style.cell) : seen;
      if (!style.cell) {
        this.areas(context, stage, mask, palette, bold);
        this.rings(context, stage, count, palette, style);
      }
      const sprites = this.sprites(palette, style.radius, stage.ratio);
      if (style.cell) this.stamp(context, stage, sprites, count);
      else this.draw(context, sprites, count, style);
      this.stacks = !style.cell && stage.zoom >= STACKED_FROM ? this.stack(count) : [];
      this.boxes = new Atlas.Boxes();
      if (!style.cell && stage.zoom >= 11.5) this.nameQuarters(context, stage, mask, palette, count, style.radius, bold);
      if (!style.cell && count <= FEW && stage.zoom >= 12.5) this.nameSpaces(context, stage, palette, count, style, bold);
      return { painted: count, inView: seen };
    }

    draw(context, sprites, count, style) {
      const { inView, px, py, looks } = this;
      const groups = this.table.code.type_group;
      const { half, size } = sprites;
      for (let k = count - 1; k >= 0; k--) {
        const i = inView[k];
        const sprite = sprites.get(looks[i], style.letters && groups[i] < 30 ? groups[i] + 1 : 0);
        context.drawImage(sprite, px[k] - half, py[k] - half, size, size);
      }
    }

    // Thousands of dots: written into the pixels directly, far faster than drawImage.
    stamp(context, stage, sprites, count) {
      const { inView, px, py, looks } = this;
      const canvas = context.canvas;
      const image = context.createImageData(canvas.width, canvas.height);
      const target = new Uint32Array(image.data.buffer);
      const stamps = []; // by look
      const { width, height } = canvas;
      const { pixels } = sprites, middle = pixels / 2, ratio = stage.ratio;
      for (let k = count - 1; k >= 0; k--) {
        const look = looks[inView[k]];
        const { steps, colours } = stamps[look] || (stamps[look] = dots(sprites.get(look, 0), pixels, width));
        const left = Math.round(px[k] * ratio - middle), top = Math.round(py[k] * ratio - middle);
        if (left < 0 || top < 0 || left + pixels > width || top + pixels > height) continue;
        for (let at = top * width + left, d = 0; d < steps.length; d++) target[at + steps[d]] = colours[d];
      }
      context.putImageData(image, 0, 0);
    }

    // Quarters are areas: soft, with a dashed edge at the radius that is known.
    areas(context, stage, mask, palette, bold) {
      const { wx, wy, uncertainty, metre } = this.table;
      const colour = palette.vacancy.not_applicable;
      for (const i of this.table.quarters) {
        if (!mask[i]) continue;
        const radius = uncertainty[i] * metre[i] * stage.scale;
        const x = stage.x(wx[i]), y = stage.y(wy[i]);
        if (radius < 9 || x < -radius || y < -radius || x > stage.width + radius || y > stage.height + radius) continue;
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.globalAlpha = radius > 600 ? 0.05 : 0.13;
        context.fillStyle = colour;
        context.fill();
        context.globalAlpha = 0.8;
        context.strokeStyle = colour;
        context.lineWidth = bold ? 2.4 : 1.4;
        context.setLineDash([5, 4]);
        if (radius < 4000) context.stroke();
        context.setLineDash([]);
        context.globalAlpha = 1;
      }
    }

    // Named beside their symbol, on top of all others: an area's edge may lie far outside.
    nameQuarters(context, stage, mask, palette, count, radius, bold) {
      const { inView, px, py, table } = this;
      const r = radius * 1.1;
      for (let k = 0; k < count; k++) this.boxes.place(px[k] - r, py[k] - r, 2 * r, 2 * r);
      const size = bold ? 19 : 13;
      context.font = `600 ${size}px ${FONT}`;
      const named = new Atlas.Boxes();
      const [edge, end] = [stage.width * 0.1, stage.width * 0.9]; // about what is seen of the canvas
      const seen = ([x]) => x - width / 2 > edge && x + width / 2 < end;
      let width;
      for (let k = 0; k < count && table.label(inView[k], "kind") === "creative_quarter"; k++) {
        const name = table.names[inView[k]];
        width = context.measureText(name).width;
        const spots = [[px[k], py[k] + r + size * 0.75], [px[k], py[k] - r - size * 0.75], [px[k] + r + 5 + width / 2, py[k]], [px[k] - r - 5 - width / 2, py[k]]];
        const box = ([x, y]) => [x - width / 2, y - size * 0.6, width, size * 1.2];
        const spot = spots.find((one) => seen(one) && this.boxes.place(...box(one))) || spots[0];
        if (named.place(...box(spot))) label(context, name, ...spot, palette.vacancy.not_applicable, palette.halo, size, 600);
      }
    }

    // Where several share a point (three pixels): how many, at the first of them.
    stack(count) {
      const { inView, px, py } = this;
      const found = new Map();
      const key = (x, y) => x * 65536 + y;
      for (let k = 0; k < count; k++) {
        const cx = Math.round(px[k] / SAME), cy = Math.round(py[k] / SAME);
        let pile;
        for (let d = 0; d < 9 && !pile; d++) {
          const near = found.get(key(cx + (d % 3) - 1, cy + ((d / 3) | 0) - 1));
          if (near && Math.hypot(near.x - px[k], near.y - py[k]) <= SAME) pile = near;
        }
        if (pile) pile.rows.push(inView[k]);
        else found.set(key(cx, cy), { x: px[k], y: py[k], rows: [inView[k]] });
      }
      return [...found.values()].filter((pile) => pile.rows.length > 1);
    }

    // The circle in which an imprecise place lies, to scale.
    rings(context, stage, count, palette, style) {
      let hollow = 0;
      for (let k = 0; k < count; k++) hollow += this.table.hollow[this.inView[k]];
      if (!hollow || hollow > 60) return;
      for (let k = 0; k < count; k++) {
        const i = this.inView[k];
        if (this.table.hollow[i]) this.ring(context, stage, i, palette, style.radius, 0.45);
      }
    }

    ring(context, stage, i, palette, least, strength) {
      const radius = this.table.uncertainty[i] * this.table.metre[i] * stage.scale;
      if (!(radius > least + 3) || radius > 6000) return;
      context.beginPath();
      context.arc(stage.x(this.table.wx[i]), stage.y(this.table.wy[i]), radius, 0, 2 * Math.PI);
      context.setLineDash([3, 4]);
      context.globalAlpha = strength;
      context.lineWidth = 1.3;
      context.strokeStyle = palette.vacancy[this.table.label(i, "vacancy")];
      context.stroke();
      context.globalAlpha = 1;
      context.setLineDash([]);
    }

    nameSpaces(context, stage, palette, count, style, bold) {
      const boxes = this.boxes; // quarters and symbols have their place already
      const size = bold ? 17 : 12;
      const { inView, px, py } = this;
      const r = style.radius;
      context.font = `500 ${size}px ${FONT}`;
      for (let k = 0; k < count; k++) {
        const i = inView[k];
        if (this.table.label(i, "kind") === "creative_quarter") continue;
        const text = shorten(this.table.names[i]);
        const width = context.measureText(text).width;
        for (const [x, y] of [[px[k] + r + 4, py[k]], [px[k] - r - 4 - width, py[k]]]) {
          if (!boxes.place(x, y - size * 0.6, width, size * 1.2)) continue;
          label(context, text, x + width / 2, y, palette.label, palette.halo, size);
          break;
        }
      }
    }
  }

  function shorten(text) { return text.length > 34 ? text.slice(0, 32).trimEnd() + "…" : text; }

  function label(context, text, x, y, colour, halo, size, weight = 500) {
    context.font = `${weight} ${size}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.strokeStyle = halo;
    context.lineWidth = 3.4;
    context.globalAlpha = 0.9;
    context.strokeText(text, x, y);
    context.globalAlpha = 1;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  // The opaque pixels of a sprite: steps from its first pixel in an image so wide, and colours.
  function dots(sprite, pixels, width) {
    const data = new Uint32Array(sprite.getContext("2d").getImageData(0, 0, pixels, pixels).data.buffer);
    const steps = [], colours = [];
    for (let at = 0; at < data.length; at++) {
      if (data[at] >>> 24 < 110) continue;
      steps.push((at % pixels) + ((at / pixels) | 0) * width);
      colours.push((data[at] & 0xffffff) | 0xff000000);
    }
    return { steps: Int32Array.from(steps), colours: Uint32Array.from(colours) };
  }
  Atlas.Points = Points;
})(window.AtlasMap);
