// Shows the HTML that Python made and reports clicks and form changes.
// Patches in place, so that focus, scroll position and open sections survive.
// Sent once per page as the component "raumatlas.core"; every panel is a line that
// calls what is registered here (see atlas/ui/panel.py).

const states = new WeakMap();
const fillings = new Map(); // id of a form -> what it shows
let formSent = 0; // when a form was last sent

function patchAttributes(now, next) {
  for (const { name } of [...now.attributes]) {
    if (name === "open" || name === "hidden") continue; // belongs to the person
    if (!next.hasAttribute(name)) now.removeAttribute(name);
  }
  for (const { name, value } of [...next.attributes]) {
    if (name === "open" && now.dataset.seen) continue;
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  if (now instanceof HTMLInputElement) {
    if (now.type === "checkbox" || now.type === "radio") now.checked = next.hasAttribute("checked");
    else if (document.activeElement !== now && !now.dataset.local) {
      now.value = next.getAttribute("value") ?? "";
    }
  }
  if (now instanceof HTMLDetailsElement) now.dataset.seen = "1";
}

function same(now, next) {
  return (
    now && now.nodeType === next.nodeType && now.nodeName === next.nodeName &&
    (now.id || "") === (next.id || "")
  );
}

function patch(now, next) {
  if (now.dataset?.filled !== undefined && !next.hasChildNodes()) return; // see fillRows
  const wanted = [...next.childNodes];
  wanted.forEach((child, index) => {
    let current = now.childNodes[index];
    if (child.id && (!current || current.id !== child.id)) {
      const moved = [...now.children].find((other) => other.id === child.id);
      if (moved) { now.insertBefore(moved, current ?? null); current = moved; }
    }
    if (!same(current, child)) {
      now.insertBefore(child.cloneNode(true), current ?? null);
      return;
    }
    if (child.nodeType === Node.TEXT_NODE) {
      if (current.nodeValue !== child.nodeValue) current.nodeValue = child.nodeValue;
      return;
    }
    if (current.nodeType !== Node.ELEMENT_NODE) return;
    patchAttributes(current, child);
    if (current.nodeName === "SELECT") { syncSelect(current, child); return; }
    patch(current, child);
  });
  while (now.childNodes.length > wanted.length) now.lastChild.remove();
}

function syncSelect(now, next) {
  if (now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
  const chosen = next.querySelector("option[selected]");
  now.value = chosen ? chosen.value : (next.querySelector("option")?.value ?? "");
}

function values(root) {
  const found = {};
  for (const control of root.querySelectorAll("[name]")) {
    if (control.type === "checkbox" || control.type === "radio") {
      found[control.name] ??= [];
      if (control.checked) found[control.name].push(control.value);
    } else {
      found[control.name] = control.value;
    }
  }
  return found;
}

// The rows of a list: copies of its template with the texts of each row.
function fillRows(list, given) {
  const template = list.querySelector("template").content.firstElementChild;
  const next = document.createElement("ol");
  for (const texts of given.rows) {
    const row = template.cloneNode(true);
    [row.id, row.dataset.key] = [`row-${texts[0]}`, texts[0]];
    for (const slot of row.querySelectorAll("[data-text]")) {
      const text = texts[slot.dataset.text];
      if (text) slot.textContent = text; else slot.remove();
    }
    for (const state of row.querySelectorAll("[data-state]")) {
      if (state.dataset.state !== texts[3]) state.remove();
    }
    const unwanted = given.picked.includes(texts[0]) ? "pick" : "unpick";
    row.querySelector(`[data-event="${unwanted}"]`).remove();
    const star = row.lastElementChild;
    star.setAttribute("aria-label", `${star.getAttribute("aria-label")}: ${texts[1]}`);
    next.append(row);
  }
  patch(list.querySelector("[data-filled]"), next);
  const more = list.querySelector(':scope > [data-event="more"]');
  more.textContent = given.more;
  more.hidden = !given.more;
}

// Counts and choices of a form whose markup stays the same.
function fillForm(form, given) {
  const number = new Intl.NumberFormat(given.lang);
  const current = given.at >= formSent; // else an answer to an earlier change
  form.querySelectorAll("[data-option]").forEach((option, index) => {
    const count = given.counts[index] ?? 0;
    option.querySelector(".ra-count").textContent = number.format(count);
    option.classList.toggle("ra-none", !count);
  });
  for (const control of current ? form.querySelectorAll("[name]") : []) {
    if (control.type === "checkbox") {
      control.checked = Boolean(given.chosen[control.name]?.includes(control.value));
    } else if (document.activeElement !== control) {
      control.value = given.values[control.name] ?? "";
    }
  }
  for (const option of form.querySelectorAll("[data-spare]")) {
    option.hidden = option.classList.contains("ra-none") && !option.querySelector("input").checked;
  }
  for (const section of form.querySelectorAll("details")) {
    const count = section.id === "more-filters"
      ? given.more : section.querySelectorAll("[data-option] input:checked").length;
    const badge = section.querySelector("summary > .ra-badge");
    badge.textContent = count || "";
    badge.hidden = !count;
    if (count && !section.dataset.filled) section.open = true;
    section.dataset.filled = "1"; // from now on it opens and closes by hand
  }
}

function refill() {
  for (const [id, given] of fillings) {
    const form = document.getElementById(id);
    if (form) (given.rows ? fillRows : fillForm)(form, given);
  }
}

function filterOptions(box) {
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");
  const wanted = fold(box.value.trim());
  const list = box.closest("[data-options]");
  for (const group of list.querySelectorAll("[data-group]")) {
    let any = false;
    for (const option of group.querySelectorAll("[data-option]")) {
      const hit = !wanted || fold(option.dataset.option).includes(wanted);
      option.hidden = !hit;
      any ||= hit;
    }
    group.hidden = !any;
    if (wanted && any && group instanceof HTMLDetailsElement) group.open = true;
  }
}

function typing(event) {
  const target = event.composedPath?.()[0] ?? event.target;
  return target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
}

function listen(root, state) {
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-event],[data-copy],[data-frame]");
    if (!target || !root.contains(target)) return;
    if (target.dataset.copy !== undefined) return copy(target);
    if (target.dataset.frame !== undefined) return;
    event.preventDefault();
    const row = target.closest("[data-key]"); // the key of a row counts for all its buttons
    state.send(target.dataset.event, target.dataset.value ?? row?.dataset.key ?? "");
  });
  root.addEventListener("change", (event) => {
    if (!event.target.name || event.target.closest("[data-local]")) return;
    if (event.target.dataset.change) state.send(event.target.dataset.change, event.target.value);
    else state.form(values(root));
  });
  root.addEventListener("input", (event) => {
    if (event.target.dataset.search !== undefined) filterOptions(event.target);
    const output = root.querySelector(`[data-output="${event.target.id || "-"}"]`);
    if (output) {
      const metres = Number(event.target.value).toLocaleString(document.documentElement.lang || "de");
      output.textContent = `${metres} m`;
      event.target.setAttribute("aria-valuetext", `${metres} m`);
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset?.search !== undefined) event.preventDefault();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") roam(event, root);
  });
}

