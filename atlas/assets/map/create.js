// Builds the map: called by the script that Folium generates.
(function (Atlas) {
  "use strict";
  const FIELD = "last_object_clicked_tooltip";

  Atlas.still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---- failures: a sentence and a next step, never a blank rectangle ----
  Atlas.fail = function (layer, kind, error) {
    console.error("Raumatlas:", kind, error);
    if (!layer) return window.atlasSorry(); // without texts only the guard can say it
    const host = Atlas.map.getContainer();
    layer.count(layer.text("failed"));
    if (host.querySelector(".atlas-failure")) return;
    const text = layer.config.texts["fail_" + kind];
    const again = Atlas.element("button", { type: "button", on: { click: () => location.reload() } }, layer.text("again"));
    const detail = error && error.detail ? String(error.detail) : "";
    host.append(Atlas.element("div", { class: "atlas-failure", role: "alert" }, text.replace("{detail}", detail), again));
  };

  Atlas.attempt = async function (layer, run, kind) {
    try {
      await run();
      return true;
    } catch (error) {
      Atlas.fail(layer, error.kind || kind || "format", error);
      return false;
    }
  };

  Atlas.notice = function (layer, text) {
    let box = layer.map.getContainer().querySelector(".atlas-notice");
    if (!box) layer.map.getContainer().append((box = Atlas.element("div", { class: "atlas-notice", role: "status" })));
    box.textContent = text;
  };

  // ---- to the page ----
  // streamlit-folium waits 250 ms after a click before it reports; the same value is
  // handed over at once, so that its own report finds nothing new.
  Atlas.tell = function (messenger, text) {
    messenger.setTooltipContent(text);
    messenger.fire("click", { latlng: Atlas.map.getCenter() });
    window.dispatchEvent(new CustomEvent("atlas:event", { detail: text }));
    const shared = window.__GLOBAL_DATA__;
    if (!window.Streamlit || !shared || shared[FIELD] !== text) return;
    if (String(shared.returned_objects) !== FIELD) return;
    shared.previous_data = { [FIELD]: text };
    window.Streamlit.setComponentValue(shared.previous_data);
  };

  // ---- the frame around the map ----
  Atlas.outer = function () {
    try {
      return window.frameElement && window.parent.document ? window.parent : null;
    } catch {
      return null; // framed by another origin
    }
  };
  const { outer } = Atlas;

  const COVER = { position: "fixed", inset: "0", width: "100vw", height: "100vh", zIndex: "999990" };

  Atlas.covering = () => Boolean(outer()) && window.frameElement.style.position === "fixed";

  // The frame over the whole window, where real full screen is forbidden.
  Atlas.cover = function (layer, on) {
    if (!outer()) return;
    const { style } = window.frameElement;
    for (const [key, value] of Object.entries(COVER)) style[key] = on ? value : "";
    if (!on) grow(layer);
    layer.showFull();
  };

  function grow(layer) {
    const page = outer();
    const { fill } = layer.message;
    if (!page || !fill || Atlas.covering()) return;
    const top = window.frameElement.getBoundingClientRect().top;
    const height = Math.max(280, Math.round(page.innerHeight - Math.max(0, top) - fill));
    if (Math.abs(window.frameElement.offsetHeight - height) > 1) window.frameElement.style.height = height + "px";
  }

  Atlas.arrange = function (layer) {
    grow(layer);
    if (layer.steps === Boolean(layer.message.show)) return;
    layer.steps = Boolean(layer.message.show);
    for (const target of [document, outer() && outer().document]) {
      if (!target) continue;
      target.removeEventListener("keydown", layer.onKey, true);
      if (layer.steps) target.addEventListener("keydown", layer.onKey, true);
    }
  };

  // Steps are told as their sum: of two values that come close together Streamlit keeps the last.
  function keys(layer) {
    const since = Date.now().toString(36);
    let steps = 0;
    return (event) => {
      const node = event.target;
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (node.closest && node.closest("input,textarea,select,[role=menu],[role=listbox],[role=combobox],[role=slider],[role=radiogroup],[role=tablist],[contenteditable=true],dialog")) return;
      const by = { ArrowRight: 1, ArrowLeft: -1, Escape: 0 }[event.key];
      const page = outer();
      if (by === undefined || (event.key === "Escape" && (document.fullscreenElement || (page && page.document.fullscreenElement)))) return;
      event.preventDefault();
      event.stopPropagation();
      steps += by;
      layer.tell(by ? `step ${steps} ${since}` : "escape");
    };
  }

  // ---- start ----
  function createMap(id, setup) {
    const map = L.map(id, {
      zoomControl: false, attributionControl: false, minZoom: 7, maxZoom: 18, zoomSnap: 0.25,
      wheelPxPerZoomLevel: 90, maxBounds: [[50.2, 4.6], [52.8, 9.8]], maxBoundsViscosity: 0.6,
      zoomAnimation: !Atlas.still(), fadeAnimation: !Atlas.still(),
    });
    const view = Atlas.View.remembered(setup);
    setup.restored = Boolean(view);
    if (view) map.setView([view.lat, view.lng], view.zoom);
    else map.setView(L.latLngBounds(Atlas.region).getCenter(), 9); // fitted once the legend is there
    return map;
  }

  function furnish(layer, setup) {
    layer.onKey = keys(layer);
    layer.map.getContainer().setAttribute("aria-label", layer.text("label"));
    Atlas.addControls(layer);
    if (!setup.restored) layer.view.home();
    layer.refresh();
    new ResizeObserver(() => {
      layer.legend.settle();
      layer.view.resized();
    }).observe(layer.map.getContainer());
    Atlas.onPaper(layer);
  }

  async function start(map, messenger, setup) {
    let config;
    try {
      config = await Atlas.load(Atlas.paths.config);
    } catch (error) {
      Atlas.fail(null, "config", error);
      return;
    }
    const words = { config, text: (key) => config.texts[key], count: () => undefined };
    let layer = null;
    const built = await Atlas.attempt(words, () => {
      layer = new Atlas.Layer(map, config, messenger);
      layer.view = new Atlas.View(layer, setup);
      furnish(layer, setup);
    }, "paint");
    if (!built) return;
    Atlas.layer = window.atlasLayer = layer;
    Atlas.load(Atlas.paths.base).then((payload) => { layer.base = new Atlas.Base(payload); layer.refresh(); setTimeout(() => layer.prepareStops(), 1000); })
      .catch((error) => { console.error("Raumatlas:", error); Atlas.notice(layer, layer.text("no_base")); });
    await Atlas.attempt(layer, async () => {
      layer.setTable(await Atlas.load(Atlas.paths.spaces));
      layer.receive(Atlas.message);
    });
  }

  Atlas.create = function (id, setup) {
    // The size before Leaflet asks for it, even if our styles do not arrive.
    Object.assign(document.getElementById(id).style, { width: "100%", height: "100vh" });
    document.body.style.margin = 0;
    const map = createMap(id, setup);
    map.getContainer().classList.add("atlas-map");
    map.getContainer().setAttribute("role", "application");
    document.documentElement.lang = setup.language;
    Atlas.map = map;
    // streamlit-folium reports a click on a Leaflet layer by the text of its tooltip; there
    // from the start, so that it listens.
    const messenger = L.featureGroup().bindTooltip("-").addTo(map);
    start(map, messenger, setup);
    return map;
  };
})(window.AtlasMap);
