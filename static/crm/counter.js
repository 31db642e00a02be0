// The counter's page: the input stays focused, a verdict has a sound, quantities have steps, signatures become PNGs.
/* global SignaturePad */

const code = document.getElementById("code");
const verdict = document.getElementById("verdict");

function ready() {
  code.value = "";
  code.focus();
}

// A scanner types into whatever has the focus; outside of the handover's fields that is always the code.
document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input, textarea, button, canvas, a");
  if (!inField && event.key.length === 1 && !event.ctrlKey && !event.metaKey) code.focus();
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

// Signatures

const pads = new Map();

function prepare() {
  pads.clear();
  for (const canvas of verdict.querySelectorAll("canvas[data-signature]")) {
    const scale = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * scale;
    canvas.height = canvas.offsetHeight * scale;
    canvas.getContext("2d").scale(scale, scale);
    pads.set(canvas, new SignaturePad(canvas));
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
  for (const [canvas, pad] of pads) canvas.classList.toggle("missing", pad.isEmpty());
  if (missing.length) {
    event.preventDefault();
    missing[0][0].scrollIntoView({ block: "center" });
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[role=alert]")) {
    sound("red");
    event.target.focus();
    event.target.scrollIntoView({ block: "center" });
  }
  if (event.target !== verdict) return;
  prepare();
  sound(verdict.querySelector("[data-sound]")?.dataset.sound);
  if (verdict.querySelector("#handover")) verdict.querySelector("#handover input:checked").focus();
  else ready();
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
