"use strict";
// Search over the names of all pages: the name's start first, then a part of it, then the sentence.
const search = document.getElementById("search");
const found = document.getElementById("found");
const MAX_SHOWN = 40;
/** The place of the chosen row, which Enter opens, or -1 while none is shown. */
let chosen = -1;

function links() {
  return [...found.querySelectorAll("a")];
}

/** Chooses a row; beyond an end comes the other end. */
function choose(at) {
  const rows = links();
  chosen = rows.length === 0 ? -1 : (at + rows.length) % rows.length;
  for (const [i, link] of rows.entries()) {
    link.parentElement.setAttribute("aria-selected", String(i === chosen));
  }
  if (chosen < 0) {
    search.removeAttribute("aria-activedescendant");
  } else {
    search.setAttribute("aria-activedescendant", rows[chosen].parentElement.id);
    rows[chosen].parentElement.scrollIntoView({ block: "nearest" });
  }
}

/** The names stay what was typed; the list goes. */
function close() {
  found.hidden = true;
  search.setAttribute("aria-expanded", "false");
  search.removeAttribute("aria-activedescendant");
}

function rank(row, wanted) {
  const name = row[0].toLowerCase();
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (name === wanted || last === wanted) return 0;
  if (name.startsWith(wanted) || last.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  return row[4].toLowerCase().includes(wanted) ? 3 : 4;
}

function show() {
  const wanted = search.value.trim().toLowerCase();
  found.replaceChildren();
  if (wanted === "") {
    chosen = -1;
    close();
    return;
  }
  found.hidden = false;
  search.setAttribute("aria-expanded", "true");
  const rows = rayaNames
    .map((row) => [rank(row, wanted), row])
    .filter((ranked) => ranked[0] < 4)
    .sort((a, b) => a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : a[1][0] > b[1][0] ? 1 : 0))
    .slice(0, MAX_SHOWN);
  for (const [, row] of rows) {
    const link = document.createElement("a");
    link.href = row[3];
    link.tabIndex = -1;
    const about = document.createElement("small");
    about.textContent = ` ${row[1]} of ${row[2]}${row[4] === "" ? "" : ": " + row[4]}`;
    link.append(row[0], about);
    const item = document.createElement("li");
    item.id = `found-${found.children.length}`;
    item.setAttribute("role", "option");
    item.append(link);
    found.append(item);
  }
  choose(0);
  if (rows.length === 0) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    item.textContent = "Nothing found";
    found.append(item);
  }
}

search.addEventListener("input", show);
search.addEventListener("focus", show);
found.addEventListener("click", close);
document.addEventListener("click", (event) => {
  if (!found.contains(event.target) && event.target !== search) close();
});
document.addEventListener("keydown", (event) => {
  const typing = document.activeElement === search;
  if (event.isComposing) return;
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape") {
    search.value = "";
    show();
  } else if (typing && !found.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? chosen + 1 : chosen - 1);
  } else if (typing && !found.hidden && event.key === "Enter") {
    links()[chosen]?.click();
  }
});
