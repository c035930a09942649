// The page around the panels: language and title, and what Streamlit says in English only.
// The texts come from atlas/ui/chrome.py.

function pageState(data) {
  const page = document.documentElement;
  if (data.lang) page.lang = data.lang;
  for (const [name, value] of Object.entries(data.page ?? {})) page.dataset[name] = value;
  if (data.title) document.title = data.title;
}

// Names for parts of Streamlit that have none in the page's language.
function relabel(labels) {
  for (const [selector, label] of Object.entries(labels ?? {})) {
    for (const node of document.querySelectorAll(selector)) {
      if (node.getAttribute("aria-label") !== label) node.setAttribute("aria-label", label);
    }
  }
}

// Where Streamlit speaks itself; everything else on the page is ours.
const CHROME = ["stSkipToContent", "stMainMenuPopover", "stMainMenuList", "stStatusWidget",
  "stConnectionStatus", "stSidebarNav", "stTopNavSection", "stDialog", "InputInstructions"]
  .map((name) => `[data-testid="${name}"]`).concat('[role="dialog"]').join(",");
const spoken = new WeakMap(); // text node or element -> per place [Streamlit's text, ours]

// Streamlit's text is kept: another language starts from it, and what Streamlit has
// changed since is noticed because it is not what we wrote.
function respeak(node, place, now, write, texts) {
  const before = spoken.get(node) ?? {};
  const [original, ours] = before[place] ?? [];
  const said = ours !== undefined && now === ours ? original : now;
  const wanted = texts[said.trim()];
  if (wanted === undefined) return;
  const text = said.replace(said.trim(), () => wanted);
  spoken.set(node, { ...before, [place]: [said, text] });
  if (text !== now) write(text);
}

function retext(texts) {
  for (const root of texts ? document.querySelectorAll(CHROME) : []) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.nodeValue) respeak(node, "text", node.nodeValue, (text) => { node.nodeValue = text; }, texts);
        continue;
      }
      for (const name of ["aria-label", "title"]) {
        const value = node.getAttribute(name);
        if (value) respeak(node, name, value, (text) => node.setAttribute(name, text), texts);
      }
    }
  }
}

function keepWords(state) {
  const run = () => {
    state.frame = 0;
    relabel(state.labels);
    retext(state.texts);
  };
  // Before the next frame is painted, so that nobody sees the other language first.
  const observer = new MutationObserver(() => { state.frame ||= requestAnimationFrame(run); });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  state.undo.push(() => observer.disconnect(), () => cancelAnimationFrame(state.frame));
}
