// Patches in place, so that focus, scroll position and open sections survive.

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
    // What a template holds is no child of it.
    if (current.nodeName === "TEMPLATE") patch(current.content, child.content);
    else patch(current, child);
  });
  while (now.childNodes.length > wanted.length) now.lastChild.remove();
}

function syncSelect(now, next) {
  if (now.innerHTML !== next.innerHTML) now.innerHTML = next.innerHTML;
  const chosen = next.querySelector("option[selected]");
  now.value = chosen ? chosen.value : (next.querySelector("option")?.value ?? "");
}
