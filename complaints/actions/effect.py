"""After some time one looks whether the improvements worked; nothing ends with "they did not" (ZT 5.4)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import forms, telling
from complaints.actions.ending import again
from complaints.actions.measures import improve
from complaints.carrying import only_who_carries_it
from complaints.models import Complaint, EffectCheck, Measure
from complaints.telling import News
from crm import clock
from crm.accounts.models import User
from crm.accounts.standing import speakers
from crm.actions import action
from crm.refusals import Refused

S = Complaint.Status


def _not_to_be_checked(complaint: Complaint, by: User) -> Refused | None:
    """Who carries the complaint on checks, from the day on that was set, and not what he has improved himself."""
    if complaint.effective:
        return Refused("checked", _("The effect was checked already."))
    if refused := only_who_carries_it(complaint, by):
        return refused
    improvements = complaint.measures.filter(kind=Measure.Kind.IMPROVEMENT)
    if improvements.filter(status=Measure.Status.OPEN).exists():
        return Refused("improvement_open", _("Not all improvements are done."), _("Finish them first."))
    if complaint.check_on is not None and clock.today() < complaint.check_on:
        return Refused(
            "too_early",
            _("The effect is looked at from %(day)s on.") % {"day": complaint.check_on.isoformat()},
            _("Until then it cannot have shown."),
        )
    if improvements.filter(round=complaint.round, owner=by).exists():
        return Refused(
            "own_improvement",
            _("Nobody judges the effect of his own improvement."),
            _("The owner, the lead of the team or who leads the owner does, whoever of them did not carry it out."),
        )
    return None


@action(
    Complaint,
    label=gettext_lazy("Check the effect"),
    source={S.CLOSED},
    target={S.CLOSED, S.INVESTIGATING},
    form=forms.EffectForm,
    unless=_not_to_be_checked,
)
def check_effect(
    complaint: Complaint,
    *,
    by: User,
    effective: bool,
    effect: str,
    affected: bool = False,
    what: str = "",
    owner: User | None = None,
    due_on: date | None = None,
    check_on: date | None = None,
) -> str:
    """Say whether the improvements worked (ZT 5.4).

    Where they did not, something else is improved and its effect is checked again; where the customer suffers from it
    once more, the complaint goes round again.
    """
    assert complaint.check_on is not None  # it was closed with one
    EffectCheck.objects.create(
        complaint=complaint,
        round=complaint.round,
        effective=effective,
        words=effect,
        check_on=complaint.check_on,
        by=by,
    )
    complaint.effect, complaint.effect_by = effect, by
    if effective:
        complaint.effective = True
        return S.CLOSED
    responsible = speakers([complaint.responsible]) if complaint.responsible else []
    telling.tell(complaint, News.INEFFECTIVE, [complaint.owner, *responsible], by=by, words=effect)
    complaint.file_state = ""  # more comes into the file, which is archived anew
    if affected:
        again(complaint, by=by, words=effect)
        return S.INVESTIGATING
    if owner is None or due_on is None or check_on is None or not what:
        raise Refused(
            "no_improvement",
            _("Say what is improved instead, by whom and until when, and when its effect is checked."),
        )
    complaint.check_on = check_on
    improve(complaint, by=by, what=what, owner=owner, due_on=due_on)
    return S.CLOSED
