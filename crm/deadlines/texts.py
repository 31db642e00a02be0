"""How lengths of time and deadlines are said in the reader's language."""

from datetime import timedelta
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm import clock
from crm.deadlines import basis, worktime
from crm.deadlines.models import Deadline
from crm.deadlines.worktime import WORKING_UNITS, Amount

LONG = timedelta(hours=16)  # of working time; beyond it whole working days say more than hours


def amount_text(of: Amount) -> str:
    """An amount of time in words: `4 working hours`."""
    number = 1 if of.number == 1 else 2
    texts = {
        "wh": ngettext("%(count)s working hour", "%(count)s working hours", number),
        "wd": ngettext("%(count)s working day", "%(count)s working days", number),
        "h": ngettext("%(count)s hour", "%(count)s hours", number),
        "d": ngettext("%(count)s day", "%(count)s days", number),
    }
    return texts[of.unit] % {"count": f"{of.number.normalize():f}"}


def length(of: timedelta) -> str:
    """A length of time as `2 d 3 h`, `1 h 20 min` or `5 min`."""
    return _length(round(of.total_seconds() / 60), get_language())


def worked(of: timedelta) -> str:
    """A length of working time: hours and minutes, never days, of which it is unclear how long they are."""
    return _worked(round(of.total_seconds() / 60), get_language())


@lru_cache(maxsize=2000)
def _length(minutes: int, _language: str | None) -> str:
    days, minutes = divmod(minutes, 24 * 60)
    if not days:
        return _worked(minutes, _language)
    hours = minutes // 60
    text = _("%(days)s d %(hours)s h") if hours else _("%(days)s d")
    return text % {"days": days, "hours": hours}


@lru_cache(maxsize=2000)
def _worked(minutes: int, _language: str | None) -> str:
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    text = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
    return text % {"hours": hours, "minutes": minutes}


def remaining(deadline: Deadline) -> str:
    """What is left, or by how much it is late; counted in working time where the deadline is."""
    if deadline.closed_at is not None:
        return ""
    now = deadline.paused_at or clock.now()
    late = now > deadline.due_at
    if deadline.unit in WORKING_UNITS:
        calendar = basis.recent(deadline.calendar_id).calendar_of(deadline.calendar_id)
        left = abs(worktime.between(calendar, now, deadline.due_at))
        if left > LONG:
            first, last = sorted((now, deadline.due_at))
            text = _("%(days)s wd") % {"days": worktime.working_days_between(calendar, first, last)}
        else:
            text = worked(left)
    else:
        left = abs(deadline.due_at - now)
        days = timedelta(days=left.days)
        text = length(days if left.days > 2 else left)
    return _("%(time)s over") % {"time": text} if late else text
