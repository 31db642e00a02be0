"""Quality: proven at once, else sampled on site, else decided by a laboratory that both accept (KC 5.2.1.4)."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from complaints.carrying import only_who_carries_it
from complaints.models import Evidence
from complaints.verification import forms
from complaints.verification.models import Sample, TestItem, TestReport, Verification
from complaints.verification.telling import keep, tell_next
from complaints.verification.who import QUALITY, of_procedure, only
from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.refusals import Refused
from customers.actions import keep_contact
from customers.models import Contact

V, K, Stage = Verification.Status, Verification.Kind, TestReport.Stage


def latest_report(verification: Verification) -> TestReport | None:
    """The test that counts, which is the last one."""
    return verification.testreports.order_by("-pk").first()


def _keep_report(
    verification: Verification, stage: str, items: list[dict[str, Any]], file: Any, *, by: User, **facts: Any
) -> TestReport:
    with override(settings.LANGUAGE_CODE):  # what is kept is read by others than who acts
        what = _("Report %(number)s: %(conclusion)s") % {"number": facts["number"], "conclusion": facts["conclusion"]}
    piece = keep(
        verification,
        file,
        by=by,
        what=what[:2000],
        source=Evidence.Source.TEST,
        taken_by=facts["tester"],
        taken_at=clock.now(),
    )
    report = TestReport.objects.create(verification=verification, stage=stage, evidence=piece, made_by=by, **facts)
    TestItem.objects.bulk_create(
        TestItem(report=report, position=position, **{**each, "conforms": bool(each["conforms"])})
        for position, each in enumerate(items, 1)
    )
    return report


@action(
    Verification,
    label=gettext_lazy("Enter the test report"),
    source={V.OPENED, V.SAMPLED},
    target=V.TESTED,
    form=forms.TestForm,
    unless=only(QUALITY, K.QUALITY, name="record_test"),
)
def record_test(
    verification: Verification,
    *,
    by: User,
    number: str,
    tested_on: date,
    tester: User,
    items: list[dict[str, Any]],
    conclusion: str,
    file: Any = None,
) -> None:
    """Enter what was tested item by item, at once or of the sample; the customer's word is asked next (KC 5.2.1.4a)."""
    _keep_report(
        verification,
        Stage.SITE if verification.status == V.SAMPLED else Stage.AT_ONCE,
        items,
        file,
        by=by,
        number=number,
        tested_on=tested_on,
        tester=tester.name,
        conforms=all(each["conforms"] for each in items),
        conclusion=conclusion,
    )
    tell_next(verification, V.TESTED, by=by)


@action(
    Verification,
    label=gettext_lazy("Take a sample on site"),
    source={V.OPENED, V.DISPUTED},
    target=V.SAMPLED,
    form=forms.SampleForm,
    unless=only(QUALITY, K.QUALITY, name="take_sample"),
)
def take_sample(
    verification: Verification,
    *,
    by: User,
    tester: User,
    taken_at: datetime,
    sealed: bool,
    file: Any = None,
    **facts: Any,
) -> None:
    """Keep who sampled what on site, sealed before the customer's person (KC 5.2.1.4b)."""
    if not sealed:
        raise Refused("not_sealed", _("A sample counts only if it was sealed before the customer's person."))
    with override(settings.LANGUAGE_CODE):
        what = _("Sample %(number)s: %(what)s") % {"number": facts["number"], "what": facts["what"]}
    piece = keep(
        verification,
        file,
        by=by,
        what=what,
        source=Evidence.Source.SITE,
        taken_by=tester.name,
        taken_at=taken_at,
    )
    Sample.objects.create(
        verification=verification, tester=tester, taken_at=taken_at, evidence=piece, made_by=by, **facts
    )
    tell_next(verification, V.SAMPLED, by=by)


of_word = of_procedure(K.QUALITY, name="record_word")


def _not_to_say(verification: Verification, by: User) -> Refused | None:
    """Who carries the complaint asks the customer, never who has made the report that he is asked about."""
    if refused := of_word(verification, by):
        return refused
    report = latest_report(verification)
    if report is not None and report.made_by_id == by.pk:
        return Refused(
            "own_report",
            _("Nobody says himself that his own report is accepted."),
            _("Who carries the complaint asks the customer."),
        )
    return only_who_carries_it(verification.complaint, by)


@action(
    Verification,
    label=gettext_lazy("Record what the customer says to the result"),
    source={V.TESTED},
    target={V.READY, V.DISPUTED},
    form=forms.ResultWordForm,
    unless=_not_to_say,
)
def record_word(
    verification: Verification, *, by: User, accepted: bool, channel: str, words: str, contact: Contact | None = None
) -> str:
    """Keep whether the customer accepts the result; where he does not, it goes on to the next proof (KC 5.2.1.4b)."""
    report = latest_report(verification)
    assert report is not None  # there is no other way into this state
    report.accepted, report.accepted_how, report.words, report.accepted_at = accepted, channel, words, clock.now()
    report.save(update_fields=["accepted", "accepted_how", "words", "accepted_at"])
    complaint = verification.complaint
    given = {"number": report, "words": words}
    if accepted:
        said = _("Accepts the test report %(number)s: %(words)s") % given
    else:
        said = _("Disputes the test report %(number)s: %(words)s") % given
    keep_contact(complaint.customer, by=by, channel=channel, what=said, contact=contact or complaint.contact)
    following = V.READY if accepted else V.DISPUTED
    tell_next(verification, following, by=by)
    return following


of_quality = only(QUALITY, K.QUALITY, name="name_laboratory")


def _without_sample(verification: Verification, by: User) -> Refused | None:
    if refused := of_quality(verification, by):
        return refused
    if verification.samples.exists():
        return None
    return Refused(
        "no_sample", _("There is no sample yet that a laboratory could test."), _("Take a sample on site first.")
    )


@action(
    Verification,
    label=gettext_lazy("Agree on a laboratory"),
    source={V.DISPUTED},
    target=V.AT_LABORATORY,
    form=forms.LaboratoryForm,
    unless=_without_sample,
)
def name_laboratory(verification: Verification, *, by: User, laboratory: str, channel: str, words: str) -> None:
    """Send the sample to a laboratory that the customer accepts, and keep how he said so (KC 5.2.1.4b)."""
    verification.laboratory, verification.laboratory_how = laboratory, channel
    verification.laboratory_words, verification.laboratory_at = words, clock.now()
    tell_next(verification, V.AT_LABORATORY, by=by)


@action(
    Verification,
    label=gettext_lazy("Enter the laboratory's certificate"),
    source={V.AT_LABORATORY},
    target=V.READY,
    form=forms.CertificateOfTestForm,
    unless=only(QUALITY, K.QUALITY, name="record_certificate"),
)
def record_certificate(
    verification: Verification,
    *,
    by: User,
    number: str,
    tested_on: date,
    conforms: bool,
    conclusion: str,
    file: Any,
    items: list[dict[str, Any]] | None = None,
) -> None:
    """Enter the certificate of the laboratory, which decides (KC 5.2.1.4b)."""
    if conforms and any(not each["conforms"] for each in items or ()):
        raise Refused(
            "contradiction",
            _("An item does not conform, so the goods do not conform either."),
            _("Correct the item or the result."),
        )
    _keep_report(
        verification,
        Stage.LABORATORY,
        items or [],
        file,
        by=by,
        number=number,
        tested_on=tested_on,
        tester=verification.laboratory,
        conforms=conforms,
        conclusion=conclusion,
    )
    tell_next(verification, V.READY, by=by)
