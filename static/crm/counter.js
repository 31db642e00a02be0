// The counter's page: the input stays focused, a verdict has a sound, quantities have steps, signatures become PNGs.
/* global SignaturePad */

const code = document.getElementById("code");
const verdict = document.getElementById("verdict");
const touch = matchMedia("(pointer: coarse)");
const texts = JSON.parse(document.getElementById("texts").textContent);
const note = (text) => Object.assign(document.createElement("div"), { className: "note tone-late", textContent: text });

function ready() {
  code.value = "";
  code.focus();
}

// A scanner types much faster than fingers do and ends with Enter. Wherever the focus is, what it types is a code: a
// field that got it by mistake has its own text again.
const SCANNED = { length: 6, gap: 40 }; // at least so many characters, at most so many milliseconds between two
let burst = { typed: "", at: 0 };

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const goesOn = burst.field === target && event.timeStamp - burst.at < SCANNED.gap;
    burst = { typed: (goesOn ? burst.typed : "") + event.key, at: event.timeStamp, field: target, before: goesOn ? burst.before : target.value };
    return;
  }
  if (event.key !== "Enter") return;
  const { typed, at, field, before } = burst;
  burst = { typed: "", at: 0 };
  if (target === code) return;
  if (field === target && typed.length >= SCANNED.length && event.timeStamp - at < SCANNED.gap) {
    event.preventDefault();
    if (target.matches("input:not([type=radio]), textarea")) target.value = before;
    code.value = typed;
    code.form.requestSubmit();
  } else if (target.matches("#handover input")) event.preventDefault(); // only its button hands over
}, true);

// Keys that no field takes are the beginning of a code.
document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input:not([type=radio]), textarea, select, button, canvas, a");
  const typed = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!inField && typed) {
    code.focus();
    burst.field = code;
  }
  if (event.key === "Escape") ready();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-code]");
  if (row) {
    code.value = row.dataset.code;
    code.form.requestSubmit();
  }
  const step = event.target.closest("[data-step]");
  if (step) change(step.closest("tr"), Number(step.dataset.step));
  const rest = event.target.closest("[data-rest]");
  if (rest) set(rest.closest("tr"), rest.closest("tr").dataset.due);
  const clear = event.target.closest("[data-clear]");
  if (clear) pads.get(clear.parentElement.querySelector("canvas")).clear();
});

const quantity = (row) => row.querySelector("[name$=-quantity]");

function set(row, value) {
  quantity(row).value = String(Number(value));
  row.closest("form").dataset.dirty = "yes";
  mark(row);
}

function change(row, by) {
  set(row, Math.max(0, Number(quantity(row).value || 0) + by));
}

function mark(row) {
  row.classList.toggle("differs", Number(quantity(row).value) !== Number(row.dataset.due));
}

document.addEventListener("input", (event) => {
  const row = event.target.closest("tr[data-due]");
  if (row) mark(row);
});

// Who is named by a letter of authority has his number compared with the one in it; another contact is sent by name.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[name=authority]")) return;
  const { form, value, dataset } = event.target;
  form.querySelector("[name=collector]").value = dataset.collector || "";
  form.querySelector(`[name=identity][value=${value ? "id_compared" : "id_seen"}]`).checked = true;
  if (value) form.querySelector("[name=id_number]").focus();
});

// Signatures

const pads = new Map();

function fit(canvas) {
  const scale = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * scale;
  canvas.height = canvas.offsetHeight * scale;
  canvas.getContext("2d").scale(scale, scale);
}

// A tablet that is turned has another width: what was signed is drawn again.
window.addEventListener("resize", () => {
  for (const [canvas, pad] of pads) {
    const drawn = pad.toData();
    fit(canvas);
    pad.fromData(drawn);
  }
});

function prepare() {
  pads.clear();
  for (const canvas of verdict.querySelectorAll("canvas[data-signature]")) {
    fit(canvas);
    const pad = new SignaturePad(canvas);
    pad.addEventListener("endStroke", () => canvas.classList.remove("missing"));
    pads.set(canvas, pad);
  }
  for (const key of verdict.querySelectorAll("[data-key]")) {
    key.value ||= crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
  }
}

// What changes the verdict (he is here, he has paid) loads the page anew with the same customer.
document.addEventListener("htmx:beforeRequest", (event) => {
  const pickup = event.target.dataset?.again;
  if (pickup) history.replaceState(null, "", `?pickup=${pickup}`);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.dataset?.again && event.detail.xhr.status >= 400) history.replaceState(null, "", location.pathname);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "handover") return;
  for (const [canvas, pad] of pads) {
    event.detail.parameters[canvas.dataset.signature] = pad.isEmpty() ? "" : pad.toDataURL("image/png");
  }
});

// A handover without both signatures does not leave the page; what was typed stays.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "handover") return;
  const missing = [...pads].filter(([, pad]) => pad.isEmpty());
  const refused = document.getElementById("refused");
  for (const [canvas, pad] of pads) canvas.classList.toggle("missing", pad.isEmpty());
  refused.replaceChildren();
  if (missing.length) {
    event.preventDefault();
    refused.append(note(event.target.dataset.unsigned));
    missing[0][0].scrollIntoView({ block: "center" });
  }
});

// Another code does not sweep away what was counted and signed: the same one changes nothing, for others one is asked.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== code.form) return;
  const form = verdict.querySelector("#handover");
  const begun = form && (form.dataset.dirty || [...pads.values()].some((pad) => !pad.isEmpty()));
  const same = begun && code.value.replace(/[^\p{L}\p{N}]/gu, "") === form.dataset.shown;
  if (code.value.trim() && !same && (!begun || confirm(form.dataset.leave))) return;
  event.preventDefault();
  ready();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[role=alert]")) {
    if (!event.target.childElementCount) event.target.append(note(texts.forbidden)); // an answer that is no dialog
    sound("red");
    event.target.focus();
    event.target.scrollIntoView({ block: "center" });
  }
  if (event.target !== verdict) return;
  prepare();
  sound(verdict.querySelector("[data-sound]")?.dataset.sound);
  ready();
  // On a tablet the keys of the screen would cover what is to be done; a scanner finds its way all the same.
  if (verdict.querySelector("#handover") && touch.matches) verdict.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});

// Two rising tones for yes, one level for look, one deep for no.

function sound(colour) {
  const Context = window.AudioContext;
  if (!colour || !Context) return;
  const audio = new Context();
  const tones = { green: [660, 880], amber: [520, 520], red: [196, 156] }[colour] || [];
  tones.forEach((pitch, index) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.08;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + index * 0.16);
    tone.stop(audio.currentTime + index * 0.16 + 0.14);
  });
}

// A page that leads here with a pickup has its code in the input already; it is looked up once htmx is there.
if (code.value) {
  history.replaceState(null, "", location.pathname); // after the handover the page is loaded anew, for the next customer
  document.addEventListener("htmx:load", () => code.form.requestSubmit(), { once: true });
}
else ready();
