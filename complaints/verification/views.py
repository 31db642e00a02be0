"""The pages of verifications and of the register of scales."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.verification.models import Scale, TestReport, Verification
from complaints.verification.prints import TITLES
from complaints.verification.who import KIND_OF, NEXT, whose_turn
from crm import clock
from crm.web.areas import join_area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn

join_area("complaints", "verifications", "scales")


class VerificationView(RecordView):
    """One verification: what is next and by whom, and everything that was brought up."""

    model = Verification
    related = (
        "complaint__customer",
        "complaint__owner",
        "complaint__product",
        "scale__owner",
        "opened_by",
        "stated_by",
        "explained_by",
        "signed_by",
    )
    facts = (
        (_("Verification"), ("complaint", "kind", "opened_by", "opened_at")),
        (_("Laboratory"), ("laboratory", "laboratory_how", "laboratory_words", "laboratory_at")),
        (_("What was stated"), ("scale", "meets_standard", "statement", "stated_by", "stated_at")),
        (_("Explanation"), ("explanation", "explained_by", "explained_at")),
        (_("Signature and seal"), ("signed_by", "signed_at", "opinion", "reason")),
    )

    def subtitle(self, obj: Verification) -> str:
        """Whose complaint it is, what is next, and by whom."""
        following = NEXT.get((obj.kind, obj.status))
        words = [obj.detail, *([str(following), whose_turn(obj)] if following else [])]
        return " · ".join(each for each in words if each)

    def next_verb(self, obj: Verification) -> str:
        """Weighings come before what is said of them."""
        begun = obj.status == Verification.Status.OPENED and obj.kind != Verification.Kind.QUALITY
        return "verification.note_weighing" if begun and not obj.weighings.filter(struck_because="").exists() else ""

    def record(self, obj: Verification, request: SignedIn) -> dict[str, Any]:
        """Only the verbs of its own procedure are spoken of, and only the forms that there is something for."""
        record = super().record(obj, request)
        record["refused"] = [each for each in record["refused"] if belongs(obj, each["name"])]
        record["print_links"] = print_links(obj)
        return record


def belongs(verification: Verification, verb: str) -> bool:
    """Whether a verb is part of this verification's procedure."""
    kinds = KIND_OF.get(verb.rpartition(".")[2])
    return kinds is None or verification.kind in kinds


def print_links(verification: Verification) -> list[dict[str, Any]]:
    """The forms that can be printed: that of the procedure, and the certificate of a laboratory where there is one."""
    links = [
        {
            "label": TITLES[verification.kind],
            "url": reverse("verification-print", args=[verification.pk]),
        }
    ]
    if verification.testreports.filter(stage=TestReport.Stage.LABORATORY).exists():
        url = reverse("verification-laboratory", args=[verification.pk])
        links.append({"label": TITLES["laboratory"], "url": url})
    return links


class ScaleView(RecordView):
    """One scale of the register, with how long its certificate holds."""

    model = Scale
    related = ("warehouse", "owner__department")
    facts = (
        (_("Scale"), ("kind", "place", "warehouse", "capacity", "division", "accuracy")),
        (_("In the register"), ("owner", "registered_on", "certificate_number", "valid_until", "reason")),
    )

    def subtitle(self, obj: Scale) -> str:
        """Where it stands, and loudly that its certificate holds no more."""
        if obj.status == Scale.Status.RETIRED:
            return obj.place
        if obj.valid_until is None:
            return f"{obj.place} · {_('No certificate')}"
        return f"{obj.place} · {_('Certificate expired')}" if obj.valid_until < clock.today() else obj.place
