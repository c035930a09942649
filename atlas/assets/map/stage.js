// The canvases of the map: they move with it, stretch while it zooms, and are painted
// anew when it rests. Four of them: ground,
// spaces, names, and marks, so that each is painted only when it has changed.
(function (Atlas) {
  "use strict";
  const PADDING = 0.12; // painted beyond each edge, so that a pan shows no bare strip at once
  const MAX_PIXELS = 16e6; // iOS refuses larger canvases

  class Stage {
    constructor(map, paint) {
      this.map = map;
      this.paint = paint;
      this.canvases = ["ground", "spaces", "names", "marks"].map((name, position) => {
        const pane = map.createPane("atlas-" + name);
        pane.style.zIndex = [150, 450, 455, 460][position];
        pane.style.pointerEvents = "none";
        const canvas = Atlas.element("canvas", { class: "atlas-canvas leaflet-zoom-animated", "aria-hidden": "true" });
        pane.appendChild(canvas);
        return canvas;
      });
      this.contexts = this.canvases.map((canvas) => canvas.getContext("2d"));
      if (this.contexts.some((context) => !context)) throw new Atlas.LoadError("canvas", "no 2d context");
      map.on({
        moveend: () => this.paintNow(),
        resize: () => this.paintSoon(),
        move: () => { if (!this.covers()) this.paintSoon(); },
        zoomanim: ({ zoom, center }) => this.stretch((corner) => map._latLngToNewLayerPoint(corner, zoom, center), zoom),
        zoom: () => this.stretch((corner) => map.latLngToLayerPoint(corner), map.getZoom()),
      });
    }

    stretch(place, zoom) {
      if (!this.corner) return; // nothing painted yet
      const scale = this.map.getZoomScale(zoom, this.zoom);
      for (const canvas of this.canvases) L.DomUtil.setTransform(canvas, place(this.corner), scale);
    }

    covers() {
      if (!this.topLeft || this.map.getZoom() !== this.zoom || this.map._animatingZoom) return true;
      const here = this.map.containerPointToLayerPoint([0, 0]).subtract(this.topLeft);
      const size = this.map.getSize();
      return here.x >= 0 && here.y >= 0 && here.x + size.x <= this.width && here.y + size.y <= this.height;
    }

    paintSoon() {
      if (this.frame) return;
      this.frame = requestAnimationFrame(() => { this.frame = 0; this.paintNow(); });
    }

    paintNow() {
      if (this.fit()) this.paint(this);
    }

    // Takes over the view of the map; false while it has no size.
    fit() {
      const { map } = this;
      const size = map.getSize();
      if (!size.x || !size.y) return false;
      const padX = Math.round(size.x * PADDING), padY = Math.round(size.y * PADDING);
      this.width = size.x + 2 * padX;
      this.height = size.y + 2 * padY;
      this.ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MAX_PIXELS / (this.width * this.height)));
      this.zoom = map.getZoom();
      this.topLeft = map.containerPointToLayerPoint([-padX, -padY]).round();
      this.corner = map.layerPointToLatLng(this.topLeft);
      this.scale = 2 ** this.zoom;
      const pixel = map.getPixelOrigin();
      this.offsetX = Atlas.origin.x * this.scale - pixel.x - this.topLeft.x;
      this.offsetY = Atlas.origin.y * this.scale - pixel.y - this.topLeft.y;
      const w = Math.round(this.width * this.ratio), h = Math.round(this.height * this.ratio);
      for (const canvas of this.canvases) {
        if (canvas.width !== w || canvas.height !== h) {
          canvas.width = w; canvas.height = h;
          canvas.style.width = this.width + "px"; canvas.style.height = this.height + "px";
        }
        L.DomUtil.setTransform(canvas, this.topLeft, 1);
      }
      return true;
    }

    // An empty context in CSS pixels of the canvas.
    clear(which) {
      const context = this.contexts[which];
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.canvases[which].width, this.canvases[which].height);
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      return context;
    }

    x(wx) { return wx * this.scale + this.offsetX; }
    y(wy) { return wy * this.scale + this.offsetY; }

    // World position (zoom 0, from the origin) of a point of the map's container.
    world(point) {
      const layer = this.map.containerPointToLayerPoint(point).subtract(this.topLeft);
      return { x: (layer.x - this.offsetX) / this.scale, y: (layer.y - this.offsetY) / this.scale };
    }

    container(wx, wy) {
      return this.map.layerPointToContainerPoint(L.point(this.x(wx), this.y(wy)).add(this.topLeft));
    }
  }
  Stage.GROUND = 0;
  Stage.SPACES = 1;
  Stage.NAMES = 2;
  Stage.MARKS = 3;
  Atlas.Stage = Stage;

  // Keeps labels from covering each other: a box is placed only where none is yet.
  Atlas.Boxes = class {
    constructor() { this.cells = new Map(); }

    place(x, y, width, height) {
      const keys = [];
      for (let cx = Math.floor(x / 96); cx <= Math.floor((x + width) / 96); cx++) {
        for (let cy = Math.floor(y / 48); cy <= Math.floor((y + height) / 48); cy++) {
          const key = cx * 10007 + cy;
          keys.push(key);
          for (const box of this.cells.get(key) || []) {
            if (x < box[2] && box[0] < x + width && y < box[3] && box[1] < y + height) return false;
          }
        }
      }
      for (const key of keys) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push([x, y, x + width, y + height]);
      }
      return true;
    }
  };
})(window.AtlasMap);
