// The customer's application form: the units and list prices of a chosen product, and what it comes to.
// Sums are whole numbers (BigInt) rounded half up as the server rounds them, so that both show the same fen.
const form = document.querySelector("[data-money]");
const zero = form.dataset.money; // nothing, as money is written here: the figures go in its place
const facts = new WeakMap(); // of a row's product
const blank = new WeakMap(); // a row's units before a product narrowed them

form.querySelectorAll("tr.spare").forEach((row) => row.remove());

const money = (fen) => {
  const digits = fen.toString().padStart(3, "0");
  return zero.replace("0.00", `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-2)}`);
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
  const quantity = scaled(part(row, "quantity").value, 3);
  if (!unit || quantity === null) return { unit };
  const gross = (quantity * scaled(unit.price, 2) + 500n) / 1000n;
  const rate = scaled(product.tax_rate, 2);
  return { unit, gross, tax: (2n * gross * rate + 10000n + rate) / (2n * (10000n + rate)) };
}
function add() {
  let total = 0n;
  let tax = 0n;
  form.querySelectorAll("tbody tr").forEach((row) => {
    const { unit, gross, tax: within } = amounts(row);
    const line = row.querySelector("[data-sum]");
    line.hidden = !unit;
    if (!unit) return;
    const { about } = facts.get(row);
    const known = document.createElement("span");
    known.append(about, document.createElement("br"), `${money(scaled(unit.price, 2))} / ${unit.label}`);
    line.replaceChildren(known);
    if (gross === undefined) return;
    line.append(Object.assign(document.createElement("b"), { textContent: money(gross) }));
    total += gross;
    tax += within;
  });
  form.querySelector("[data-sums]").hidden = total === 0n;
  form.querySelector("[data-total]").textContent = money(total);
  form.querySelector("[data-tax]").textContent = money(tax);
}

form.querySelectorAll("input[data-facts]").forEach((hidden) => {
  if (!hidden.value || !hidden.dataset.facts) return;
  const row = hidden.closest("tr");
  facts.set(row, JSON.parse(hidden.dataset.facts));
  narrow(row);
});
form.addEventListener("change", (event) => {
  if (event.target.matches("input[type=hidden]")) {
    const row = event.target.closest("tr");
    if (event.detail) facts.set(row, event.detail);
    else facts.delete(row);
    narrow(row);
  }
  add();
});
form.addEventListener("input", add);
add();
