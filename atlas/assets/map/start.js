// Raumatlas Ruhr: the map layer. Plain scripts, joined by the server in this order.
// This part starts the downloads while Leaflet still loads, and keeps what the page says.
window.AtlasMap = window.AtlasMap || {};
(function (Atlas) {
  "use strict";
  const here = new URL(document.currentScript.src, location.href);
  Atlas.root = new URL("../", here);
  Atlas.region = "__REGION__"; // corners in degrees, put in by the server
  Atlas.language = here.searchParams.get("lang") || "de";

  class LoadError extends Error {
    constructor(kind, detail) {
      super(kind + ": " + detail);
      this.kind = kind;
      this.detail = detail;
    }
  }
  Atlas.LoadError = LoadError;

  Atlas.getJson = async function (path) {
    let response;
    try {
      // no-cache: asks the server every time, which answers 304 while nothing has changed.
      response = await fetch(new URL(path, Atlas.root), { cache: "no-cache" });
    } catch (error) {
      throw new LoadError("network", String(error));
    }
    if (!response.ok) throw new LoadError("http", response.status);
    try {
      return await response.json();
    } catch (error) {
      throw new LoadError("format", String(error));
    }
  };

  const started = {};
  Atlas.load = function (path, again) {
    if (again || !started[path]) {
      started[path] = Atlas.getJson(path);
      started[path].catch(() => undefined); // whoever awaits it reports it
    }
    return started[path];
  };
  Atlas.paths = {
    config: "map/config.json?lang=" + encodeURIComponent(Atlas.language),
    spaces: "map/spaces.json",
    base: "map/base.json",
    words: "map/words.json",
    stops: "map/stops.json",
  };
  for (const key of ["config", "spaces", "base"]) Atlas.load(Atlas.paths[key]);

  // streamlit-folium collects every feature group in window.feature_group and never
  // lets go of one: without this the memory of the page grows with each filter change.
  function releaseGroups() {
    const groups = window.feature_group;
    if (!Array.isArray(groups)) return;
    for (const group of groups) if (group.remove) group.remove();
    groups.length = 0;
  }

  Atlas.message = {};
  Atlas.receive = function (message) {
    Atlas.message = message;
    setTimeout(releaseGroups, 0);
    if (Atlas.layer) Atlas.layer.receive(message);
  };

  Atlas.storage = function (kind, key, value) {
    try {
      const store = window[kind];
      if (value === undefined) return JSON.parse(store.getItem("atlas." + key));
      store.setItem("atlas." + key, JSON.stringify(value));
    } catch {
      return null; // storage switched off: nothing is remembered, nothing breaks
    }
    return value;
  };

  Atlas.element = function (tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "on") for (const [name, run] of Object.entries(value)) node.addEventListener(name, run);
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
    }
    node.append(...children); // strings become text nodes, never markup
    return node;
  };
})(window.AtlasMap);
