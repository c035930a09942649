// Evaluates the filter message over the typed arrays. Its meaning is that of
// atlas.query.apply; tests/browser/test_map_parity.py compares the two.
(function (Atlas) {
  "use strict";
  const { MISSING, NO_DAY } = Atlas.Table;

  function keepCodes(table, column, wanted, out) {
    const lookup = new Uint8Array(256);
    for (const code of wanted) {
      const index = table.lists[column].indexOf(code);
      if (index >= 0) lookup[index] = 1;
    }
    lookup[MISSING] = 0;
    const codes = table.code[column];
    for (let i = 0; i < out.length; i++) out[i] &= lookup[codes[i]];
  }

  function keepLists(table, column, wanted, out) {
    let bits = 0;
    for (const code of wanted) {
      const index = table.lists[column].indexOf(code);
      if (index >= 0) bits |= 1 << index;
    }
    const masks = table.mask[column];
    for (let i = 0; i < out.length; i++) if ((masks[i] & bits) === 0) out[i] = 0;
  }

  function keepAges(table, wanted, out) {
    const names = ["current", "recheck", "outdated", "undated"];
    const lookup = names.map((name) => (wanted.includes(name) ? 1 : 0));
    for (let i = 0; i < out.length; i++) out[i] &= lookup[table.age[i]];
  }

  // A row offers every value from `least` to `most`; it passes if one of them does.
  // Where only the least is known, larger ones are as unknown as any (see masks.py).
  function keepRange(most, least, [minimum, maximum, withUnknown], out) {
    const low = minimum === null ? -Infinity : minimum;
    const high = maximum === null ? Infinity : maximum;
    for (let i = 0; i < out.length; i++) {
      const first = Number.isNaN(least[i]) ? most[i] : least[i];
      const last = Number.isNaN(most[i]) ? first : most[i];
      const inside = first <= high && last >= low && low <= high; // false if unknown
      if (!inside && !(withUnknown && Number.isNaN(most[i]) && !(first > high))) out[i] = 0;
    }
  }

  function keepNear(table, [x0, y0, radius], out) {
    for (let i = 0; i < out.length; i++) {
      const dx = table.x[i] - x0, dy = table.y[i] - y0;
      if (!(dx * dx + dy * dy <= radius * radius)) out[i] = 0; // NaN: no coordinate, no match
    }
  }

  // Optimal string alignment distance of at most one, without a matrix.
  function oneApart(a, b) {
    if (a === b) return true;
    if (a.length > b.length) [a, b] = [b, a];
    if (b.length - a.length > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    if (a.length < b.length) return a.slice(i) === b.slice(i + 1);
    if (a.slice(i + 1) === b.slice(i + 1)) return true;
    return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
  }
  Atlas.oneApart = oneApart;

  function wordMatches(token, word) {
    if (token.length < 3) return word.startsWith(token);
    if (word.includes(token)) return true;
    if (token.length < 4) return false;
    return oneApart(token, word) || oneApart(token, word.slice(0, token.length));
  }

  function keepToken(words, token, out) {
    let hits = words.known.get(token);
    if (!hits) {
      hits = Uint8Array.from(words.vocabulary, (word) => (wordMatches(token, word) ? 1 : 0));
      if (words.known.size > 40) words.known.clear();
      words.known.set(token, hits);
    }
    for (let i = 0; i < out.length; i++) {
      if (!out[i]) continue;
      let found = 0;
      for (let j = words.start[i]; j < words.start[i + 1] && !found; j++) found = hits[words.ids[j]];
      out[i] = found;
    }
  }

  function keepOnly(table, ids, out) {
    const wanted = new Uint8Array(out.length);
    for (const id of ids) {
      const row = table.rowOf(id);
      if (row >= 0) wanted[row] = 1;
    }
    for (let i = 0; i < out.length; i++) out[i] &= wanted[i];
  }

  // Age classes: 0 current, 1 to be re-checked, 2 outdated, 3 undated.
  Atlas.setToday = function (table, today, recheck, outdated) {
    if (table.today === today) return;
    table.today = today;
    for (let i = 0; i < table.n; i++) {
      const days = today - table.day[i];
      table.age[i] = table.day[i] === NO_DAY ? 3 : days > outdated ? 2 : days > recheck ? 1 : 0;
    }
  };

  Atlas.needsWords = function (spec) { return Boolean(spec.words && spec.words.length); };

  // Fills `out` with 0 and 1 and returns the number of matches.
  Atlas.evaluate = function (table, spec, out) {
    out.fill(1);
    for (const [column, wanted] of Object.entries(spec.codes || {})) keepCodes(table, column, wanted, out);
    for (const [column, wanted] of Object.entries(spec.lists || {})) keepLists(table, column, wanted, out);
    if (spec.age) keepAges(table, spec.age, out);
    if (spec.area) keepRange(table.area, table.areaLeast, spec.area, out);
    if (spec.rent) keepRange(table.rent, table.rent, spec.rent, out);
    if (spec.near) keepNear(table, spec.near, out);
    if (spec.only) keepOnly(table, spec.only, out);
    for (const token of spec.words || []) keepToken(table.words, token, out);
    let count = 0;
    for (let i = 0; i < out.length; i++) count += out[i];
    return count;
  };
})(window.AtlasMap);