// Up and down move between the rows of a list; Tab reaches everything as well.
function roam(event, root) {
  const rows = [...root.querySelectorAll("[data-roam]")];
  const at = rows.indexOf(event.target.closest("[data-roam]"));
  if (at < 0) return;
  const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
}

async function copy(target) {
  const text = target.dataset.copy || location.href;
  const done = () => {
    const note = target.querySelector("[data-note]") ?? target;
    const before = note.textContent;
    note.textContent = target.dataset.done ?? before;
    setTimeout(() => { note.textContent = before; }, 2000);
  };
  try {
    await navigator.clipboard.writeText(text);
    done();
  } catch { // no permission, or no secure context
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    if (document.execCommand("copy")) done();
    field.remove();
  }
}

// Keys of the page: {"p": "show", "ArrowRight": "next"}. The map is an iframe of the
// same origin; its document is listened to as well, or the keys would end there.
function bindKeys(state) {
  const act = (event) => {
    const name = state.keys?.[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Escape" && typing(event)) return;
    event.preventDefault();
    state.send(name, event.key);
  };
  state.seen = new WeakSet();
  const attach = () => {
    for (const frame of document.querySelectorAll("iframe")) {
      try {
        const inner = frame.contentDocument;
        if (!inner || state.seen.has(inner)) continue;
        state.seen.add(inner);
        inner.addEventListener("keydown", act);
        state.undo.push(() => inner.removeEventListener("keydown", act));
      } catch { /* a frame of another origin has its own keys */ }
    }
  };
  document.addEventListener("keydown", act);
  const timer = setInterval(attach, 1000);
  state.undo.push(() => document.removeEventListener("keydown", act), () => clearInterval(timer));
}

function pageState(data) {
  const page = document.documentElement;
  if (data.lang) page.lang = data.lang;
  for (const [name, value] of Object.entries(data.page ?? {})) page.dataset[name] = value;
  if (data.title) document.title = data.title;
}

// Streamlit's own markup says some things in English only; texts come from Python.
function relabel(labels) {
  for (const [selector, label] of Object.entries(labels ?? {})) {
    for (const node of document.querySelectorAll(selector)) {
      if (node.getAttribute("aria-label") !== label) node.setAttribute("aria-label", label);
    }
  }
}

function keepLabels(state) {
  const run = () => relabel(state.labels);
  const observer = new MutationObserver(() => {
    clearTimeout(state.timer);
    state.timer = setTimeout(run, 100);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  state.undo.push(() => observer.disconnect(), () => clearTimeout(state.timer));
  run();
}

function mount(component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  let state = states.get(parentElement);
  if (!state) {
    const root = document.createElement("div");
    root.className = "ra-panel";
    parentElement.append(root);
    state = { root, undo: [], sent: "" };
    states.set(parentElement, state);
    listen(root, state);
    if (data.keys) bindKeys(state);
    if (data.labels) { state.labels = data.labels; keepLabels(state); }
  }
  state.send = (name, value) => setTriggerValue("event", JSON.stringify({ name, value, at: Date.now() }));
  state.form = (found) => {
    formSent = Date.now();
    setStateValue("form", JSON.stringify({ ...found, at: formSent }));
  };
  state.keys = data.keys;
  state.labels = data.labels;
  pageState(data);
  relabel(state.labels);
  const next = document.createElement("div");
  next.innerHTML = data.html;
  patch(state.root, next);
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
  return () => {
    state.undo.forEach((undo) => undo());
    state.root.remove();
    states.delete(parentElement);
  };
}

export default function () {
  const show = ([panel, undo]) => undo.push(mount(panel));
  const waiting = window.raumatlas ?? []; // panels that came before this script
  window.raumatlas = { push: show };
  if (Array.isArray(waiting)) waiting.forEach(show);
}
