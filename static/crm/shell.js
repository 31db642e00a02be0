// What every page of the frame does: menus, toasts, htmx's errors, tabs, the guard of half-filled forms.
const texts = JSON.parse(document.getElementById("texts").textContent);
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

// Toasts. They live inside an open dialog, because everything outside of it is inert.
const LIFE = 6000;
const TONES = { success: "done", warning: "soon", error: "late" };
function toastHost() {
  const host = document.getElementById("toasts");
  const place = document.querySelector("dialog[open]") || document.body;
  if (host && host.parentElement !== place) place.append(host);
  return host;
}
function fade(item) {
  if (["error", "warning"].includes(item.dataset.level)) return;
  let timer = setTimeout(() => item.remove(), LIFE);
  item.addEventListener("pointerenter", () => clearTimeout(timer));
  item.addEventListener("pointerleave", () => { timer = setTimeout(() => item.remove(), LIFE); });
}
function toast({ level = "info", text, link, action, label }) {
  const item = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  item.classList.add(`tone-${TONES[level] || "active"}`);
  item.dataset.level = level;
  const body = item.querySelector(".grow");
  body.textContent = text;
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link, target: "_blank", textContent: label });
    body.append(" ", anchor);
  }
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: label });
    button.addEventListener("click", () => { action(); item.remove(); });
    item.querySelector("[data-dismiss]").before(button);
  }
  toastHost().append(item);
  fade(item);
}
document.querySelectorAll(".toast-item").forEach(fade);
document.addEventListener("toast", (event) => {
  const detail = event.detail?.value ?? event.detail;
  toast(typeof detail === "string" ? { text: detail } : detail);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast-item").remove();
});

// Menus close when one looks elsewhere.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    const chosen = event.target.closest(".menu-body > a, .menu-body > button");
    if (!menu.contains(event.target) || chosen) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  });
});
const phone = matchMedia("(max-width: 719px)");
// A menu in a scrolling table would be cut off by it; it is placed over the page instead.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".list-card details.menu[open]") || phone.matches) return;
  const body = menu.querySelector(".menu-body");
  const box = menu.getBoundingClientRect();
  const below = box.bottom + 4 + body.offsetHeight < innerHeight;
  Object.assign(body.style, {
    position: "fixed", right: `${document.documentElement.clientWidth - box.right}px`, left: "auto",
    top: below ? `${box.bottom + 4}px` : "auto", bottom: below ? "auto" : `${innerHeight - box.top + 4}px`,
  });
}, true);
document.addEventListener("scroll", () => {
  if (!phone.matches) openMenus().forEach((menu) => { if (menu.closest(".list-card")) menu.open = false; });
}, true);

// A form with something typed in it is not lost by leaving the page.
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.dirty = "yes";
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  form.dataset.sending = "yes";
  if (form.matches("[data-guard]:not([hx-post])")) {
    form.querySelectorAll("button:not([type=button])").forEach((button) => setTimeout(() => { button.disabled = true; }));
  }
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]:not([data-sending])")) event.preventDefault();
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach((form) => {
    delete form.dataset.sending;
    form.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; });
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form[method=post]")?.requestSubmit();
});

// Tabs over the panels of a record; the open one stays in the address.
function showTab(tab) {
  tab.closest("[role=tablist]").querySelectorAll("[role=tab]").forEach((each) => {
    each.setAttribute("aria-selected", String(each === tab));
    each.tabIndex = each === tab ? 0 : -1;
    document.getElementById(each.getAttribute("aria-controls")).hidden = each !== tab;
  });
}
document.querySelectorAll("[data-tabs]").forEach((list) => {
  const wanted = document.getElementById(`tab-${location.hash.slice(1)}`);
  showTab(wanted && list.contains(wanted) ? wanted : list.querySelector("[role=tab]"));
});
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tabs] [role=tab]");
  if (!tab) return;
  showTab(tab);
  history.replaceState(history.state, "", `#${tab.id.slice(4)}`);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[data-tabs] [role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const all = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = all[(all.indexOf(tab) + step + all.length) % all.length];
  showTab(next);
  next.focus();
});

// htmx: the token of today's session, no empty parameters in addresses, one clear sentence for each failure.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, headers, verb } = event.detail;
  const token = cookie("csrftoken");
  if (token) headers["X-CSRFToken"] = token;
  if (token && parameters.csrfmiddlewaretoken) parameters.csrfmiddlewaretoken = token;
  if (verb !== "get") return;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});
document.addEventListener("htmx:beforeRequest", () => document.documentElement.classList.add("busy"));
document.addEventListener("htmx:afterRequest", (event) => {
  document.documentElement.classList.remove("busy");
  // After a success the page is about to go, and nothing in it needs guarding any more.
  const form = event.detail.elt.closest?.("form[data-sending]");
  if (form && !event.detail.successful) delete form.dataset.sending;
});
const signedOut = (xhr) => xhr.status === 401 || /\/sign-in\/?$/.test(new URL(xhr.responseURL || "/", location.href).pathname);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (signedOut(event.detail.xhr)) {
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    toast({ level: "warning", text: texts.signed_out, link: "/sign-in/", label: texts.sign_in });
    return;
  }
  // A filter that cannot be read is explained in the list itself.
  if (event.detail.xhr.status === 400 && event.detail.target.id === "list") Object.assign(event.detail, { shouldSwap: true, isError: false });
  if (event.detail.target.contains(document.getElementById("toasts"))) {
    document.body.append(document.getElementById("toasts"));
  }
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Trigger")?.includes("toast")) return;
  const known = { 403: texts.forbidden, 404: texts.missing, 429: texts.busy };
  toast({ level: "error", text: known[xhr.status] || fill(texts.failed, { code: xhr.getResponseHeader("X-Request-ID") || xhr.status }) });
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => toast({ level: "error", text: texts.offline }));
}
