// On paper: the map takes a size that fits a sheet before the sheet is made, for nothing that
// waits for a frame happens then, and gets the size of the window back afterwards.
(function (Atlas) {
  "use strict";
  const SHEET = { width: "18.6cm", height: "12.5cm" }; // page.css names the same

  // What was to be seen stays to be seen: a goal is fitted anew, a view by hand by `otherwise`.
  function resize(layer, paper, otherwise) {
    const { legend, map, view } = layer;
    layer.paper = paper; // ink on white, whichever theme the screen has
    map.getContainer().classList.toggle("atlas-paper", paper);
    legend.settle();
    if (view.goal) view.resized();
    else {
      map.invalidateSize({ animate: false });
      otherwise();
    }
    layer.refresh();
    // Reading a pixel makes the browser draw now: on the sheet there would be nothing else.
    for (const canvas of map.getContainer().querySelectorAll("canvas.atlas-canvas")) canvas.getContext("2d").getImageData(0, 0, 1, 1);
  }

  Atlas.onPaper = function (layer) {
    const { map } = layer;
    let before = null;
    window.addEventListener("beforeprint", () => {
      if (before || !Atlas.outer()) return;
      const { style } = window.frameElement;
      before = { width: style.width, height: style.height, center: map.getCenter(), zoom: map.getZoom() };
      const bounds = map.getBounds();
      Object.assign(style, SHEET);
      resize(layer, true, () => map.fitBounds(bounds, { animate: false }));
    });
    window.addEventListener("afterprint", () => {
      if (!before) return;
      const { center, zoom, ...size } = before;
      before = null;
      Object.assign(window.frameElement.style, size);
      resize(layer, false, () => map.setView(center, zoom, { animate: false }));
    });
  };
})(window.AtlasMap);
