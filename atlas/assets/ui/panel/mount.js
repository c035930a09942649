// Shows the HTML that Python made and reports clicks and form changes.
// Sent once per page as the component "raumatlas.core": atlas/ui/panel.py joins the files of
// this folder, in its order, into one script. Every panel is a line that calls what is
// registered here.

const states = new WeakMap();

// Scrolls to what a click brought up, unless its beginning is well in sight already.
function reveal(target) {
  const { top } = target.getBoundingClientRect();
  const header = parseFloat(getComputedStyle(target).scrollMarginTop);
  if (top < header || top > innerHeight / 2) target.scrollIntoView();
}

function mount(component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  let state = states.get(parentElement);
  if (!state) {
    const root = document.createElement("div");
    root.className = "ra-panel";
    parentElement.append(root);
    state = { root, undo: [], sent: "", total: 0, since: `p${Date.now().toString(36)}` };
    states.set(parentElement, state);
    listen(root, state);
    if (data.keys) bindKeys(state);
    if (data.labels) keepWords(state);
  }
  state.send = (name, value) => setTriggerValue("event", JSON.stringify({ name, value, at: Date.now() }));
  // Steps go as their sum: of two values that come close together Streamlit keeps the last.
  state.sum = (name, by) => {
    state.total += by;
    state.send(name, `${state.total} ${state.since}`);
  };
  state.form = (found, form) => {
    formSent = Math.max(Date.now(), formSent + 1); // two in one millisecond are two
    goAhead(form, found, formSent);
    setStateValue("form", JSON.stringify({ ...found, at: formSent }));
  };
  state.keys = data.keys;
  [state.labels, state.texts] = [data.labels, data.texts];
  pageState(data);
  relabel(state.labels);
  retext(state.texts);
  const next = document.createElement("div");
  next.innerHTML = data.html;
  fillOptions(next);
  // Whoever works with keys goes on from here when what had the focus is gone, not from the top
  // of the page. After a tap nothing is focused: a field would bring up the keyboard of a phone.
  const keys = state.root.querySelector(":focus-visible") !== null;
  patch(state.root, next);
  fitTables(state.root);
  if (keys && data.heir && !state.root.contains(document.activeElement)) {
    document.querySelector(data.heir)?.focus();
  }
  if (state.turned) { // a page of a table begins at its top, also for the keyboard
    const page = state.root.querySelector(".ra-table-box");
    page?.focus({ preventScroll: true });
    if (page) reveal(page);
    state.turned = false;
  }
  if (data.fill) fillings.set(data.fill.into, data.fill);
  if (data.fill || state.root.querySelector("[data-fill]")) refill();
  if (data.focus && data.focus !== state.focus) {
    requestAnimationFrame(() => {
      const target = document.querySelector(data.focus);
      target?.focus({ preventScroll: data.top });
      if (data.top) state.root.closest(".st-key-side-pane")?.scrollTo(0, 0);
    });
  }
  state.focus = data.focus;
  if (data.reveal && data.reveal !== state.reveal) {
    requestAnimationFrame(() => {
      const target = document.querySelector(data.reveal);
      if (target) reveal(target);
    });
  }
  state.reveal = data.reveal;
  return () => {
    state.undo.forEach((undo) => undo());
    state.root.remove();
    states.delete(parentElement);
  };
}

let drawer = null;

export default function () {
  drawer ??= keepDrawer(); // this runs at every message
  const show = ([panel, undo]) => undo.push(mount(panel));
  const waiting = window.raumatlas ?? []; // panels that came before this script
  window.raumatlas = { push: show };
  if (Array.isArray(waiting)) waiting.forEach(show);
  return () => { drawer?.(); drawer = null; };
}
