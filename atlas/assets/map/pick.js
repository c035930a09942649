// Finding spaces under the pointer: hover names them, a click selects one or offers a list.
(function (Atlas) {
  "use strict";
  const REACH = { mouse: 5, touch: 14 }; // pixels beyond the edge of a symbol
  const SAME = 6; // spaces closer than this share a place on the screen
  const LONGEST_LIST = 12;

  class Picker {
    constructor(layer) {
      this.layer = layer;
      this.map = layer.map;
      this.tip = Atlas.element("div", { class: "atlas-tip", hidden: "", "aria-hidden": "true" });
      this.map.getContainer().append(this.tip);
      this.map.on({
        mousemove: (event) => this.hover(event.containerPoint, event.originalEvent),
        mouseout: () => this.unhover(),
        movestart: () => { this.unhover(); this.close(); },
        click: (event) => this.click(event.containerPoint, event.originalEvent),
      });
    }

    // Matching rows within reach of a point of the container, nearest first.
    within(point, reach) {
      const { stage, table, mask, points } = this.layer;
      if (!table || !points.style || this.layer.areas.hidesSymbols) return [];
      const world = stage.world(point);
      const far = (points.style.radius + reach) / stage.scale;
      const found = [];
      table.inBox(world.x - far, world.y - far, world.x + far, world.y + far, (row) => {
        if (!mask[row]) return;
        const distance = Math.hypot(table.wx[row] - world.x, table.wy[row] - world.y);
        if (distance <= far) found.push({ row, distance });
      });
      const rank = (row) => this.layer.rank[row];
      // Within a symbol the one that lies on top wins, outside the nearest.
      const inside = (points.style.radius * 0.8) / stage.scale;
      found.sort((a, b) => (Math.max(a.distance, inside) - Math.max(b.distance, inside)) || rank(a.row) - rank(b.row) || a.distance - b.distance);
      return found.map((one) => one.row);
    }

    // Those that share the place of the first on the screen.
    sharing(rows) {
      if (!rows.length) return [];
      const { stage, table } = this.layer;
      const near = SAME / stage.scale;
      return rows.filter((row) => Math.hypot(table.wx[row] - table.wx[rows[0]], table.wy[row] - table.wy[rows[0]]) <= near);
    }

    separable(rows) {
      const { stage, table } = this.layer;
      const closest = SAME / 2 ** this.map.getMaxZoom();
      return stage.zoom < this.map.getMaxZoom() - 0.5 &&
        rows.some((row) => Math.hypot(table.wx[row] - table.wx[rows[0]], table.wy[row] - table.wy[rows[0]]) > closest);
    }

    reach(event) { return event && event.pointerType === "touch" ? REACH.touch : REACH.mouse; }

    hover(point, event) {
      if (event && event.pointerType === "touch") return;
      if (this.menu) return;
      const rows = this.sharing(this.within(point, REACH.mouse));
      this.map.getContainer().classList.toggle("atlas-over", rows.length > 0);
      if (!rows.length) {
        this.forget();
        if (!this.layer.areas.hover(point, this.tip)) this.unhover();
        return undefined;
      }
      this.layer.areas.unhover();
      if (this.hovered === rows[0] && !this.tip.hidden) return undefined;
      this.hovered = rows[0];
      this.layer.mark();
      this.tip.replaceChildren(...this.describe(rows));
      this.tip.hidden = false;
      this.putBeside(this.tip, rows[0]);
      return undefined;
    }

    unhover() {
      this.tip.hidden = true;
      this.layer.areas.unhover();
      this.forget();
    }

    forget() {
      this.map.getContainer().classList.remove("atlas-over");
      if (this.hovered === undefined) return;
      this.hovered = undefined;
      this.layer.mark();
    }

    describe(rows) {
      const shown = rows.slice(0, 4).map((row) =>
        Atlas.element("div", {}, Atlas.element("strong", { dir: "auto" }, this.layer.table.names[row]), Atlas.element("span", {}, this.layer.facts(row))));
      if (rows.length > 4) shown.push(Atlas.element("span", {}, this.layer.plural("more", rows.length - 4)));
      return shown;
    }

    putBeside(box, row) {
      const { stage, table, points } = this.layer;
      const at = stage.container(table.wx[row], table.wy[row]);
      const size = this.map.getSize();
      const gap = points.style.radius + 8;
      const left = at.x + gap + box.offsetWidth < size.x ? at.x + gap : at.x - gap - box.offsetWidth;
      box.style.left = Math.max(4, Math.min(left, size.x - box.offsetWidth - 4)) + "px";
      box.style.top = Math.max(4, Math.min(at.y - box.offsetHeight / 2, size.y - box.offsetHeight - 4)) + "px";
    }

    click(point, event) {
      this.close();
      const rows = this.within(point, this.reach(event));
      const shared = this.sharing(rows);
      if (!shared.length && this.layer.areas.click(point, this.tip)) return undefined;
      if (!shared.length) return this.layer.clear();
      if (shared.length === 1) return this.layer.choose(shared[0]);
      if (shared.length > LONGEST_LIST && this.separable(shared)) return this.layer.view.rows(shared);
      return this.offer(shared);
    }

    // A menu of the spaces at one place: arrow keys, Enter, Escape.
    offer(rows) {
      this.unhover();
      const items = rows.map((row) => Atlas.element("button",
        { type: "button", role: "menuitem", tabindex: "-1", on: { click: () => { this.close(); this.layer.choose(row); } } },
        this.layer.icon(row), Atlas.element("span", {}, Atlas.element("strong", { dir: "auto" }, this.layer.table.names[row]), Atlas.element("span", {}, this.layer.facts(row)))));
      this.menu = Atlas.element("div", { class: "atlas-menu", role: "menu", "aria-label": this.layer.text("choose", { n: rows.length }) },
        Atlas.element("div", { class: "atlas-menu-title", "aria-hidden": "true" }, this.layer.text("choose", { n: rows.length })), ...items);
      this.menu.addEventListener("keydown", (event) => this.key(event, items));
      L.DomEvent.disableClickPropagation(this.menu);
      L.DomEvent.disableScrollPropagation(this.menu);
      this.map.getContainer().append(this.menu);
      this.putBeside(this.menu, rows[0]);
      items[0].focus();
    }

    key(event, items) {
      const here = items.indexOf(document.activeElement);
      const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined) items.at(((to % items.length) + items.length) % items.length).focus();
      else if (event.key === "Escape" || event.key === "Tab") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    close() {
      if (!this.menu) return;
      const focused = this.menu.contains(document.activeElement);
      this.menu.remove();
      this.menu = null;
      if (focused) this.map.getContainer().focus({ preventScroll: true });
    }
  }
  Atlas.Picker = Picker;
})(window.AtlasMap);
