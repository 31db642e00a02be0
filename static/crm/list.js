// Lists: rows open by click, j and k move, x selects, / searches, ? shows the keys; selected rows bring up the bulk bar.
const texts = JSON.parse(document.getElementById("texts").textContent);
const KEYS = "single-keys";
const links = () => [...document.querySelectorAll(".rows td.key > a")];
const picks = () => [...document.querySelectorAll("#list .pick")];
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-url]");
  if (!row || event.target.closest("a, button, input, label, summary") || getSelection().toString()) return;
  const link = row.querySelector("td.key > a");
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank");
  else link.click();
});
document.addEventListener("auxclick", (event) => {
  const row = event.target.closest("tr[data-url]");
  if (row && event.button === 1 && !event.target.closest("a")) window.open(row.dataset.url, "_blank");
});

function step(by) {
  const all = links();
  const here = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)];
  next?.focus();
  next?.closest("tr").scrollIntoView({ block: "nearest" });
}
const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest?.("tr[data-url]")?.querySelector(".pick")?.click(),
  "/": () => (document.getElementById("list-search") || document.querySelector("[data-palette-open] input"))?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  ".": () => {
    const next = document.querySelector("[data-next-step]");
    next?.focus();  // where the focus returns to when the dialog closes
    next?.click();
  },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || localStorage.getItem(KEYS) === "off") return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
// Who comes back from a record goes on at its row.
const here = () => `row ${location.pathname}${location.search}`;
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#list td.key > a");
  if (link) sessionStorage.setItem(here(), link.getAttribute("href"));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  const left = sessionStorage.getItem(here());
  if (left) document.querySelector(`#list td.key > a[href="${CSS.escape(left)}"]`)?.focus();
});
const keysSwitch = document.getElementById(KEYS);
if (keysSwitch) {
  keysSwitch.checked = localStorage.getItem(KEYS) !== "off";
  keysSwitch.addEventListener("change", () => localStorage.setItem(KEYS, keysSwitch.checked ? "on" : "off"));
}

// Selection
function showBulk() {
  const bar = document.querySelector("#list .bulk");
  if (!bar) return;
  const chosen = picks().filter((pick) => pick.checked).length;
  bar.hidden = !chosen;
  bar.querySelector(".bulk-count").textContent = texts.selected.replace("%(count)s", chosen);
  const all = document.querySelector("#list .pick-all");
  all.checked = chosen === picks().length;
  all.indeterminate = chosen > 0 && !all.checked;
}
document.addEventListener("change", (event) => {
  if (event.target.matches(".pick-all")) picks().forEach((pick) => { pick.checked = event.target.checked; });
  if (event.target.matches(".pick, .pick-all")) showBulk();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-select-none]")) return;
  picks().forEach((pick) => { pick.checked = false; });
  showBulk();
});
document.addEventListener("htmx:load", showBulk);
showBulk();

// While an input method composes Chinese, nothing is searched for yet.
document.addEventListener("input", (event) => {
  if (event.target.id === "list-search" && event.isComposing) event.stopImmediatePropagation();
}, true);
document.addEventListener("compositionend", (event) => {
  if (event.target.id === "list-search") event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
// The chosen columns travel in the address, once they have been changed.
document.addEventListener("change", (event) => {
  const chooser = event.target.closest("[data-columns]");
  if (!chooser) return;
  const form = document.getElementById("list-form");
  const field = document.querySelector("#list input[name=columns]")
    || Object.assign(document.createElement("input"), { type: "hidden", name: "columns" });
  field.setAttribute("form", form.id);
  document.getElementById("list").prepend(field);
  field.value = [...chooser.querySelectorAll("input:checked")].map((box) => box.value).join(",");
  form.requestSubmit();
});
// Export and saved views mean the list as it stands now, not as it was when the page came.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("[data-list-query]")) return;
  const url = new URL(event.detail.path, location.href);
  url.searchParams.set("query", location.search.slice(1));
  event.detail.path = url.pathname + url.search;
});
