"""What a review of a contract is about, part by part, and who judges each part where no chain says otherwise."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crm.approvals.declare import GENERAL_MANAGER, SALES_MANAGER
from crm.approvals.facts import Fact, text_of
from crm.approvals.models import ApprovalRequest, Decision, Task
from crm.approvals.steps import Step, Who
from crm.words import money, quantity
from customers.models import Customer
from orders.contracts.models import Contract, Requirement, Supplement, SupplementLine

PRODUCT, MAKING, DELIVERY, FUNDS = "product", "making", "delivery", "funds"
PARTS = {
    PRODUCT: _("Sales: product"),
    MAKING: _("Production: technology and capacity"),
    DELIVERY: _("Logistics: delivery"),
    FUNDS: _("Finance: payment"),
}


def _of(part: str, role: str, *, together: bool = True) -> Step:
    return Step(PARTS[part], who=Who.ROLE, role=role, opinion=True, part=part, together=together)


REGULAR = (SALES_MANAGER,)
SPECIAL = (
    _of(PRODUCT, "sales_manager", together=False),
    _of(MAKING, "production"),
    _of(DELIVERY, "logistics"),
    _of(FUNDS, "finance"),
    GENERAL_MANAGER,
)

_text: Callable[..., Any] = lazy(lambda make: make(), str)


def requirements_of(contract: Contract) -> list[Requirement]:
    """What was found out before, for the order or, where nothing was noted for it, for the customer in general."""
    rows = Requirement.objects.filter(customer=contract.customer_id).select_related("taken_by", "answered_by")
    return list(rows.filter(order=contract.order_id).order_by("pk"))


def _goods(line: Any) -> str:
    return " ".join(
        filter(None, [f"{line.position}. {line.product}", line.specification, quantity(line.quantity, str(line.unit))])
    )


def _price(line: Any) -> str:
    return f"{line.position}. {money(line.price)} / {line.unit} = {money(line.amount)}"


def _required(rows: Iterable[Requirement]) -> Iterator[Any]:
    for row in rows:
        heads = [(Requirement._meta.get_field(name), getattr(row, name)) for name in Requirement.HEADS]
        yield from (
            _text(lambda field=field, value=value: f"{field.verbose_name}: {value}") for field, value in heads if value
        )
        yield _text(lambda row=row: f"{row.get_status_display()} {row.batch}".strip())


def review_facts(contract: Contract, inputs: dict[str, Any]) -> Iterator[Fact]:
    """The form as it is approved: what concerns everybody, then each department's part."""
    lines = list(contract.lines.select_related("product", "unit").order_by("position"))
    required = requirements_of(contract)
    yield Fact("customer", _("Customer"), contract.customer)
    yield Fact("order", _("Order"), contract.order.number)
    yield Fact("kind", _("Class"), Contract.Kind(contract.kind).label if contract.kind else "")
    goods = [_text(lambda line=line: _goods(line)) for line in lines]
    yield Fact("goods", _("Goods"), goods, parts=(PRODUCT, MAKING, DELIVERY))
    yield Fact("requirements", _("What the customer requires"), list(_required(required)), parts=(PRODUCT, MAKING))
    yield Fact("quality", _("Quality and technical standard"), contract.quality, parts=(PRODUCT, MAKING))
    yield Fact("technology", _("Technology"), contract.technology, parts=(MAKING,))
    yield Fact("capacity", _("Capacity and schedule"), contract.capacity, parts=(MAKING,))
    yield Fact("delivery_on", _("Contract date"), contract.delivery_on, parts=(MAKING, DELIVERY))
    yield Fact("place", _("Place of delivery"), contract.place, parts=(DELIVERY,))
    yield Fact("transport", _("Transport"), contract.transport, parts=(DELIVERY,))
    yield Fact("packing", _("Packing"), contract.packing, parts=(DELIVERY,))
    prices = [_text(lambda line=line: _price(line)) for line in lines]
    yield Fact("prices", _("Prices with tax"), prices, parts=(PRODUCT, FUNDS))
    yield Fact("total", _("Total with tax"), contract.total, "money", parts=(PRODUCT, FUNDS))
    terms = Customer.Terms(contract.payment_terms).label if contract.payment_terms else ""
    yield Fact("terms", _("Payment terms"), terms, parts=(FUNDS,))
    yield Fact("days", _("Days to pay"), contract.payment_days, parts=(FUNDS,))
    yield Fact("payment", _("Payment in words"), contract.payment, parts=(FUNDS,))
    yield Fact("other", _("Other agreements"), contract.other)


