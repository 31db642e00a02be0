// One item a screen with its progress; without this script the survey is one long page that works as well.
// What was answered is kept between two screens: by the server where the survey knows who answers, else on this device.
const here = `survey ${location.pathname}`;
const storage = () => { try { return window.localStorage; } catch { return null; } };

if (document.querySelector("[data-survey-sent]")) storage()?.removeItem(here);

function restore(form) {
  let kept = null;
  try { kept = JSON.parse(storage()?.getItem(here)); } catch { /* something else wrote there */ }
  if (!Array.isArray(kept?.said)) return 0;
  form.querySelectorAll("[data-survey] :checked").forEach((field) => { field.checked = false; });
  for (const [name, value] of kept.said) {
    const fields = [...form.elements].filter((field) => field.name === name && field.type !== "hidden");
    for (const field of fields) {
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
      else field.value = value;
    }
  }
  return Number(kept.at) || 0;
}

for (const survey of document.querySelectorAll("[data-survey]")) {
  const form = survey.closest("form");
  const items = [...survey.querySelectorAll(".survey-item")];
  const heads = [...survey.querySelectorAll(".survey-head")];
  const progress = survey.querySelector("progress");
  const count = survey.querySelector(".survey-count");
  const steps = survey.querySelector(".survey-steps");
  const [back, next] = [steps.querySelector("[data-back]"), steps.querySelector("[data-next]")];
  const send = form.querySelector(":scope > .btn-primary");
  let at = Number(survey.dataset.at) || 0;
  let before = Promise.resolve(); // so that a slow save is not overtaken by the next
  const headOf = (item) => heads.filter((head) => head.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  const show = (index, focus = true) => {
    at = Math.max(0, Math.min(index, items.length - 1));
    const last = at === items.length - 1;
    items.forEach((item, place) => { item.hidden = place !== at; });
    heads.forEach((head) => { head.hidden = last || head !== headOf(items[at]); });
    progress.value = at + 1;
    count.textContent = `${at + 1} / ${items.length}`;
    back.hidden = at === 0;
    next.hidden = last;
    if (send) send.hidden = !last;
    if (focus) (items[at].querySelector(":checked") || items[at].querySelector("input:not([type=hidden]), textarea")).focus();
  };
  const post = async () => {
    const typed = form.dataset.dirty;
    const body = new URLSearchParams(new FormData(form));
    body.set("at", at);
    delete form.dataset.dirty;
    try {
      const answer = await fetch(survey.dataset.keep, { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(10000) });
      if (answer.ok) return;
    } catch { /* without a network he may still answer and send */ }
    if (typed) form.dataset.dirty = typed;
  };
  const keep = () => {
    if (form.dataset.sending) return;
    if ("keepHere" in survey.dataset) {
      const said = [...new FormData(form)].filter(([name]) => !name.startsWith("_") && !name.endsWith("-item"));
      try {
        storage().setItem(here, JSON.stringify({ at, said }));
        delete form.dataset.dirty;
      } catch { /* there is none, it is full, or not allowed */ }
    } else if (survey.dataset.keep) before = before.then(post);
  };
  progress.hidden = count.hidden = steps.hidden = false;
  back.addEventListener("click", () => { show(at - 1); keep(); });
  next.addEventListener("click", () => { show(at + 1); keep(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && form.dataset.dirty) keep(); });
  if ("keepHere" in survey.dataset) at = restore(form) || at;
  show(at, false);
}
