// A choice found by typing: <input data-picker data-url> beside a hidden input that holds the chosen id.
// With data-free one's own words stand too, as no choice; data-free says so where nothing is found.
const texts = JSON.parse(document.getElementById("texts").textContent);
const WAIT = 160;
const CHOICE = "[role=option]:not([aria-disabled])";
let open = null; // { input, hidden, list, at, timer, request }

// A sentence in place of choices, which is no choice itself.
function said(text) {
  const item = Object.assign(document.createElement("li"), { className: "said", textContent: text });
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  return item;
}

function begin(input) {
  if (open?.input === input) return open;
  end();
  const list = Object.assign(document.createElement("ul"), { className: "picker-list", id: `${input.id}-list` });
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.after(list);
  input.setAttribute("aria-controls", list.id);
  const hidden = input.parentElement.querySelector("input[type=hidden]");
  // What was chosen before: this may be called by the first key that already changed the text.
  open = { input, hidden, list, at: -1, name: input.dataset.chosen ?? input.defaultValue, id: hidden.value };
  return open;
}
function end() {
  if (!open) return;
  clearTimeout(open.timer);
  open.request?.abort();
  // A text that was not chosen from the list stands for nothing: back to the last choice, or to none.
  if (!open.input.value.trim()) choose(null);
  else if (open.input.value !== open.name) {
    const words = open.input.dataset.free ? open.input.value : open.name;
    if (open.input.dataset.free) choose(null);
    else open.hidden.value = open.id;
    open.input.value = words;
  }
  open.list.remove();
  open.input.setAttribute("aria-expanded", "false");
  open.input.removeAttribute("aria-activedescendant");
  open = null;
}
function choose(option) {
  const id = option?.dataset.id || "";
  const changed = id !== open.id;
  open.id = open.hidden.value = id;
  open.name = open.input.value = open.input.dataset.chosen = option?.dataset.text || "";
  if (changed) open.hidden.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: option?.found }));
}
function show(...items) {
  open.list.replaceChildren(...items);
  open.list.hidden = false;
  open.input.setAttribute("aria-expanded", "true");
  if (open.input.dataset.free) open.at = -1; // Enter leaves one's own words alone
  else move(open.list.querySelector(CHOICE) ? 0 : -1);
}
function move(to) {
  const options = [...open.list.querySelectorAll(CHOICE)];
  open.at = options.length ? (to + options.length) % options.length : -1;
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === open.at)));
  const chosen = options[open.at];
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) open.input.setAttribute("aria-activedescendant", chosen.id);
  else open.input.removeAttribute("aria-activedescendant");
}
function ask() {
  const mine = open;
  clearTimeout(mine.timer);
  mine.timer = setTimeout(async () => {
    mine.request?.abort();
    mine.request = new AbortController();
    const url = new URL(mine.input.dataset.url, location.href);
    url.searchParams.set("q", mine.input.value === mine.name ? "" : mine.input.value.trim());
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: mine.request.signal });
      const { results } = await answer.json();
      if (open !== mine) return;
      show(...(results.length ? results.map(option) : [said(mine.input.dataset.free || texts.nothing_found)]));
    } catch (error) {
      if (error.name !== "AbortError" && open === mine) show(said(texts.offline));
    }
  }, WAIT);
}
function option(found, index) {
  const { id, text, detail } = found;
  const item = Object.assign(document.createElement("li"), { found });
  item.id = `${open.input.id}-option-${index}`;
  item.setAttribute("role", "option");
  item.dataset.id = id;
  item.dataset.text = text;
  item.append(text);
  if (detail) item.append(Object.assign(document.createElement("small"), { textContent: detail }));
  return item;
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-picker]") || event.isComposing) return;
  begin(event.target);
  ask();
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches("[data-picker]")) { begin(event.target); ask(); }
});
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-picker]:not(:disabled)")) { begin(event.target); event.target.select(); ask(); }
});
document.addEventListener("pointerdown", (event) => {
  const picked = event.target.closest(`.picker-list ${CHOICE}`);
  if (!picked || !open) return;
  event.preventDefault();
  choose(picked);
  end();
});
document.addEventListener("focusout", (event) => { if (open?.input === event.target) end(); });
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-picker]") || event.isComposing) return;
  const shown = open && !open.list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!shown) { begin(event.target); ask(); } else move(event.key === "ArrowDown" ? open.at + 1 : Math.max(open.at, 0) - 1);
  } else if ((event.key === "Enter" || event.key === "Tab") && shown) {
    const picked = open.list.querySelectorAll(CHOICE)[open.at];
    if (picked && (event.key === "Enter" || open.input.value !== open.name)) choose(picked);
    if (event.key === "Enter") event.preventDefault();
    end();
  } else if (event.key === "Escape" && shown) {
    event.preventDefault();
    event.stopPropagation();
    end();
  }
}, true);
