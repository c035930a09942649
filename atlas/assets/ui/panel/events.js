// What a person does in a panel: clicks, changes, keys.

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

// As atlas/text.py folds: "Muelheim", "Mülheim" and "Mulheim" are one word.
function fold(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");
  return plain.replace(/([aeiouq]?)([aou])e+/g, (all, before, vowel) => (before ? all : vowel));
}

function filterOptions(box) {
  const wanted = fold(box.value.trim());
  const list = box.closest("[data-options]");
  let found = false;
  for (const group of list.querySelectorAll("[data-group]")) {
    let any = false;
    for (const option of group.querySelectorAll("[data-option]")) {
      const hit = !wanted || fold(option.dataset.option).includes(wanted);
      option.hidden = !hit;
      any ||= hit;
    }
    group.hidden = !any;
    found ||= any;
    if (wanted && any && group instanceof HTMLDetailsElement) group.open = true;
  }
  list.querySelector("[data-found]").hidden = !found;
  list.querySelector("[data-nothing]").hidden = found;
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
    if (target.dataset.sum) return state.sum(target.dataset.event, Number(target.dataset.sum));
    state.turned = Boolean(target.closest(".ra-pages"));
    const row = target.closest("[data-key]"); // the key of a row counts for all its buttons
    state.send(target.dataset.event, target.dataset.value ?? row?.dataset.key ?? "");
  });
  root.addEventListener("change", (event) => {
    if (!event.target.name || event.target.closest("[data-local]")) return;
    if (event.target.dataset.change) state.send(event.target.dataset.change, event.target.value);
    else state.form(values(root), event.target.form);
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
