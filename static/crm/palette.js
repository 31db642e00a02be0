// Ctrl-K: records, pages and actions as the server finds them, chosen by arrows and Enter.
const texts = JSON.parse(document.getElementById("texts").textContent);
const WAIT = 150;
const palette = () => document.getElementById("palette");
const field = () => palette().querySelector("input");
const list = () => document.getElementById("palette-list");
const hits = () => [...list().querySelectorAll(".hit")];
let timer, request;

function open(text = "") {
  if (palette().open) return;
  palette().showModal();
  field().value = text;
  field().select();
  ask();
}
function show(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.group, [...(groups.get(result.group) || []), result]);
  list().replaceChildren(...[...groups].map(([label, items]) => {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label || texts.pages);
    group.append(Object.assign(document.createElement("div"), { className: "menu-title", textContent: label || texts.pages }));
    group.append(...items.map(hit));
    return group;
  }));
  if (!results.length) say(texts.nothing_found);
  select(0);
}
function hit({ text, detail, url, dialog }) {
  const link = Object.assign(document.createElement("a"), { className: "hit", href: url, tabIndex: -1 });
  link.setAttribute("role", "option");
  if (dialog) link.dataset.dialog = "yes";
  const words = Object.assign(document.createElement("span"), { className: "grow wrap", textContent: text });
  if (detail) words.append(Object.assign(document.createElement("small"), { textContent: detail }));
  link.append(words);
  return link;
}
function say(text) {
  list().replaceChildren(Object.assign(document.createElement("div"), { className: "nothing nothing-small", textContent: text }));
}
function select(index) {
  const all = hits();
  const at = all.length ? (index + all.length) % all.length : -1;
  all.forEach((hit, number) => {
    hit.id = `hit-${number}`;
    hit.setAttribute("aria-selected", String(number === at));
  });
  if (at >= 0) field().setAttribute("aria-activedescendant", all[at].id);
  else field().removeAttribute("aria-activedescendant");
  all[at]?.scrollIntoView({ block: "nearest" });
}
const selected = () => hits().findIndex((hit) => hit.getAttribute("aria-selected") === "true");

function ask() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    request?.abort();
    request = new AbortController();
    try {
      const url = `${palette().dataset.url}?q=${encodeURIComponent(field().value.trim())}`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: request.signal });
      show((await answer.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") say(texts.offline);
    }
  }, WAIT);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
    return;
  }
  if (!palette()?.open || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(selected() + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && hits()[selected()]) {
    event.preventDefault();
    hits()[selected()].click();
  }
});
document.addEventListener("input", (event) => { if (event.target === field() && !event.isComposing) ask(); });
document.addEventListener("compositionend", (event) => { if (event.target === field()) ask(); });
document.addEventListener("click", (event) => {
  const top = event.target.closest("[data-palette-open] input");
  if (top) open(top.value);
  const chosen = event.target.closest("#palette .hit");
  if (chosen) palette().close();
  if (chosen?.dataset.dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    window.htmx.ajax("GET", chosen.getAttribute("href"), "#dialog");
  }
  if (event.target === palette()) palette().close();
});