TERM_PARTS = {
    "quality": (PRODUCT, MAKING),
    "technology": (MAKING,),
    "capacity": (MAKING,),
    "delivery_on": (MAKING, DELIVERY),
    "place": (DELIVERY,),
    "transport": (DELIVERY,),
    "packing": (DELIVERY,),
    "payment_terms": (FUNDS,),
    "payment_days": (FUNDS,),
    "payment": (FUNDS,),
    "other": (),
}


def term_text(name: str, value: Any) -> Any:
    """A term as people read it, from how JSON keeps it."""
    if value in (None, ""):
        return ""
    if name == "payment_terms":
        return Customer.Terms(value).label
    return text_of(Contract._meta.get_field(name).to_python(value))  # type: ignore[union-attr]


def changed_terms(supplement: Supplement) -> list[dict[str, Any]]:
    """Each term that is agreed anew: what it is called, what it was, what it is to be."""
    return [
        {
            "name": name,
            "label": Contract._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            "before": term_text(name, supplement.terms[name]["before"]),
            "after": term_text(name, supplement.terms[name]["after"]),
        }
        for name in TERM_PARTS
        if name in supplement.terms
    ]


def _from_to(before: Any, after: Any) -> str:
    return f"{before or '–'} → {after or '–'}"


def supplement_facts(supplement: Supplement, inputs: dict[str, Any]) -> Iterator[Fact]:
    """What is agreed anew, each beside what it was, part by part as the contract itself is judged."""
    contract = supplement.contract
    yield Fact("contract", _("Contract"), contract.number)
    yield Fact("customer", _("Customer"), contract.customer)
    yield Fact("why", _("Reason, and initiated by whom"), supplement.why)
    yield Fact("agreed", _("How the customer agreed"), supplement.agreed)
    yield Fact("effective_on", _("Effective from"), supplement.effective_on)
    for row in supplement.lines.select_related("product", "unit").order_by("position"):
        yield Fact(
            f"line-{row.position}",
            _text(lambda row=row: f"{row}"),
            [
                row.product,  # the label is for people: only what stands in the value is signed
                *filter(None, [row.specification]),
                _text(
                    lambda row=row: _from_to(
                        quantity(row.quantity_before, str(row.unit)), quantity(row.quantity, str(row.unit))
                    )
                ),
            ],
        )
        if row.price != row.price_before:
            yield Fact(
                f"price-{row.position}",
                _text(lambda row=row: f"{row}: {SupplementLine._meta.get_field('price').verbose_name}"),
                _text(lambda row=row: _from_to(money(row.price_before) if row.price_before else "", money(row.price))),
                parts=(PRODUCT, FUNDS),
            )
    for term in changed_terms(supplement):
        yield Fact(
            f"term-{term['name']}",
            term["label"],
            _text(lambda term=term: _from_to(term["before"], term["after"])),
            parts=TERM_PARTS[term["name"]],
        )


def last_review(record: Contract | Supplement) -> ApprovalRequest | None:
    """The request that passed it, or that runs, or how it last ended."""
    verb = "contracts.pass_contract" if isinstance(record, Contract) else "contracts.apply_supplement"
    rows = ApprovalRequest.objects.about(record).filter(verb=verb)
    return rows.select_related("question").order_by("-pk").first()


def opinions(request: ApprovalRequest) -> list[dict[str, Any]]:
    """Who was asked in each step and what he said when, as the form prints it; opinions that were kept included."""
    tasks = request.tasks.filter(superseded=False).exclude(status=Task.Status.CLOSED)
    tasks = tasks.select_related("approver", "carried__by", "carried__on_behalf_of")
    signed: dict[int, Decision] = {
        row.task_id: row
        for row in request.decisions.exclude(what=Decision.What.ADDED).select_related("by", "on_behalf_of")
    }
    steps, shown = request.steps, []
    for task in tasks.order_by("position", "turn", "pk"):
        decision = task.carried or signed.get(task.pk)
        shown.append(
            {
                "step": steps[task.position].title,
                "name": decision.signed if decision else str(task.approver),
                "decision": decision,
                "opinion": decision.opinion if decision else "",
                "note": "" if decision else task.note_text or task.get_status_display(),
            }
        )
    return shown
