// The table of spaces as typed arrays, and a grid over it for finding points.
(function (Atlas) {
  "use strict";
  const MISSING = 255;
  const NO_DAY = -2147483648;
  // Bottom to top: what is drawn last must be what people look for.
  const PRIORITY = { demolished: 0, unknown: 1, not_applicable: 2, in_use: 3, interim_use: 4, partly_vacant: 5, vacant: 6 };
  const QUARTER_RADIUS_M = 300;
  const GRID = 256;

  function mercatorX(lon) { return 256 * (lon / 360 + 0.5); }
  function mercatorY(lat) {
    return 256 * (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI));
  }
  Atlas.mercator = { x: mercatorX, y: mercatorY };
  // World pixels at zoom 0, counted from the middle of the region: small numbers stay exact.
  Atlas.origin = { x: mercatorX(7.2), y: mercatorY(51.48) };

  function floats(values, factor) {
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = values[i] === null ? NaN : values[i] / factor;
    return out;
  }

  // A fixed shuffle: the same table always looks the same.
  function shuffled(rows) {
    const out = rows.slice();
    let state = 2463534242;
    for (let i = out.length - 1; i > 0; i--) {
      state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
      const j = (state >>> 0) % (i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  class Table {
    constructor(payload) {
      const n = (this.n = payload.n);
      this.version = payload.version;
      this.ids = payload.id;
      this.names = payload.name;
      this.lists = payload.codes;
      this.code = {};
      for (const [key, values] of Object.entries(payload.code)) this.code[key] = Uint8Array.from(values);
      this.mask = {};
      for (const [key, values] of Object.entries(payload.mask)) this.mask[key] = Uint32Array.from(values);
      this.day = Int32Array.from(payload.day, (day) => (day === null ? NO_DAY : day));
      this.area = floats(payload.area, 1);
      this.areaLeast = floats(payload.area_least, 1);
      this.rent = floats(payload.rent, 1);
      this.x = floats(payload.x, 1); // decimetres: whole numbers, so distances compare exactly
      this.y = floats(payload.y, 1);
      this.uncertainty = floats(payload.uncertainty, 1);
      this.place(payload);
      this.sortForPainting(n);
      this.buildGrid();
      this.age = new Uint8Array(n);
      this.today = null;
    }

    place(payload) {
      const n = this.n;
      this.wx = new Float64Array(n);
      this.wy = new Float64Array(n);
      this.metre = new Float64Array(n); // world pixels at zoom 0 per metre, here
      const ox = Atlas.origin.x, oy = Atlas.origin.y;
      for (let i = 0; i < n; i++) {
        if (payload.lat[i] === null) { this.wx[i] = this.wy[i] = NaN; continue; }
        const lat = payload.lat[i] / 1e5;
        this.wx[i] = mercatorX(payload.lon[i] / 1e5) - ox;
        this.wy[i] = mercatorY(lat) - oy;
        this.metre[i] = 256 / (40075016.686 * Math.cos((lat * Math.PI) / 180));
      }
    }

    sortForPainting(n) {
      const quarter = this.lists.kind.indexOf("creative_quarter");
      const rank = this.lists.vacancy.map((code) => PRIORITY[code] ?? 0);
      const imprecise = this.lists.coordinate_precision.map((code) => code === "district" || code === "municipality");
      this.hollow = new Uint8Array(n);
      const buckets = Array.from({ length: 17 }, () => []);
      this.quarters = [];
      for (let i = 0; i < n; i++) {
        this.hollow[i] = imprecise[this.code.coordinate_precision[i]] ? 1 : 0;
        if (Number.isNaN(this.wx[i])) continue;
        if (this.code.kind[i] === quarter) {
          this.quarters.push(i);
          if (Number.isNaN(this.uncertainty[i])) this.uncertainty[i] = QUARTER_RADIUS_M;
          this.hollow[i] = 0;
        }
        // Few, and often at the point of a property: a quarter lies on top.
        const bucket = this.code.kind[i] === quarter ? 16 : (rank[this.code.vacancy[i]] ?? 0) * 2 + (this.hollow[i] ? 0 : 1);
        buckets[bucket].push(i);
      }
      // Highest first: the occupancy grid keeps the first comer.
      this.order = Uint32Array.from(buckets.reverse().flat());
      this.mixed = shuffled(this.order);
    }

    buildGrid() {
      let minX = Infinity, minY = Infinity, maxX = -Infinity, maxY = -Infinity;
      for (const i of this.order) {
        minX = Math.min(minX, this.wx[i]); maxX = Math.max(maxX, this.wx[i]);
        minY = Math.min(minY, this.wy[i]); maxY = Math.max(maxY, this.wy[i]);
      }
      const cell = Math.max(maxX - minX, maxY - minY, 1e-9) / GRID || 1;
      const start = new Uint32Array(GRID * GRID + 2);
      const at = (i) =>
        Math.min(GRID - 1, Math.floor((this.wy[i] - minY) / cell)) * GRID +
        Math.min(GRID - 1, Math.floor((this.wx[i] - minX) / cell));
      for (const i of this.order) start[at(i) + 2]++;
      for (let k = 2; k < start.length; k++) start[k] += start[k - 1];
      const rows = new Uint32Array(this.order.length);
      for (const i of this.order) rows[start[at(i) + 1]++] = i;
      this.grid = { minX, minY, cell, start, rows };
    }

    // Calls `visit(row)` for every located row in the cells that touch the box.
    inBox(x0, y0, x1, y1, visit) {
      const { minX, minY, cell, start, rows } = this.grid;
      const clamp = (value) => Math.max(0, Math.min(GRID - 1, Math.floor(value)));
      if (!rows.length) return;
      for (let gy = clamp((y0 - minY) / cell); gy <= clamp((y1 - minY) / cell); gy++) {
        for (let gx = clamp((x0 - minX) / cell); gx <= clamp((x1 - minX) / cell); gx++) {
          const k = gy * GRID + gx;
          for (let j = start[k]; j < start[k + 1]; j++) visit(rows[j]);
        }
      }
    }

    rowOf(id) {
      if (!this.byId) this.byId = new Map(this.ids.map((key, row) => [key, row]));
      return this.byId.has(id) ? this.byId.get(id) : -1;
    }

    located(row) { return row >= 0 && !Number.isNaN(this.wx[row]); }

    label(row, column) { return this.lists[column][this.code[column][row]]; }

    setWords(payload) {
      const start = new Uint32Array(this.n + 1);
      for (let i = 0; i < this.n; i++) start[i + 1] = start[i] + payload.count[i];
      this.words = { vocabulary: payload.vocabulary, start, ids: Uint32Array.from(payload.ids), known: new Map() };
    }
  }
  Table.MISSING = MISSING;
  Table.NO_DAY = NO_DAY;
  Atlas.Table = Table;
})(window.AtlasMap);
