// Rows that come in while a page is open: which of them may enter, how neighbours look, and the order of the list.
// Messages of one author this close together share a header.
const GROUP = 5 * 60_000;
// Rows of the list do not move while the pointer does.
const STILL = 1_000;

document.addEventListener("htmx:before:swap", ({ detail }) => {
  for (const { target, fragment, type, swapSpec } of detail.tasks) {
    if (swapSpec.style !== "upsert") continue;
    if (target?.matches?.(".conversation__messages")) admit(target, fragment, type === "main");
    else if (target?.id === "list") renew(target, fragment);
  }
});

/** Leaves out what is not newer than what is here, and what lies outside the part that is here. */
function admit(list, fragment, isOlder) {
  const rows = list.querySelectorAll("[data-position]");
  const [first, last] = [rows[0], rows[rows.length - 1]].map((row) => row?.dataset.position);
  for (const row of fragment.querySelectorAll("[data-position]")) {
    const here = document.getElementById(row.id);
    const { position, revision } = row.dataset;
    const outside = !isOlder && (position < first || (!(position < last) && !("end" in list.dataset)));
    if (here ? Number(revision) <= Number(here.dataset.revision) : outside) row.remove();
    const line = here?.querySelector("#new");
    if (line && row.parentNode) row.querySelector(".message__head").before(line);
  }
}

/** Fills rows that are here where they are, so that focus and half a click are kept. */
function renew(list, fragment) {
  const shown = list.querySelectorAll(".list__row");
  const lowest = list.querySelector(".list__more") && shown[shown.length - 1]?.dataset.order;
  for (const row of fragment.querySelectorAll(".list__row")) {
    const here = document.getElementById(row.id);
    if (here) {
      const [link, next] = [here, row].map((row) => row.querySelector("a"));
      here.className = row.className;
      here.dataset.order = row.dataset.order;
      here.toggleAttribute("data-draft", "draft" in row.dataset);
      link.href = next.getAttribute("href");
      link.replaceChildren(...next.childNodes);
    }
    // "More" brings it.
    if (here || row.dataset.order < lowest) row.remove();
  }
}

function group() {
  let before = null;
  for (const row of document.querySelectorAll(".conversation__messages > [data-position]")) {
    // The server knows what stands above the first.
    if (before) follow(before, row);
    before = row;
  }
  const seen = before?.closest("[data-end]") && document.getElementById("composer-seen");
  if (seen) seen.value = Number(before.dataset.position);
}

function follow(before, row) {
  const { author, day, at } = row.dataset;
  const begins = day !== before.dataset.day;
  const together =
    author === before.dataset.author &&
    new Date(at) - new Date(before.dataset.at) < GROUP &&
    !before.querySelector(".message__body--gone") &&
    !row.querySelector("#new");
  row.classList.toggle("message--day", begins);
  row.classList.toggle("message--first", begins || !together);
}

let touched = 0;
let timer = 0;
const list = () => document.getElementById("list");

function sort() {
  clearTimeout(timer);
  const rows = [...list().querySelectorAll(".list__row")];
  const sorted = rows.toSorted((a, b) => (a.dataset.order < b.dataset.order) - (a.dataset.order > b.dataset.order));
  if (sorted.every((row, n) => row === rows[n])) return;
  const wait = touched + STILL - Date.now();
  if (wait > 0) {
    timer = setTimeout(sort, wait);
    return;
  }
  let place = list().firstElementChild;
  for (const row of sorted) {
    if (row === place) place = place.nextElementSibling;
    else if (list().moveBefore) list().moveBefore(row, place);
    else list().insertBefore(row, place);
  }
}

document.addEventListener("pointermove", ({ target }) => {
  if (target.closest?.("#list")) touched = Date.now();
});
// At once: a layout in between would make browsers that hold the place of what is read hold the wrong one.
document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id === "list") sort();
  else group();
});
