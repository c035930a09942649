// Fills lists and forms whose markup stays the same with rows, counts and choices.

const fillings = new Map(); // id of a form -> what it shows
let formSent = 0; // when a form was last sent

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

// The options of a form come as mark, name and code; each becomes a label with a box and a count.
function fillOptions(root) {
  for (const given of root.querySelectorAll("[data-options] [data-code]")) {
    const { options, some } = given.closest("[data-options]").dataset;
    const { code } = given.dataset;
    const name = given.lastChild.textContent;
    const option = document.createElement("label");
    option.className = "ra-option";
    option.id = `${given.closest("details").id.replace("facet", "option")}-${code}`;
    option.dataset.option = name; // searched for
    if (some !== undefined) option.dataset.spare = "";
    const box = document.createElement("input");
    for (const [key, value] of Object.entries({ type: "checkbox", name: options, value: code })) box.setAttribute(key, value);
    const part = (kind, text) => Object.assign(document.createElement("span"), { className: kind, textContent: text });
    option.append(box, ...given.children, part("ra-option-label", name), part("ra-count", ""));
    given.replaceWith(option);
  }
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
