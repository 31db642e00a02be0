// One item a screen with its progress; without this script the survey is one long page that works as well.
for (const survey of document.querySelectorAll("[data-survey]")) {
  const items = [...survey.querySelectorAll(".survey-item")];
  const heads = [...survey.querySelectorAll(".survey-head")];
  const progress = survey.querySelector("progress");
  const steps = survey.querySelector(".survey-steps");
  const [back, next] = [steps.querySelector("[data-back]"), steps.querySelector("[data-next]")];
  const send = survey.closest("form").querySelector(":scope > .btn-primary");
  let at = 0;
  const headOf = (item) => heads.filter((head) => head.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  const show = (index, focus = true) => {
    at = Math.max(0, Math.min(index, items.length - 1));
    const last = at === items.length - 1;
    items.forEach((item, place) => { item.hidden = place !== at; });
    heads.forEach((head) => { head.hidden = last || head !== headOf(items[at]); });
    progress.value = at + 1;
    back.hidden = at === 0;
    next.hidden = last;
    if (send) send.hidden = !last;
    if (focus) (items[at].querySelector(":checked") || items[at].querySelector("input:not([type=hidden]), textarea")).focus();
  };
  progress.hidden = steps.hidden = false;
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  show(0, false);
}
