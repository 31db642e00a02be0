// Lines of products: the units and list prices of a chosen product, and what it comes to, in [data-money].
// The picker tells the facts of a product with the choice, or they are asked for at data-prices.
// Sums are whole numbers (BigInt) rounded half up as the server rounds them, so that both show the same fen.
const facts = new WeakMap(); // of a row's product
const blank = new WeakMap(); // a row's units before a product narrowed them

const money = (field, fen) => {
  const digits = fen.toString().padStart(3, "0");
  // Nothing, as money is written here: the figures go in its place.
  return field.dataset.money.replace("0.00", `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-2)}`);
};
const scaled = (text, places) => {
  const match = /^\s*(\d{1,12})(?:\.(\d*))?\s*$/.exec(text);
  if (!match || (match[2] || "").length > places) return null;
  return BigInt(match[1] + (match[2] || "").padEnd(places, "0"));
};
const part = (row, name) => row.querySelector(`[name$="-${name}"]`);

function narrow(row) {
  const select = part(row, "unit");
  if (!blank.has(row)) blank.set(row, [...select.options].map((each) => each.cloneNode(true)));
  const before = select.value;
  const units = facts.get(row)?.units;
  const options = units
    ? units.map(({ id, label }) => new Option(label, id))
    : blank.get(row).map((each) => each.cloneNode(true));
  select.replaceChildren(...options);
  if (options.some((each) => each.value === before)) select.value = before;
}
function amounts(row) {
  const product = facts.get(row);
  const unit = product?.units.find(({ id }) => String(id) === part(row, "unit").value);
  const own = part(row, "price");
  if (own) own.placeholder = unit?.price || "";
  const quantity = scaled(part(row, "quantity").value, 3);
  const price = unit && scaled(own?.value.trim() || unit.price, 2);
  if (!unit || quantity === null || price === null) return { unit };
  const gross = (quantity * price + 500n) / 1000n;
  const rate = scaled(product.tax_rate, 2);
  return { unit, gross, tax: (2n * gross * rate + 10000n + rate) / (2n * (10000n + rate)) };
}
function known(field, row, unit) {
  const line = document.createElement("span");
  line.append(facts.get(row).about, document.createElement("br"), `${money(field, scaled(unit.price, 2))} / ${unit.label}`);
  return line;
}
function add(field) {
  let total = 0n;
  let tax = 0n;
  field.querySelectorAll("tbody tr").forEach((row) => {
    const { unit, gross, tax: within } = amounts(row);
    const line = row.querySelector("[data-sum]");
    line.hidden = !unit;
    line.replaceChildren();
    if (unit?.price && "known" in line.dataset) line.append(known(field, row, unit));
    if (gross === undefined) return;
    line.append(Object.assign(document.createElement("b"), { textContent: money(field, gross) }));
    total += gross;
    tax += within;
  });
  field.querySelector("[data-sums]").hidden = total === 0n;
  field.querySelector("[data-total]").textContent = money(field, total);
  field.querySelector("[data-tax]").textContent = money(field, tax);
}
function know(field, row, found) {
  if (found) facts.set(row, found);
  else facts.delete(row);
  narrow(row);
  add(field);
}
async function ask(field, row, id) {
  know(field, row, null);
  if (!id) return;
  try {
    const answer = await fetch(field.dataset.prices.replace("/0/", `/${id}/`), { headers: { Accept: "application/json" } });
    const found = answer.ok && (await answer.json());
    if (found && part(row, "product").value === id) know(field, row, found);
  } catch { /* Offline: the server knows units and prices all the same. */ }
}
function ready(root) {
  root.querySelectorAll("[data-money]:not([data-priced])").forEach((field) => {
    field.dataset.priced = "yes";
    field.querySelectorAll("tr.spare").forEach((row) => row.remove());
    field.querySelectorAll('tbody input[type=hidden][name$="-product"]').forEach((hidden) => {
      const row = hidden.closest("tr");
      if (!hidden.value) return;
      if (hidden.dataset.facts) know(field, row, JSON.parse(hidden.dataset.facts));
      else if (field.dataset.prices) ask(field, row, hidden.value);
    });
    field.addEventListener("change", (event) => {
      if (event.target.matches('input[type=hidden][name$="-product"]')) {
        const row = event.target.closest("tr");
        if (field.dataset.prices) ask(field, row, event.target.value);
        else know(field, row, event.detail);
      } else add(field);
    });
    field.addEventListener("input", () => add(field));
    add(field);
  });
}
document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
ready(document);
