// What the map looks at: the region, the result, one place; again when the frame grows.
(function (Atlas) {
  "use strict";
  const VIEW = "view", SEEN = "seen";
  const FINE = 0.05; // zoom steps of a fit; the buttons keep to whole quarters
  const NEAR = { building: 14, street: 14, district: 12.5, municipality: 11 };
  const TOWN = 13;
  const MOST = 0.6; // share of the map that may stay free of what a fit shows

  function squeezed({ left, top, right, bottom }, x, y) {
    const wide = Math.min(1, (x * MOST) / (left + right)), high = Math.min(1, (y * MOST) / (top + bottom));
    return { left: left * wide, right: right * wide, top: top * high, bottom: bottom * high };
  }

  class View {
    constructor(layer, setup) {
      const { map } = layer;
      Object.assign(this, { layer, map });
      this.region = L.latLngBounds(Atlas.region);
      this.remember = setup.remember !== false;
      this.restored = Boolean(setup.restored);
      // A view that we chose follows the size of the frame, until somebody moves the map.
      map.on("movestart", () => { if (!this.moving) this.goal = null; });
      map.on("moveend", () => { this.moving = false; this.keep(); });
      for (const kind of ["pointerdown", "wheel"]) map.getContainer().addEventListener(kind, () => { this.moving = false; }, { capture: true, passive: true });
    }

    // Show mode is a visit: what was seen before it comes back after it.
    keep() {
      if (!this.remember || Atlas.message.show) return;
      const { lat, lng } = this.map.getCenter();
      Atlas.storage("localStorage", VIEW, this.goal ? null : { lat: +lat.toFixed(5), lng: +lng.toFixed(5), zoom: this.map.getZoom() });
    }

    // Moves as the message asks, or stays.
    follow(message) {
      const question = JSON.stringify({ ...message.spec, today: 0 });
      const first = this.question === undefined;
      const known = first && !message.show && this.restored && Atlas.storage("sessionStorage", SEEN) === question;
      this.question = question;
      this.animate = !first;
      if (!message.show) Atlas.storage("sessionStorage", SEEN, question);
      const asked = (message.fit && message.fit !== this.fitted && !known) || String(message.area) !== String(this.area);
      const chosen = message.selected && message.selected !== this.chosen;
      this.fitted = message.fit;
      this.area = message.area;
      this.chosen = message.selected;
      if (message.show && message.selected) { if (chosen || first) this.approach(message.selected); }
      else if (asked || (first && message.show)) this.result();
      else if (chosen) this.reveal(message.selected);
      if (message.show) for (const wait of [400, 1000]) setTimeout(() => this.besideCaption(), wait);
    }

    // The page writes the caption after it has told us: what we fitted may lie beneath it now.
    besideCaption() {
      const now = this.caption();
      const { kept } = this;
      const same = now && kept ? Math.abs(now.right - kept.right) + Math.abs(now.top - kept.top) < 24 : now === kept;
      if (!same && this.goal) this.fit(...this.goal);
    }

    // ---- goals ----
    home() { this.fit(this.region, 6, 15); }

    result() {
      const { area } = this.layer.message;
      if (area) return this.fit(L.latLngBounds([area[0], area[1]], [area[2], area[3]]), 12, TOWN);
      if (this.layer.near.shown) return this.circle(this.layer.near.corners);
      if (this.layer.stats.matched === this.layer.stats.total) return this.home();
      const { table, mask } = this.layer;
      return this.rows(Array.from(table.order).filter((row) => mask[row]));
    }

    circle(corners) {
      const [x, y] = [corners.map((one) => one[0]), corners.map((one) => one[1])];
      this.fit(L.latLngBounds(this.at(Math.min(...x), Math.min(...y)), this.at(Math.max(...x), Math.max(...y))), 20, 16);
    }

    rows(rows) {
      if (!rows.length) return;
      const { table } = this.layer;
      let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const row of rows) {
        x0 = Math.min(x0, table.wx[row]); x1 = Math.max(x1, table.wx[row]);
        y0 = Math.min(y0, table.wy[row]); y1 = Math.max(y1, table.wy[row]);
      }
      this.fit(L.latLngBounds(this.at(x0, y0), this.at(x1, y1)), 48, 15);
    }

    // Only into view, for those who work with the map.
    reveal(id) {
      const { table, stage } = this.layer;
      this.layer.selected = undefined; // the page leads again
      const row = table.rowOf(id);
      if (!table.located(row)) return;
      const at = stage.container(table.wx[row], table.wy[row]);
      const size = this.map.getSize();
      const inside = at.x > 40 && at.y > 40 && at.x < size.x - 40 && at.y < size.y - 40;
      if (!inside) this.map.setView(this.map.containerPointToLatLng(at), Math.max(this.map.getZoom(), 13), { animate: !Atlas.still() });
      else this.layer.paintMarks();
    }

    // Close up, for those who watch: as near as the place is known.
    approach(id) {
      const { table } = this.layer;
      this.layer.selected = undefined;
      const row = table.rowOf(id);
      if (!table.located(row)) return this.home();
      const reach = 1e-6; // a point has no bounds
      const [x, y] = [table.wx[row], table.wy[row]];
      return this.fit(L.latLngBounds(this.at(x - reach, y - reach), this.at(x + reach, y + reach)), 40, NEAR[table.label(row, "coordinate_precision")] || TOWN);
    }

    at(x, y) { return this.map.unproject([x + Atlas.origin.x, y + Atlas.origin.y], 0); }

    // ---- fitting ----
    fit(bounds, padding, most) {
      this.goal = [bounds, padding, most];
      const { map } = this;
      const { x, y } = map.getSize();
      if (Math.min(x, y) < 120) return; // the frame has no size yet, and any fit would be wrong
      if (map._animatingZoom) return this.later(); // the end of a zoom overrules what is set meanwhile
      const snap = map.options.zoomSnap;
      map.options.zoomSnap = FINE;
      const zoom = (free) => map.getBoundsZoom(bounds, false, L.point(free.left + free.right, free.top + free.bottom));
      const room = (free) => Math.min(zoom(free), most) * 1e6 + (x - free.left - free.right) * (y - free.top - free.bottom) / x;
      const free = this.spare(padding, x, y).sort((one, other) => room(other) - room(one))[0];
      map._stop(); // a move that is cut short ends here, not as a move by hand in the middle of ours
      this.moving = true;
      map.fitBounds(bounds, {
        paddingTopLeft: [free.left, free.top], paddingBottomRight: [free.right, free.bottom], maxZoom: most,
        animate: Boolean(this.animate) && !Atlas.still(),
      });
      map.options.zoomSnap = snap;
    }

    later() {
      if (this.waiting) return;
      this.waiting = true;
      this.map.once("zoomend", () => { this.waiting = false; if (this.goal) this.fit(...this.goal); });
    }

    // Room beside the legend while it is open, and beside or above the caption of show mode;
    // on a phone either may leave none, and a view with a corner covered beats one of a street.
    spare(padding, x, y) {
      const { legend } = this.layer;
      const open = legend && legend.open && x > 700;
      const right = padding + (open ? Math.min(legend.node.offsetWidth, x * 0.3) + 10 : 0); // may not be styled yet
      const whole = { left: padding, top: padding + this.header(y), right, bottom: padding };
      const caption = (this.kept = this.caption());
      if (!caption) return [squeezed(whole, x, y)];
      const ways = [{ ...whole, left: padding + caption.right }, { ...whole, bottom: padding + y - caption.top }];
      const fitting = ways.filter((free) => free.left + free.right <= x * MOST && free.top + free.bottom <= y * MOST);
      return fitting.length ? fitting : [squeezed(ways[1], x, y)];
    }

    // On narrow maps buttons and count lie in rows at the top, and what is shown begins below.
    header(y) {
      const { bar, legend } = this.layer;
      const flat = bar && bar.offsetHeight < 60 && bar.offsetWidth > bar.offsetHeight; // may not be styled yet
      if (!flat) return 0;
      const { bottom } = legend ? legend.near.getBoundingClientRect() : { bottom: 0 }; // 0 also while hidden
      return Math.min(Math.max(bar.closest(".leaflet-top").offsetHeight, bottom), y / 3);
    }

    caption() {
      const page = this.layer.message.show && Atlas.outer();
      const box = page && page.document.querySelector(".ra-show-caption");
      if (!box) return null;
      const { right, top, width } = box.getBoundingClientRect();
      const frame = window.frameElement.getBoundingClientRect();
      return width ? { right: right - frame.left, top: top - frame.top } : null;
    }

    resized() {
      const { goal } = this;
      this.map.invalidateSize();
      if (!goal) return;
      const { animate } = this;
      this.animate = false;
      this.fit(...goal);
      this.animate = animate;
    }
  }
  View.remembered = function (setup) {
    const view = setup.remember === false ? null : Atlas.storage("localStorage", VIEW);
    const fine = view && [view.lat, view.lng, view.zoom].every(Number.isFinite) &&
      Math.abs(view.lat - 51.5) < 2 && Math.abs(view.lng - 7.2) < 3;
    return fine ? view : null;
  };
  Atlas.View = View;
})(window.AtlasMap);
