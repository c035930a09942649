// Other base maps come from other hosts: only after a click in a dialog that names the host.
(function (Atlas) {
  "use strict";
  const CONSENT = "tile-hosts";

  function allowed(host) { return (Atlas.storage("sessionStorage", CONSENT) || []).includes(host); }
  function allow(host) {
    const hosts = Atlas.storage("sessionStorage", CONSENT) || [];
    Atlas.storage("sessionStorage", CONSENT, [...new Set([...hosts, host])]);
  }

  function use(layer, service) {
    if (layer.tiles) layer.tiles.remove();
    layer.tiles = null;
    if (service) {
      layer.tiles = L.tileLayer(service.url, { maxZoom: 18, maxNativeZoom: service.max_zoom, attribution: Atlas.escape(service.attribution) });
      layer.tiles.on("tileerror", () => Atlas.notice(layer, layer.text("tiles_failed", { host: service.host })));
      layer.tiles.addTo(layer.map);
    }
    layer.refresh();
  }

  function ask(layer, service, yes, no) {
    const dialog = Atlas.element("dialog", { class: "atlas-dialog", "aria-labelledby": "atlas-dialog-title" },
      Atlas.element("h2", { id: "atlas-dialog-title" }, layer.text("tiles_title", { name: service.name })),
      Atlas.element("p", {}, layer.text("tiles_ask", { host: service.host, operator: service.operator })),
      Atlas.element("p", { class: "atlas-host" }, service.host));
    const close = (run) => () => { dialog.close(); dialog.remove(); run(); };
    const agree = Atlas.element("button", { type: "button", class: "atlas-primary", on: { click: close(yes) } }, layer.text("tiles_yes"));
    const refuse = Atlas.element("button", { type: "button", on: { click: close(no) } }, layer.text("tiles_no"));
    dialog.append(Atlas.element("div", { class: "atlas-actions" }, refuse, agree));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(no)(); });
    L.DomEvent.disableClickPropagation(dialog);
    layer.map.getContainer().append(dialog);
    dialog.showModal();
    refuse.focus();
  }

  Atlas.tileChooser = function (layer) {
    const list = Atlas.element("fieldset", { class: "atlas-tiles", hidden: "", id: "atlas-tiles" }, Atlas.element("legend", {}, layer.text("base_map")));
    const inputs = [null, ...layer.config.services].map((service) => {
      const input = Atlas.element("input", { type: "radio", name: "atlas-tiles", checked: service ? false : "" });
      input.addEventListener("change", () => pick(service, input));
      const note = service ? Atlas.element("small", {}, service.host) : Atlas.element("small", {}, layer.text("no_host"));
      list.append(Atlas.element("label", {}, input, Atlas.element("span", {}, service ? service.name : layer.text("own_map"), note)));
      return input;
    });
    function pick(service) {
      if (!service || allowed(service.host)) use(layer, service);
      else ask(layer, service, () => { allow(service.host); use(layer, service); }, () => { inputs[0].checked = true; use(layer, null); });
    }
    const open = Atlas.button("layers", layer.text("base_map"), () => {
      list.hidden = !list.hidden;
      open.setAttribute("aria-expanded", String(!list.hidden));
    }, { "aria-expanded": "false", "aria-controls": "atlas-tiles" });
    const shut = () => { list.hidden = true; open.setAttribute("aria-expanded", "false"); };
    list.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      shut();
      open.focus();
    });
    layer.map.on("click", shut);
    return Atlas.element("div", { class: "atlas-chooser" }, Atlas.element("div", { class: "atlas-bar leaflet-bar" }, open), list);
  };
})(window.AtlasMap);
