"""One order from the application to the closed file, each step by the role that does it."""

import base64
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from crm import clock
from crm.reports.invented import id_number, person, plate, signature
from pickup.play.northwind import Case
from pickup.play.rest import Refusal, Rest
from pickup.play.stage import Set

MARGIN = 30  # seconds before a window begins, until which it is still chosen
THIRD, TENTH = 3, 10  # every third, or of every ten one tries what must not work


@dataclass
class Walk:
    """What all orders share; `ends` counts how they ended, `seen` the checks on the way."""

    rest: Rest
    stage: Set
    customers: dict[str, int]
    products: dict[str, int]
    ends: Counter = field(default_factory=Counter)
    seen: Counter = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def take(self, number: int, case: Case) -> None:
        """Take the order as far as it goes, and note where that is."""
        try:
            self.ends[self._take(number, case)] += 1
        except Refusal as refusal:
            self.ends["stopped"] += 1
            self.troubles.append(f"order {case.number}: {refusal}")

    def _take(self, number: int, case: Case) -> str:
        chance = Random(case.number)  # noqa: S311 - a rehearsal
        order = self._apply(number, case)
        address = f"orders/{order['pk']}/"
        desk = self.stage.token("order_desk", number)
        self._review(number, desk, address)
        order = self._do(desk, f"{address}orders.allocate_order/", step="allocate")
        owner = self.stage.token_of(_key(order["owner"]))
        self._do(owner, f"{address}orders.accept_order/", step="accept")
        self._do(owner, f"{address}orders.confirm_order/", {"channel": "phone"}, step="confirm")
        self._do(owner, f"{address}orders.plan_order/", {"milestones": _stages(case)}, step="plan")
        keeper = self.stage.token("warehouse", number)
        check = {"warehouse": self.stage.warehouse.pk, "sound": True}
        order = self._do(keeper, f"{address}pickup.check_stock/", check, step="check stock")
        if order["status"] != "ready":
            return str(order["status"])
        window = {"window": self._window(), "notify": True}
        pickup = self._do(owner, f"{address}pickup.plan_pickup/", window, step="plan pickup, notice")
        self._collect(number, order, f"pickups/{pickup['pk']}/", owner, chance)
        progress = {"progress": "All collected", "given": "system"}
        self._do(owner, f"{address}orders.report_progress/", progress, step="report progress")
        self._do(owner, f"{address}orders.hand_in_sheet/", step="sign-off sheet")
        return str(self._do(desk, f"{address}orders.close_order/", step="close")["status"])

    def _apply(self, number: int, case: Case) -> dict[str, Any]:
        lines = [
            {"product": self.products[line.product], "quantity": str(line.quantity), "price": str(line.price)}
            for line in case.lines
        ]
        body = {
            "customer": self.customers[case.customer],
            "reference": case.number,
            "wanted_on": case.wanted_on.isoformat(),
            "lines": lines,
        }
        return self._do(self.stage.token("sales_support", number), "orders.apply_order/", body, step="apply")

    def _review(self, number: int, desk: str, address: str) -> None:
        """Passed; where a price is below the lowest of the list, after the manager has agreed to it."""
        try:
            self._do(desk, f"{address}orders.pass_review/", step="review")
        except Refusal as refusal:
            if refusal.code != "findings":
                raise
            self._agree_on_price(number, address)
            self._do(desk, f"{address}orders.pass_review/", step="review")

    def _agree_on_price(self, number: int, address: str) -> None:
        """Who applied asks for the low price, and his manager agrees."""
        reason = {"reason": "Northwind's price of that time"}
        applicant = self.stage.token("sales_support", number)
        request = self._do(applicant, f"{address}orders.ask_allow_price/", reason, step="ask for the price")
        for task in request["tasks"]:
            manager = self.stage.token_of(_key(task["approver"]))
            self._do(manager, f"approvals/{task['pk']}/approvals.approve/", step="approve the price")

    def _collect(self, number: int, order: dict[str, Any], address: str, owner: str, chance: Random) -> None:
        """Confirmed, paid where that comes first, come for, handed over; with a try of what must not work."""
        self._do(owner, f"{address}pickup.confirm_pickup/", step="confirm pickup")
        clerk = self.stage.token("counter", number)
        prepaid = order["payment_terms"] != "credit"
        if prepaid and number % THIRD == 0:
            self._must_not(clerk, f"{address}pickup.hand_over/", _handover(chance), "unpaid")
        if prepaid:
            money = {"amount": order["total"], "received_on": clock.today().isoformat(), "method": "transfer"}
            cashier = self.stage.token("finance", number)
            self._do(cashier, f"orders/{order['pk']}/orders.enter_payment/", money, step="payment")
        self._do(clerk, f"{address}pickup.arrive/", step="arrive")
        body = _handover(chance)
        if number % TENTH == 2:
            body |= self._authority(clerk, address, chance)
        if number % TENTH == 3:
            self._two_at_once(number, address, body)
            return
        key = uuid.uuid4().hex
        record = self._do(clerk, f"{address}pickup.hand_over/", body, step="hand over", key=key)
        if number % TENTH == 4:
            again = self._do(clerk, f"{address}pickup.hand_over/", body, step="hand over", key=key)
            self.seen["sent again with its key, one record" if again["pk"] == record["pk"] else "DOUBLED"] += 1
        if number % TENTH == 5:
            self._must_not(clerk, f"{address}pickup.hand_over/", body, "used")

    def _authority(self, clerk: str, address: str, chance: Random) -> dict[str, Any]:
        """Somebody else collects, with a letter of authority and the ID number in it."""
        number = id_number(chance)
        letter = {
            "person": person(chance),
            "id_number": number,
            "vehicle": plate(chance),
            "valid_from": clock.today().isoformat(),
            "valid_until": (clock.today() + timedelta(days=3)).isoformat(),
        }
        made = self._do(clerk, f"{address}pickup.name_collector/", letter, step="letter of authority")
        return {"authority": made["pk"], "identity": "id_compared", "id_number": number}

    def _two_at_once(self, number: int, address: str, body: dict[str, Any]) -> None:
        """Two clerks hand over at the same moment: exactly one succeeds."""

        def one(clerk: str) -> str:
            try:
                self._do(clerk, f"{address}pickup.hand_over/", body, step="hand over")
            except Refusal as refusal:
                return refusal.code
            return ""

        clerks = [self.stage.token("counter", number), self.stage.token("counter", number + 1)]
        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(one, clerks))
        self.seen["two clerks at once, one record" if answers == ["", "used"] else f"two clerks: {answers}"] += 1

    def _must_not(self, token: str, path: str, body: dict[str, Any], code: str) -> None:
        try:
            self._do(token, path, body, step="hand over")
        except Refusal as refusal:
            if refusal.code != code:
                raise
            self.seen[f"refused as it must be: {code}"] += 1
            return
        self.seen[f"NOT REFUSED: {code}"] += 1

    def _window(self) -> int:
        """The window that begins next, so that the customer is in time."""
        soon = time.time() + MARGIN
        return next(pk for begins, pk in self.stage.windows if begins > soon)

    def _do(self, token: str, path: str, body: dict[str, Any] | None = None, *, step: str, key: str = "") -> Any:
        return self.rest.post(token, path, body, step=step, key=key)


def _key(owner: Any) -> int:
    return int(owner["pk"] if isinstance(owner, dict) else owner)


def _stages(case: Case) -> list[dict[str, Any]]:
    day = clock.today()
    middle = day + (case.wanted_on - day) / 2
    return [
        {"name": "备货", "due_on": middle.isoformat()},
        {"name": "提货", "due_on": case.wanted_on.isoformat()},
    ]


def _handover(chance: Random) -> dict[str, Any]:
    def drawn() -> str:
        return "data:image/png;base64," + base64.b64encode(signature(chance).read()).decode()

    return {"identity": "id_seen", "customer_signature": drawn(), "clerk_signature": drawn()}
