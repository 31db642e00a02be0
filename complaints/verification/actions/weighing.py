"""Shortages: what the scale proves on pickup, and every weighing on the way of a delivery (KC 5.2.1.5)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.models import Evidence
from complaints.parties import PRODUCTION, SALES
from complaints.telling import let_see
from complaints.verification import forms
from complaints.verification.differences import overall
from complaints.verification.models import Scale, Verification, Weighing
from complaints.verification.telling import keep, tell, tell_next
from complaints.verification.who import DEPARTMENTS, LOGISTICS, department, not_the_keeper, of_procedure, only
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import belongs_to
from crm.actions import action
from crm.refusals import Refused

V, K, Stage = Verification.Status, Verification.Kind, Weighing.Stage


def _both_were_there(verification: Verification, logistics: User | None, sales: User | None) -> None:
    """On a delivery each weighing is taken by one of logistics and one of sales. Raises Refused."""
    if logistics is None or sales is None:
        raise Refused(
            "both_needed",
            _("Logistics and sales take each weighing of a delivery together."),
            _("Say who of each was there."),
        )
    theirs, ours = department(LOGISTICS), department(SALES)
    if theirs is not None and not belongs_to(logistics, theirs):
        raise Refused(
            "not_of_logistics",
            _("%(name)s is not of %(department)s.") % {"name": logistics, "department": theirs},
        )
    sells = sales.pk == verification.complaint.owner_id or ours is None or belongs_to(sales, ours)
    if not sells:
        raise Refused("not_of_sales", _("%(name)s is not of %(department)s.") % {"name": sales, "department": ours})


@action(
    Verification,
    label=gettext_lazy("Enter a weighing"),
    source={V.OPENED},
    form=forms.WeighingForm,
    unless=of_procedure(K.PICKUP, K.DELIVERY, name="note_weighing"),
)
def note_weighing(
    verification: Verification,
    *,
    by: User,
    stage: str,
    place: str,
    gross: Decimal,
    tare: Decimal,
    at: datetime,
    weigher: str,
    scale: Scale | None = None,
    whose: str = "",
    vehicle: str = "",
    logistics: User | None = None,
    sales: User | None = None,
    file: Any = None,
) -> Weighing:
    """Keep one weighing: where, on whose scale, gross and tare, when, by whom, with its ticket (KC 5.2.1.5)."""
    if gross <= tare:
        raise Refused("gross_below_tare", _("The gross weight must be greater than the tare."))
    if scale is None and not whose:
        raise Refused("no_scale", _("Say on whose scale it was weighed."), _("Choose ours, or name the other one."))
    if verification.kind == K.DELIVERY:
        _both_were_there(verification, logistics, sales)
    if verification.kind == K.PICKUP and scale is not None:
        let_see(verification.complaint, users=[scale.owner])  # who states whether it meets the standard
    net = gross - tare
    with override(settings.LANGUAGE_CODE):  # what is kept is read by others than who acts
        told = {"stage": Stage(stage).label, "place": place, "net": f"{net.normalize():f}"}
        what = _("Weighing ticket: %(stage)s, %(place)s, net %(net)s kg") % told
    piece = keep(
        verification,
        file,
        by=by,
        what=what,
        source=Evidence.Source.SCALE,
        taken_by=weigher,
        taken_at=at,
    )
    return Weighing.objects.create(
        verification=verification,
        stage=stage,
        place=place,
        scale=scale,
        certificate=scale.certificate_on(timezone.localdate(at)) if scale else None,
        whose=whose,
        vehicle=vehicle,
        gross=gross,
        tare=tare,
        net=net,
        at=at,
        weigher=weigher,
        logistics=logistics,
        sales=sales,
        evidence=piece,
        made_by=by,
    )


@action(
    Verification,
    label=gettext_lazy("Strike out a weighing"),
    source={V.OPENED},
    form=forms.StrikeForm,
    unless=of_procedure(K.PICKUP, K.DELIVERY, name="strike_weighing"),
)
def strike_weighing(verification: Verification, *, by: User, weighing: Weighing, reason: str) -> None:
    """Strike out a weighing that was written down wrongly; it stays to be read, and counts no more (KC 5.2.1.5)."""
    if weighing.verification_id != verification.pk or weighing.struck_because:
        raise Refused("not_there", _("This weighing does not count here."))
    weighing.struck_by, weighing.struck_because = by, reason
    weighing.save(update_fields=["struck_by", "struck_because"])


def _uncertified(verification: Verification, scale: Scale) -> list[Weighing]:
    """The weighings on this scale for which it had no certificate that held then. Raises Refused without weighing."""
    rows = list(verification.weighings.filter(scale=scale, struck_because="").order_by("at"))
    if not rows:
        raise Refused(
            "not_weighed",
            _("No weighing on the scale %(scale)s is entered.") % {"scale": scale},
            _("Enter the weighings of the pickup first."),
        )
    return [each for each in rows if each.certificate_id is None]


@action(
    Verification,
    label=gettext_lazy("State whether the scale meets the standard"),
    source={V.OPENED},
    target=V.READY,
    form=forms.ScaleStatementForm,
    unless=of_procedure(K.PICKUP, name="state_scale"),
)
def state_scale(verification: Verification, *, by: User, scale: Scale, meets_standard: bool, statement: str) -> None:
    """Say whether the scale of the pickup meets the national standard; none without certificate does (KC 5.2.1.5a)."""
    if refused := not_the_keeper(scale, by):
        raise refused
    uncertified = _uncertified(verification, scale)
    if meets_standard and uncertified:
        days = ", ".join(sorted({f"{timezone.localdate(each.at):%Y-%m-%d}" for each in uncertified}))
        raise Refused(
            "no_certificate",
            _("The scale %(scale)s had no valid certificate on %(days)s.") % {"scale": scale, "days": days},
            _("Enter the certificate that held then, or state that the scale does not meet the standard."),
        )
    verification.scale, verification.meets_standard, verification.statement = scale, meets_standard, statement
    verification.stated_by, verification.stated_at = by, clock.now()
    tell_next(verification, V.READY, by=by)


_of_shortages = of_procedure(K.PICKUP, K.DELIVERY, name="state_recount")


def _not_counted(verification: Verification, by: User) -> Refused | None:
    """Goods that are counted are recounted by the department that verifies; what was weighed goes by its weight."""
    if refused := _of_shortages(verification, by):
        return refused
    asked = department(DEPARTMENTS[verification.kind])
    if asked is not None and not belongs_to(by, asked):
        return Refused("not_asked", _("Only %(department)s can do this.") % {"department": asked})
    if verification.weighings.filter(struck_because="").exists():
        return Refused(
            "weighed",
            _("There are weighings, so it goes by the weight."),
            _("Go on with the weighings, or strike them out."),
        )
    return None


@action(
    Verification,
    label=gettext_lazy("State what a recount shows"),
    source={V.OPENED},
    target=V.READY,
    form=forms.RecountForm,
    unless=_not_counted,
)
def state_recount(verification: Verification, *, by: User, statement: str) -> None:
    """Say what a recount shows of goods that are counted and not weighed (KC 5.2.1.3)."""
    verification.statement, verification.stated_by, verification.stated_at = statement, by, clock.now()
    tell_next(verification, V.READY, by=by)


@action(
    Verification,
    label=gettext_lazy("Explain the difference in weight"),
    source={V.OPENED},
    form=forms.ExplainForm,
    unless=only(PRODUCTION, K.DELIVERY, name="explain_weight"),
)
def explain_weight(verification: Verification, *, by: User, explanation: str) -> None:
    """Explain to logistics what weather or moisture may have done to the weight (KC 5.2.1.5c)."""
    verification.explanation, verification.explained_by, verification.explained_at = explanation, by, clock.now()
    head = department(LOGISTICS)
    if head is not None:
        tell(verification, [head.head], "explained", by=by)


@action(
    Verification,
    label=gettext_lazy("Report the weighings"),
    source={V.OPENED},
    target=V.READY,
    form=forms.WeighingReportForm,
    unless=only(LOGISTICS, K.DELIVERY, name="report_weighings"),
)
def report_weighings(verification: Verification, *, by: User, statement: str) -> None:
    """Write what the weighings show, once loading, arrival and production's explanation are there (KC 5.2.1.5d)."""
    if overall(verification.weighings.all()) is None:
        raise Refused(
            "not_weighed_twice",
            _("There must be a weighing where it was loaded and one where it arrived."),
            _("Enter the missing one."),
        )
    if not verification.explanation:
        raise Refused(
            "not_explained",
            _("Production has not explained yet what weather or moisture may have done."),
            _("Ask production for its explanation."),
        )
    verification.statement, verification.stated_by, verification.stated_at = statement, by, clock.now()
    tell_next(verification, V.READY, by=by)
