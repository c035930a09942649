// Buttons, result count, scale and attribution.
(function (Atlas) {
  "use strict";
  const ICONS = {
    fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 12h6M12 9v6",
    full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    layers: "M12 3 3 8l9 5 9-5-9-5ZM3 12l9 5 9-5M3 16l9 5 9-5",
    legend: "M5 6h.01M5 12h.01M5 18h.01M9 6h11M9 12h11M9 18h11",
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
  };

  function drawing(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 20, height: 20, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) svg.setAttribute(key, value);
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  Atlas.button = function (name, label, run, more) {
    return Atlas.element("button", { type: "button", class: "atlas-button", title: label, "aria-label": label, ...more, on: { click: run } }, drawing(name));
  };

  function place(map, position, node) {
    const control = L.control({ position });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    return control.addTo(map);
  }
  Atlas.place = place;

  // In show mode the whole page, with its caption, else the map alone. Where the browser
  // or the frame forbids it, the frame covers the window instead.
  function toggleFull(layer) {
    const page = Atlas.outer();
    const open = [document, page && page.document].find((one) => one && one.fullscreenElement);
    if (open) return open.exitFullscreen();
    if (Atlas.covering()) return Atlas.cover(layer, false);
    const target = layer.message.show && page ? page.document.documentElement : layer.map.getContainer();
    const asked = target.requestFullscreen ? target.requestFullscreen() : Promise.reject(new Error("no full screen"));
    return asked.catch(() => Atlas.cover(layer, true));
  }

  function fullButton(layer) {
    if (!document.fullscreenEnabled && !Atlas.outer()) return [];
    const button = Atlas.button("full", layer.text("full"), () => toggleFull(layer), { class: "atlas-button atlas-full", "aria-pressed": "false" });
    layer.showFull = () => button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement) || Atlas.covering()));
    document.addEventListener("fullscreenchange", layer.showFull);
    layer.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape" && Atlas.covering() && !layer.message.show) Atlas.cover(layer, false);
    });
    return [button];
  }

  Atlas.addControls = function (layer) {
    const { map } = layer;
    const word = (key) => layer.text(key);
    layer.bar = Atlas.element("div", { class: "atlas-bar leaflet-bar atlas-zoom", role: "group" },
      Atlas.button("plus", word("zoom_in"), () => map.zoomIn()),
      Atlas.button("minus", word("zoom_out"), () => map.zoomOut()),
      Atlas.button("fit", word("fit"), () => layer.view.result()), ...fullButton(layer));
    place(map, "topleft", layer.bar);
    layer.counter = Atlas.element("div", { class: "atlas-count", role: "status", "aria-live": "polite" }, word("loading"));
    place(map, "topleft", layer.counter);
    place(map, "topright", Atlas.tileChooser(layer));
    layer.legend = new Atlas.Legend(layer);
    place(map, "bottomright", layer.legend.node);
    layer.sources = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
    layer.sources.getContainer().tabIndex = 0; // one line; whole on hover and focus
    layer.sources.addAttribution(Atlas.escape(layer.config.attribution));
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
  };

  // Leaflet takes markup for attributions; ours are texts.
  Atlas.escape = function (text) {
    return Atlas.element("i", {}, text).innerHTML;
  };
})(window.AtlasMap);
