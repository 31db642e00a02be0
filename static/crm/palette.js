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
      const headers = { "HX-Request": "true", "HX-Target": "palette-list" };
      const answer = await fetch(url, { headers, signal: request.signal });
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      list().replaceChildren(document.createRange().createContextualFragment(await answer.text()));
      window.htmx.process(list());
      select(0);
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
  if (event.target.closest("#palette .hit")) palette().close();
  if (event.target === palette()) palette().close();
});
