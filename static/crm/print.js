// The button above a printed form.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
