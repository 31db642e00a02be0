// Dialogs: the sheet that htmx puts into #dialog opens itself, and asks before throwing away what was typed.
const host = () => document.getElementById("dialog");

function open(dialog) {
  if (!dialog.open) dialog.showModal();
  const wanted = dialog.querySelector("[aria-invalid=true], .errors-note, [role=alert], [autofocus]")
    || dialog.querySelector(".sheet-body :is(input:not([type=hidden]), select, textarea):not(:disabled)")
    || dialog.querySelector(".sheet-foot .btn-primary");
  wanted?.focus();
}

function close(dialog, { ask }) {
  const form = dialog.querySelector("form[data-dirty]");
  const question = dialog.querySelector("[data-discard]");
  if (ask && form && question?.hidden) {
    question.hidden = false;
    const button = dialog.querySelector("[data-keep-label]");
    button.textContent = button.dataset.keepLabel;
    button.classList.add("btn-danger");
    button.focus();
    return;
  }
  dialog.close();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "dialog") return;
  const dialog = event.detail.target.querySelector("dialog");
  if (!dialog) return;
  // What was refused is still what was typed: closing it asks again.
  if ("again" in dialog.dataset) dialog.querySelector("form[data-guard]")?.setAttribute("data-dirty", "yes");
  open(dialog);
});
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-close]")) close(dialog, { ask: true });
  else if (event.target === dialog) {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail > 0) close(dialog, { ask: true });
  }
});
document.addEventListener("cancel", (event) => {
  if (!event.target.matches("dialog.sheet")) return;
  event.preventDefault();
  if (!event.target.querySelector("[aria-expanded=true]")) close(event.target, { ask: true });
}, true);
document.addEventListener("close", (event) => {
  if (!event.target.matches?.("#dialog dialog")) return;
  const toasts = event.target.querySelector("#toasts");
  if (toasts) document.body.append(toasts);
  host().replaceChildren();
}, true);
document.addEventListener("close-dialog", () => host()?.querySelector("dialog")?.close());

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});
document.querySelector(".errors-note")?.focus();
