// Our own base map: municipalities, districts, waters, stations and names.
(function (Atlas) {
  "use strict";
  const FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif';

  function trace(path, numbers, closed, bounds) {
    let lon = 0, lat = 0;
    for (let k = 0; k < numbers.length; k += 2) {
      lon += numbers[k]; lat += numbers[k + 1];
      const x = Atlas.mercator.x(lon / 1e5) - Atlas.origin.x;
      const y = Atlas.mercator.y(lat / 1e5) - Atlas.origin.y;
      if (k) path.lineTo(x, y); else path.moveTo(x, y);
      bounds[0] = Math.min(bounds[0], x); bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x); bounds[3] = Math.max(bounds[3], y);
    }
    if (closed) path.closePath();
  }

  Atlas.trace = trace;

  function shape(feature, closed) {
    const path = new Path2D();
    const bounds = [Infinity, Infinity, -Infinity, -Infinity];
    for (const numbers of feature.parts) trace(path, numbers, closed, bounds);
    return { ...feature, path, bounds };
  }

  function spot(feature) {
    return { ...feature, x: Atlas.mercator.x(feature.at[0] / 1e5) - Atlas.origin.x, y: Atlas.mercator.y(feature.at[1] / 1e5) - Atlas.origin.y };
  }

  const STOPS_FROM = 13.5;

  class Base {
    constructor(payload) {
      this.municipalities = payload.municipalities.map((one) => shape(one, true));
      this.districts = payload.districts.map((one) => shape(one, true));
      this.built = payload.built.map((one) => shape(one, true));
      this.waters = payload.waters.map((one) => shape(one, false));
      this.labels = payload.labels.map(spot).sort((a, b) => a.from - b.from || a.rank - b.rank);
      this.stations = payload.stations.map(spot).sort((a, b) => a.rank - b.rank);
    }

    paint(stage, palette, { bare, bold }) {
      const context = stage.clear(Atlas.Stage.GROUND);
      if (!bare) {
        context.fillStyle = palette.outside;
        context.fillRect(0, 0, stage.width, stage.height);
      }
      const s = stage.scale * stage.ratio;
      context.setTransform(s, 0, 0, s, stage.offsetX * stage.ratio, stage.offsetY * stage.ratio);
      context.lineJoin = context.lineCap = "round";
      const seen = (one) => this.visible(stage, one.bounds);
      const near = this.municipalities.filter(seen);
      if (!bare) {
        // A soft edge, then the land.
        this.lines(context, this.districts.filter(seen), Atlas.mix(palette.land, palette.outside, 0.55), 9 / stage.scale);
        context.fillStyle = palette.land;
        for (const one of near) context.fill(one.path);
        // A proxy made of stops: good for the overview, too coarse close up.
        context.globalAlpha = Math.max(0.2, Math.min(1, (15 - stage.zoom) / 3));
        context.fillStyle = palette.built;
        for (const one of this.built.filter(seen)) context.fill(one.path);
        context.globalAlpha = 1;
        this.lines(context, near, palette.border, 1 / stage.scale);
        this.paintWaters(context, stage, palette, seen);
      }
      this.lines(context, this.districts.filter(seen), palette.district, (bold ? 2.2 : 1.3) / stage.scale);
      const names = stage.clear(Atlas.Stage.NAMES);
      if (bare) return; // the tiles have their own
      if (this.stops && stage.zoom >= STOPS_FROM) this.paintStops(context, stage, palette);
      if (stage.zoom >= 12) this.paintSquares(context, stage, palette);
      this.paintNames(names, stage, palette, bold);
    }

    visible(stage, [x0, y0, x1, y1]) {
      return stage.x(x1) > 0 && stage.y(y1) > 0 && stage.x(x0) < stage.width && stage.y(y0) < stage.height;
    }

    lines(context, shapes, colour, width) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      for (const one of shapes) context.stroke(one.path);
    }

    paintWaters(context, stage, palette, seen) {
      const grown = Math.max(0, stage.zoom - 10);
      for (const one of this.waters.filter(seen)) {
        context.strokeStyle = palette.water;
        context.lineWidth = (one.width * (1.2 + grown * 0.55)) / stage.scale;
        context.stroke(one.path);
      }
    }

    paintNames(context, stage, palette, bold) {
      const taken = new Atlas.Boxes();
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      for (const one of this.labels) {
        if (one.kind === "municipality" && stage.zoom >= 13) continue; // there the spaces are named
        if (stage.zoom < one.from) continue;
        const big = one.kind === "municipality";
        const size = (big ? Math.max(11.5, 15.5 - one.rank * 1.2) + Math.max(0, Math.min(3, stage.zoom - 11)) : 11.5) * (bold ? 1.35 : 1);
        const weight = big ? (one.rank <= 2 ? 600 : 500) : 400;
        const shifts = big ? [0, -0.8 * size, 0.8 * size] : [0];
        shifts.some((below) => this.name(context, stage, palette, taken, { ...one, below }, `${weight} ${size}px ${FONT}`, size));
      }
      if (stage.zoom < 13) return;
      const size = bold ? 14 : 11;
      const quiet = { ...palette, label: palette.stop };
      for (const one of this.stations) {
        if (stage.zoom >= one.from + 1) this.name(context, stage, quiet, taken, { ...one, below: 11 }, `400 ${size}px ${FONT}`, size);
      }
      if (this.stops && stage.zoom >= STOPS_FROM + 1) this.nameStops(context, stage, palette, taken, bold);
    }

    // Stops carry the names of streets: what we have for finding one's way close up.
    paintStops(context, stage, palette) {
      context.setTransform(stage.ratio, 0, 0, stage.ratio, 0, 0);
      context.fillStyle = Atlas.mix(palette.stop, palette.land, 0.45);
      const { x, y } = this.stops;
      this.near = [];
      for (let i = 0; i < x.length; i++) {
        const px = stage.x(x[i]), py = stage.y(y[i]);
        if (px < 0 || py < 0 || px > stage.width || py > stage.height) continue;
        this.near.push(i);
        context.beginPath();
        context.arc(px, py, stage.zoom < 15 ? 1.5 : 2.2, 0, 2 * Math.PI);
        context.fill();
      }
    }

    nameStops(context, stage, palette, taken, bold) {
      const quiet = { ...palette, label: Atlas.mix(palette.stop, palette.label, 0.15) };
      const size = bold ? 13 : 10.5;
      for (const i of this.near) {
        this.name(context, stage, quiet, taken, { name: this.stops.name[i], x: this.stops.x[i], y: this.stops.y[i], below: 9 }, `400 ${size}px ${FONT}`, size);
      }
    }

    setStops(payload) {
      const x = new Float64Array(payload.name.length), y = new Float64Array(payload.name.length);
      let lon = 0, lat = 0;
      for (let i = 0; i < x.length; i++) {
        lon += payload.at[2 * i]; lat += payload.at[2 * i + 1];
        x[i] = Atlas.mercator.x(lon / 1e5) - Atlas.origin.x;
        y[i] = Atlas.mercator.y(lat / 1e5) - Atlas.origin.y;
      }
      this.stops = { name: payload.name, x, y };
    }

    paintSquares(context, stage, palette) {
      context.setTransform(stage.ratio, 0, 0, stage.ratio, 0, 0);
      const half = stage.zoom < 14 ? 2 : 3;
      context.fillStyle = palette.stop;
      for (const one of this.stations) {
        if (stage.zoom >= one.from) context.fillRect(stage.x(one.x) - half, stage.y(one.y) - half, 2 * half, 2 * half);
      }
    }

    name(context, stage, palette, taken, one, font, size) {
      const x = stage.x(one.x), y = stage.y(one.y) + (one.below || 0);
      if (x < -50 || y < -10 || x > stage.width + 50 || y > stage.height + 10) return true;
      context.font = font;
      const width = context.measureText(one.name).width;
      if (!taken.place(x - width / 2 - 3, y - size * 0.65, width + 6, size * 1.3)) return false;
      context.strokeStyle = palette.halo;
      context.lineWidth = 3.5;
      context.globalAlpha = 0.8;
      context.strokeText(one.name, x, y);
      context.globalAlpha = 1;
      context.fillStyle = palette.label;
      context.fillText(one.name, x, y);
      return true;
    }
  }
  Base.STOPS_FROM = STOPS_FROM;
  Atlas.Base = Base;
})(window.AtlasMap);
