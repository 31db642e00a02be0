// A form with large files: it says how far they are, and keeps what was typed when the connection breaks.
document.querySelectorAll("form[data-upload]").forEach((form) => {
  const bar = form.querySelector("[data-progress]");
  const broken = form.querySelector("[data-broken]");
  const again = () => {
    delete form.dataset.sending;
    bar.hidden = true;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  };
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
    if (!files || event.defaultPrevented) return;  // without files the browser sends it as ever
    event.preventDefault();
    broken.hidden = true;
    bar.hidden = false;
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = total ? Math.floor((100 * loaded) / total) : 0;
      bar.querySelector("progress").value = percent;
      bar.querySelector("[data-percent]").textContent = `${percent} %`;
    });
    request.addEventListener("error", () => { again(); broken.hidden = false; });
    request.addEventListener("load", () => {
      delete form.dataset.dirty;
      if (request.status === 200) {
        location.assign(request.responseURL);
        return;
      }
      again();
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const note = page.querySelector(".errors-note");
      form.querySelectorAll(".errors-note").forEach((each) => each.remove());
      if (note) {
        form.prepend(note);
        note.scrollIntoView({ block: "center" });
      } else broken.hidden = false;
    });
    request.send(new FormData(form));
  });
});
