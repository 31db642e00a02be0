"""The demonstration's credit: everybody on account is rated, and some signs are there this morning."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from crm.accounts.models import User
from crm.actions import ACTIONS
from crm.approvals import actions as approvals
from crm.approvals.models import ApprovalRequest, Task
from crm.reports.demo import Demo, Story, chapter
from customers.credit import actions as verbs
from customers.credit.alerting import look
from customers.credit.exposure import exposure_of
from customers.credit.models import Alert, Assessment, Rating, RatingPolicy
from customers.models import Customer

GROUPS = 12  # stories in which everybody on account is assessed: what is told must not depend on what was told
BEGAN = 175  # days ago, when finance began to rate
DAY = 7.5  # working hours
SCORES = {Rating.A: (85, 97), Rating.B: (70, 84), Rating.C: (56, 69), Rating.D: (20, 50)}
ROOM = Decimal("1.3")  # a limit leaves room for what is used now
SCARCE = Decimal("1.05")  # and some nearly none
WORDS = {
    "operations": ("经营十年以上，主业稳定", "门店三家，客源稳定", "工程项目为主，随行就市", "新设公司，业务单一"),
    "finances": (
        "资产负债率 38%，现金流充足",
        "近两年盈利，存货偏高",
        "应收占比较高，周转偏慢",
        "报表未经审计，数据不全",
    ),
    "payment": ("两年内无逾期", "偶有逾期三五天，均已付清", "一年内逾期两次，最长 20 天", "多次拖欠，曾退票"),
}


@chapter(87, "ratings")
def ratings(demo: Demo) -> Iterator[Story]:
    """The four ratings, once all that was ordered before is told: what was ordered then was stopped by nothing."""
    yield Story("credit-ratings", demo.now - timedelta(days=BEGAN + 2), partial(_ratings, demo))


@chapter(88, "credit", apart=True)
def credit(demo: Demo) -> Iterator[Story]:
    """Everybody on account is assessed."""
    for number in range(GROUPS):
        moment = demo.now - timedelta(days=BEGAN - number)
        yield Story(f"credit-group-{number}", moment, partial(_group, demo, number))


@chapter(89, "signs of credit")
def signs(demo: Demo) -> Iterator[Story]:
    """What has come of it since: a rating that fell, new assessments, the signs of this morning."""
    yield Story("credit-lowered", demo.ago(20 * DAY), partial(_lowered, demo))
    yield Story("credit-proposed", demo.ago(6), partial(_proposed, demo))
    yield Story("credit-look", demo.ago(5), look)
    yield Story("credit-dealt", demo.ago(2), partial(_dealt, demo))


def _ratings(demo: Demo) -> None:
    verbs.set_up_ratings(by=demo.people("administrator")[0])


def _on_account() -> Any:
    return Customer.objects.filter(payment_terms=Customer.Terms.CREDIT, owner__isnull=False).order_by("pk")


def _group(demo: Demo, number: int) -> None:
    """Assess every twelfth customer on account, so that his limit has room for what he uses; some have little left.

    One assessment has run out since.
    """
    limits = dict(RatingPolicy.objects.values_list("rating", "limit"))
    members = [each for each in _on_account() if each.pk % GROUPS == number]
    scarce = next((each.pk for each in members if number % 5 == 1 and exposure_of(each).total > 0), None)
    for place, customer in enumerate(members):
        chance = demo.random(f"credit-{customer.pk}")
        used = exposure_of(customer).total
        room = used * ROOM
        rating = next((each for each in (Rating.C, Rating.B) if room <= limits[each]), Rating.A)
        rating = chance.choice([rating, rating, Rating.A, Rating.B]) if rating == Rating.C else rating
        asked: dict[str, Any] = {}
        if customer.pk == scarce:
            asked["limit"] = (used * SCARCE).quantize(Decimal(100))
        elif room > limits[rating]:
            asked["limit"] = room.quantize(Decimal(10000)) + 10000
        if number == 3 and place == 0:
            asked["valid_until"] = demo.today - timedelta(days=6)
        days = BEGAN - number - 12 * chance.random()
        _decided(demo, customer, chance, demo.now - timedelta(days=days), rating, **asked)


def _decided(demo: Demo, customer: Customer, chance: Random, moment: datetime, rating: str, **asked: Any) -> None:
    """The owner assesses him at a moment, and whoever is asked agrees within the next working day."""
    seller = demo.user(customer.owner_id)
    with demo.at(demo.after(moment, 0.1)):
        assessment = _assessed(customer, seller, chance, rating, **asked)
        request = ACTIONS["credit.ask_put_in_force"](assessment, by=seller)
    hours = 0.1
    while tasks := list(request.tasks.filter(status=Task.Status.WAITING).select_related("approver").order_by("pk")):
        hours += chance.uniform(0.5, 6)
        with demo.at(demo.after(moment, hours)):
            approvals.approve(tasks[0], by=demo.user(tasks[0].approver_id), opinion="同意。")
        request = ApprovalRequest.objects.get(pk=request.pk)


def _assessed(customer: Customer, seller: User, chance: Random, rating: str, **asked: Any) -> Assessment:
    told = judged(rating, chance, asked.get("limit"))
    found: Assessment = verbs.assess_customer(customer, by=seller, **told, **asked)
    return found


def judged(rating: str, chance: Random, limit: Decimal | None = None) -> dict[str, Any]:
    """Scores and words that give a rating, and why the limit is another one where it is."""
    worst = list(Rating).index(Rating(rating))
    scores = {f"{aspect}_score": chance.randint(*SCORES[Rating(rating)]) for aspect in WORDS}
    words = {aspect: said[worst] for aspect, said in WORDS.items()}
    reasons = ("近期回款放缓，先压额度", "集团担保，年采购量大")
    above = limit is not None and limit > dict(RatingPolicy.objects.values_list("rating", "limit"))[rating]
    return {**scores, **words, "limit_reason": reasons[above] if limit is not None else ""}


def _rated(demo: Demo, key: str, **facts: Any) -> Customer | None:
    """One of those who are rated and supplied, the same in each run; None where there is nobody."""
    rows = _on_account().filter(supply_suspended=False, standing__rating__in=[Rating.A, Rating.B], **facts)
    found = list(rows.select_related("owner")[:40])
    return demo.random(key).choice(found) if found else None


def _lowered(demo: Demo) -> None:
    """A cheque came back; finance lowers the rating, and the salesperson has talked with him since."""
    customer = _rated(demo, "credit-lowered", standing__used=0)
    if customer is None:
        return
    verbs.lower_rating(customer, by=demo.people("finance")[0], reason="支票退票，三日后补付")
    alert = Alert.objects.filter(customer=customer, sign=Alert.Sign.LOWERED).latest("pk")
    with demo.at(demo.ago(19 * DAY)):
        verbs.settle_alert(alert, by=demo.user(customer.owner_id), words="已上门沟通，客户承诺改用电汇")


def _proposed(demo: Demo) -> None:
    """Two assessments wait for finance, one of them with another limit than the rating brings."""
    for number in range(2):
        customer = _rated(demo, f"credit-proposed-{number}")
        if customer is None or Assessment.objects.filter(customer=customer, status="proposed").exists():
            continue
        chance, seller = demo.random(f"credit-again-{number}"), demo.user(customer.owner_id)
        asked = {"limit": Decimal(600000)} if number else {}
        assessment = _assessed(customer, seller, chance, Rating.A, **asked)
        ACTIONS["credit.ask_put_in_force"](assessment, by=seller)


def _dealt(demo: Demo) -> None:
    """Of the signs of this morning one was dunned for and one dealt with otherwise; the others wait."""
    alerts = list(Alert.objects.filter(status=Alert.Status.OPEN).select_related("customer").order_by("pk")[:4])
    finance = demo.people("finance")
    for alert in alerts[:1]:
        words = "已电话催款，对方财务答应本周付清"
        verbs.dun_for_alert(alert, by=finance[0], channel="phone", words=words, again_on=demo.day(3))
    for alert in alerts[2:3]:
        verbs.settle_alert(alert, by=finance[-1], words="已核对，回款在途，不停供")
