// A board: a card is dragged to another column by mouse, or by its grip with a finger; the server says whether it moves.
// Nothing moves before it says so: until then an empty frame stands in the column, and goes when the answer is no.
const EDGE = 56; // px from the board's edge, where it scrolls while a card is dragged
const SPEED = 14; // px per frame there
const SLACK = 6; // px before pressing becomes dragging
const KEPT = "board-place";
const host = () => document.querySelector("[data-board]");
const columnAt = (x, y) => document.elementFromPoint(x, y)?.closest("[data-column]");
let drag = null; // {card, home, ghost, dx, dy, x, y, over, pointer}
let pending = null; // {card, frame}: dropped, not yet answered
let justDragged = false;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || drag || pending || event.button !== 0) return;
  if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
  const box = card.getBoundingClientRect();
  justDragged = false;
  drag = {
    card, home: card.closest("[data-column]"), pointer: event.pointerId,
    fromX: event.clientX, fromY: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top,
  };
});
document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.fromX, event.clientY - drag.fromY) < SLACK) return;
    lift();
  }
  Object.assign(drag, { x: event.clientX, y: event.clientY });
  place();
});
document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { card, home, over, ghost } = drag;
  settle();
  if (!ghost) return;
  justDragged = true;
  setTimeout(() => { justDragged = false; });
  if (over && over !== home) ask(card, over);
});
document.addEventListener("pointercancel", settle);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") settle(); });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-board]")) event.preventDefault(); });
// The end of a drag is no click on the link that it began on.
document.addEventListener("click", (event) => {
  if (!justDragged) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function lift() {
  const { card } = drag;
  const box = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("board-ghost");
  ghost.style.width = `${box.width}px`;
  document.body.append(ghost);
  drag.ghost = ghost;
  card.classList.add("board-lifted");
  document.documentElement.classList.add("board-dragging");
  const ways = JSON.parse(document.getElementById("board-ways").textContent)[card.dataset.status] || [];
  document.querySelectorAll("[data-column]").forEach((column) => {
    column.classList.toggle("board-open", ways.includes(column.dataset.column));
  });
  requestAnimationFrame(scroll);
}
function place() {
  const { ghost, x, y, dx, dy } = drag;
  ghost.style.transform = `translate(${x - dx}px, ${y - dy}px)`;
  const over = columnAt(x, y);
  if (over === drag.over) return;
  drag.over?.classList.remove("board-over");
  over?.classList.add("board-over");
  drag.over = over;
}
function scroll() {
  if (!drag?.ghost) return;
  const track = host().querySelector(".board");
  const box = track.getBoundingClientRect();
  if (drag.x < box.left + EDGE) track.scrollLeft -= SPEED;
  else if (drag.x > Math.min(box.right, innerWidth) - EDGE) track.scrollLeft += SPEED;
  place();
  requestAnimationFrame(scroll);
}
function settle() {
  if (!drag) return;
  drag.ghost?.remove();
  drag.card.classList.remove("board-lifted");
  document.documentElement.classList.remove("board-dragging");
  document.querySelectorAll(".board-over, .board-open").forEach((each) => each.classList.remove("board-over", "board-open"));
  drag = null;
}

const token = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function ask(card, column) {
  const frame = document.createElement("li");
  frame.className = "board-frame";
  frame.style.height = `${card.offsetHeight}px`;
  column.querySelector("ol").prepend(frame);
  card.classList.add("board-waiting");
  pending = { card, frame };
  remember(card);
  htmx.ajax("POST", card.dataset.move, {
    source: card, target: "#dialog",
    values: { to: column.dataset.column, _version: card.dataset.version, _key: token() },
  });
}
function back() {
  pending?.frame.remove();
  pending?.card.classList.remove("board-waiting");
  pending?.card.querySelector("[data-grip]")?.focus({ preventScroll: true });
  pending = null;
}
document.addEventListener("close", (event) => { if (event.target.matches?.("dialog.sheet")) back(); }, true);
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(failure, back);

// What is done in a dialog over the board leads back to the board, and the moved card is where one looks.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, verb, parameters } = event.detail;
  if (verb === "post" && elt.closest?.("#dialog")) parameters._stay = "1";
  const card = elt.closest?.("[data-card]");
  if (card) remember(card);
});
// A filter that cannot be read is explained in the board itself.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 400 && event.detail.target.id === "board") Object.assign(event.detail, { shouldSwap: true, isError: false });
});
function remember(card) {
  const track = host().querySelector(".board");
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.href, left: track.scrollLeft, top: scrollY, card: card.id }));
}
function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (!kept || kept.path !== location.href) return;
  const track = host().querySelector(".board");
  track.scrollLeft = kept.left;
  scrollTo(0, kept.top);
  const card = document.getElementById(kept.card);
  if (!card) return;
  card.classList.add("board-arrived");
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.querySelector("[data-grip]").focus({ preventScroll: true });
}
restore();
