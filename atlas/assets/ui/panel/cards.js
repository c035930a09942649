// A table that is wider than its box is shown as cards. How wide it has to be hangs on its words
// and on the language: only the browser knows.

function fitTable(box) {
  box.classList.remove("ra-as-cards");
  box.classList.toggle("ra-as-cards", box.scrollWidth > box.clientWidth);
}

// The table is observed as well: styles and fonts may come after it. Later, because cards change
// the size of what is observed; a second look changes nothing, and nothing is heard any more.
const tables = new ResizeObserver((entries) => requestAnimationFrame(() => {
  new Set(entries.map(({ target }) => target.closest(".ra-table-box"))).forEach(fitTable);
}));

function fitTables(root) {
  for (const box of root.querySelectorAll(".ra-table-box")) {
    fitTable(box);
    tables.observe(box);
    tables.observe(box.firstElementChild);
  }
}
