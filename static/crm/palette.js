// Ctrl-K: records from the server, areas of the menu at once, chosen by arrows and Enter.
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
function pages(text) {
  const found = [...document.querySelectorAll(".areas li a")].filter((link) => link.textContent.toLowerCase().includes(text));
  if (!found.length) return [];
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", texts.pages);
  group.append(Object.assign(document.createElement("div"), { className: "menu-title", textContent: texts.pages }));
  for (const link of found) {
    const hit = Object.assign(document.createElement("a"), { className: "hit", href: link.href, tabIndex: -1 });
    hit.setAttribute("role", "option");
    hit.append(link.querySelector("svg").cloneNode(true), link.querySelector("span").textContent);
    group.append(hit);
  }
  return [group];
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
  const text = field().value.trim();
  clearTimeout(timer);
  request?.abort();
  list().replaceChildren(...pages(text.toLowerCase()));
  select(0);
  if (!text) return;
  timer = setTimeout(async () => {
    request = new AbortController();
    try {
      const answer = await fetch(`/search/?q=${encodeURIComponent(text)}`, {
        headers: { "HX-Request": "true", "HX-Target": "palette-list" }, signal: request.signal,
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const fragment = document.createRange().createContextualFragment(await answer.text());
      list().prepend(fragment);
      window.htmx?.process(list());
      if (!hits().length) list().replaceChildren(Object.assign(document.createElement("div"), { className: "nothing nothing-small", textContent: texts.nothing_found }));
      select(0);
    } catch (error) {
      if (error.name !== "AbortError") list().prepend(Object.assign(document.createElement("div"), { className: "nothing nothing-small", textContent: texts.offline }));
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
  if (event.target.closest("#palette .hit")) palette().close();
  if (event.target === palette()) palette().close();
});
