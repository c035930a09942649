// A filter that the form knows by itself goes to the map at the moment of the click; the server
// confirms or corrects it a little later. How a form becomes a filter is said by
// atlas.query.client.form_places; what the form does not know (text, radius) stays as it is.

function boundsOf(found, name, most) {
  const number = (text) => {
    const value = text === "" ? NaN : Number(text);
    return Number.isNaN(value) ? null : Math.min(Math.max(value, 0), most ?? Infinity);
  };
  return [number(found[`${name}_min`]), number(found[`${name}_max`]), found[`${name}_unknown`].length > 0];
}

// The filter of the map, with what the form says put in its place.
function specOf(found, places, spec) {
  const next = { ...spec, codes: { ...spec.codes }, lists: { ...spec.lists } };
  for (const [name, [key, column]] of Object.entries(places.codes)) {
    const [holder, at] = column ? [next[key], column] : [next, key];
    delete holder[at];
    if (found[name]?.length) holder[at] = [...found[name]].sort();
  }
  for (const [name, most] of Object.entries(places.ranges)) {
    const bounds = boundsOf(found, name, most);
    delete next[name];
    if (bounds[0] !== null || bounds[1] !== null) next[name] = bounds;
  }
  for (const key of ["codes", "lists"]) if (!Object.keys(next[key]).length) delete next[key];
  return next;
}

function goAhead(form, found, at) {
  if (!form?.dataset.places) return;
  const places = JSON.parse(form.dataset.places);
  for (const frame of document.querySelectorAll("iframe")) {
    try {
      frame.contentWindow.AtlasMap?.goAhead?.((spec) => specOf(found, places, spec), at);
    } catch (error) { // a frame of another origin; and a map that fails here waits for the server
      console.debug("Raumatlas:", error);
    }
  }
}
