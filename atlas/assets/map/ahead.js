// The map answers a change of the form of filters at the moment of the click, before the server
// has seen it (atlas/assets/ui/panel/ahead.js hands it over). The server confirms or corrects it.
(function (Atlas) {
  "use strict";

  // The same text for the same filter, in whatever order it was put together.
  function canonical(spec) {
    return JSON.stringify(spec, (_, value) =>
      value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
  }

  class Ahead {
    constructor(layer) {
      Object.assign(this, { layer, at: 0, shown: "", table: null });
    }

    // An answer to an earlier click does not undo a later one, which is on its way; but a server
    // that does not come to know of it leads again.
    inTurn(message) {
      clearTimeout(this.doubt);
      if ((message.at || 0) >= this.at) return message;
      this.doubt = setTimeout(() => {
        this.at = 0;
        this.layer.receive(message);
      }, Ahead.PATIENCE_MS);
      return { ...message, spec: this.layer.message.spec };
    }

    go(change, at) {
      const { layer } = this;
      this.at = at;
      layer.message = { ...layer.message, spec: change(layer.message.spec || {}) };
      layer.apply();
    }

    shows(spec) { [this.shown, this.table] = [canonical(spec), this.layer.table]; }

    isShown(spec) { return this.table === this.layer.table && this.shown === canonical(spec); }
  }
  Ahead.PATIENCE_MS = 10_000;
  Atlas.Ahead = Ahead;
  Atlas.canonical = canonical;

  // `change` makes the new filter from the one that is shown. A map that shows nothing yet
  // waits for the server.
  Atlas.goAhead = function (change, at) {
    if (Atlas.layer && Atlas.layer.evaluated) Atlas.layer.ahead.go(change, at);
  };
})(window.AtlasMap);
