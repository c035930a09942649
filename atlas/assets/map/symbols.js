// Pre-drawn symbols: colour = vacancy, shape = kind, filling = age, dashed = imprecise.
(function (Atlas) {
  "use strict";
  const CURRENT = 0, RECHECK = 1, UNDATED = 3;

  function channel(hex, at) { return parseInt(hex.slice(at, at + 2), 16); }
  // Mixes two #rrggbb colours; `share` of the second.
  Atlas.mix = function (one, other, share) {
    const part = (at) => Math.round(channel(one, at) * (1 - share) + channel(other, at) * share);
    return `rgb(${part(1)},${part(3)},${part(5)})`;
  };

  function outline(context, kind, radius) {
    context.beginPath();
    if (kind === "none") { // colour alone, in a form that no space has: for the legend
      context.roundRect(-radius * 1.1, -radius * 0.62, radius * 2.2, radius * 1.24, radius * 0.3);
    } else if (kind === "key_property") {
      const half = radius * 0.89;
      context.roundRect(-half, -half, 2 * half, 2 * half, radius * 0.28);
    } else if (kind === "creative_quarter") {
      for (let k = 0; k < 6; k++) context.lineTo(radius * 1.1 * Math.cos((k * Math.PI) / 3), radius * 1.1 * Math.sin((k * Math.PI) / 3));
      context.closePath();
    } else {
      context.arc(0, 0, radius, 0, 2 * Math.PI);
    }
  }

  function hatch(context, radius, colour) {
    context.save();
    context.clip();
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1, radius * 0.2);
    context.setLineDash([]);
    context.beginPath();
    for (let at = -2 * radius; at <= 2 * radius; at += Math.max(2.6, radius * 0.52)) {
      context.moveTo(at - radius, radius);
      context.lineTo(at + radius, -radius);
    }
    context.stroke();
    context.restore();
  }

  // `what`: {vacancy, age, kind, hollow, letter}. Draws around the origin of the context.
  Atlas.drawSymbol = function (context, what, radius, palette) {
    const colour = palette.vacancy[what.vacancy];
    const small = radius < 4;
    outline(context, what.kind, radius);
    context.lineJoin = "round";
    context.setLineDash([]);
    context.strokeStyle = palette.casing;
    context.lineWidth = small ? 1.6 : 3.6;
    context.stroke();
    const paler = what.age === CURRENT ? 0 : what.age === RECHECK ? 0.5 : 0.86;
    context.fillStyle = what.hollow ? palette.paper : Atlas.mix(colour, palette.paper, small ? paler * 0.6 : paler);
    context.fill();
    if (what.age === UNDATED && !small && what.vacancy !== "not_applicable") {
      hatch(context, radius, Atlas.mix(colour, palette.paper, what.hollow ? 0.5 : 0.3));
      outline(context, what.kind, radius);
    }
    context.strokeStyle = colour;
    context.lineWidth = small ? 1 : Math.max(1.5, radius * 0.2);
    if (what.hollow && !small) context.setLineDash([radius * 0.45, radius * 0.34]);
    context.stroke();
    context.setLineDash([]);
    if (what.vacancy === "demolished" && !small) cross(context, radius, what.age === CURRENT ? palette.ink : colour);
    else if (what.letter) letter(context, what, radius, palette, colour);
  };

  function cross(context, radius, colour) {
    const arm = radius * 0.5;
    context.beginPath();
    context.moveTo(-arm, -arm); context.lineTo(arm, arm);
    context.moveTo(arm, -arm); context.lineTo(-arm, arm);
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1.3, radius * 0.2);
    context.stroke();
  }

  function letter(context, what, radius, palette, colour) {
    const full = what.age === CURRENT && !what.hollow;
    context.font = `700 ${Math.round(radius * 1.22)}px system-ui, "Segoe UI", sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (!full) {
      context.strokeStyle = palette.paper;
      context.lineWidth = 2.4;
      context.strokeText(what.letter, 0, radius * 0.07);
    }
    context.fillStyle = full ? palette.ink : what.age === RECHECK && !what.hollow ? palette.select : colour;
    context.fillText(what.letter, 0, radius * 0.07);
  }

  // Draws each look once and keeps it; looks are whole numbers, see `looks` below.
  class Sprites {
    constructor(names, palette, radius, ratio) {
      Object.assign(this, { names, palette, radius, ratio });
      this.kept = new Map();
      this.half = radius * 1.1 + 2.5;
      this.pixels = Math.ceil(this.half * 2 * ratio);
      this.size = this.pixels / ratio;
    }

    get(look, group) {
      const key = look * 32 + group;
      let sprite = this.kept.get(key);
      if (!sprite) this.kept.set(key, (sprite = this.draw(look, group)));
      return sprite;
    }

    draw(look, group) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = this.pixels;
      const context = canvas.getContext("2d");
      context.setTransform(this.ratio, 0, 0, this.ratio, this.pixels / 2, this.pixels / 2);
      const what = {
        hollow: look & 1,
        kind: this.names.kind[(look >> 1) % 4],
        age: (look >> 3) % 4,
        vacancy: this.names.vacancy[look >> 5],
        letter: group ? this.names.letters[group - 1] : "",
      };
      Atlas.drawSymbol(context, what, this.radius, this.palette);
      return canvas;
    }
  }
  Atlas.Sprites = Sprites;

  // One number per row that says how it looks: vacancy, age, kind, hollow.
  Atlas.looks = function (table) {
    const looks = new Uint16Array(table.n);
    const { vacancy, kind } = table.code;
    for (let i = 0; i < table.n; i++) {
      looks[i] = (vacancy[i] << 5) | (table.age[i] << 3) | ((kind[i] & 3) << 1) | table.hollow[i];
    }
    return looks;
  };
})(window.AtlasMap);
