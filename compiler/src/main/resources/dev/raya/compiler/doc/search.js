"use strict";
// Search over the names of all pages: the name's start first, then a part of it, then the sentence.
const search = document.getElementById("search");
const found = document.getElementById("found");
const MAX_SHOWN = 40;

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
  found.hidden = wanted === "";
  if (found.hidden) return;
  const rows = rayaNames
    .map((row) => [rank(row, wanted), row])
    .filter((ranked) => ranked[0] < 4)
    .sort((a, b) => a[0] - b[0] || (a[1][0] < b[1][0] ? -1 : a[1][0] > b[1][0] ? 1 : 0))
    .slice(0, MAX_SHOWN);
  for (const [, row] of rows) {
    const link = document.createElement("a");
    link.href = row[3];
    const about = document.createElement("small");
    about.textContent = ` ${row[1]} of ${row[2]}${row[4] === "" ? "" : ": " + row[4]}`;
    link.append(row[0], about);
    const item = document.createElement("li");
    item.append(link);
    found.append(item);
  }
  if (rows.length === 0) {
    const item = document.createElement("li");
    item.textContent = "Nothing found";
    found.append(item);
  }
}

search.addEventListener("input", show);
found.addEventListener("click", () => {
  found.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "Escape") {
    search.value = "";
    show();
  } else if (event.key === "Enter" && document.activeElement === search) {
    found.querySelector("a")?.click();
  }
});
