// A list of lines in a form: rows are added from the blank one, and removed with a way back.
const texts = JSON.parse(document.getElementById("texts").textContent);

function ready(root) {
  root.querySelectorAll("[data-lines]:not([data-ready])").forEach((field) => {
    field.dataset.ready = "yes";
    field.dataset.next = field.querySelectorAll("tbody tr").length;
    field.querySelector("[data-lines-foot]").hidden = false;
    field.querySelectorAll("[data-drop-line]").forEach((button) => { button.hidden = false; });
    if (field.dataset.next === "0") add(field);
  });
}
function add(field) {
  const row = field.querySelector("template").content.firstElementChild.cloneNode(true);
  const number = field.dataset.next;
  field.dataset.next = Number(number) + 1;
  row.querySelectorAll("[name], [id], [for], [aria-describedby]").forEach((part) => {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = part.getAttribute(name);
      if (value?.includes("__i__")) part.setAttribute(name, value.replace("__i__", number));
    }
  });
  row.querySelector("[data-drop-line]").hidden = false;
  field.querySelector("tbody").append(row);
  return row;
}
const touched = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-lines]");
  if (!field) return;
  if (event.target.closest("[data-add-line]")) {
    add(field).querySelector("input:not([type=hidden]), select, textarea").focus();
    touched(field);
  }
  const drop = event.target.closest("[data-drop-line]");
  if (!drop) return;
  const row = drop.closest("tr");
  const body = row.parentElement;
  const after = row.nextElementSibling;
  row.remove();
  touched(field);
  (after || field).querySelector("[data-drop-line], [data-add-line]")?.focus();
  document.dispatchEvent(new CustomEvent("toast", {
    detail: { text: texts.line_removed, label: texts.undo, action: () => { body.insertBefore(row, after?.isConnected ? after : null); touched(field); } },
  }));
});
// Enter in the last line begins the next one instead of sending a half-filled form.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-lines] tbody tr");
  if (!row || event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.matches("button, textarea")) return;
  event.preventDefault();
  (row.nextElementSibling || add(row.closest("[data-lines]"))).querySelector("input:not([type=hidden]), select")?.focus();
});
document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
ready(document);
