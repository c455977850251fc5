// Everything here is a convenience: the pages work without it.

for (const button of document.querySelectorAll("button.copy")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}

const field = document.getElementById("q");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field?.focus();
  }
});

const list = document.getElementById("suggestions");
let asked = "";
let timer = 0;

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, 120);
});

async function suggest() {
  const text = field.value.trim();
  if (text.length < 2 || text === asked) return;
  asked = text;
  const answer = await fetch(`/search/suggest?q=${ encodeURIComponent(text) }`);
  if (!answer.ok || field.value.trim() !== text) return;
  const { suggestions } = await answer.json();
  list.replaceChildren(...suggestions.map((name) => {
    const option = document.createElement("option");
    option.value = name;
    return option;
  }));
}
