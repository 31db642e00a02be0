"""What users do to pages themselves, and to many records at once."""

from functools import partial

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm import via
from crm.accounts.models import User
from crm.actions import ACTIONS, action
from crm.opposites import OPPOSITES
from crm.refusals import Forbidden, Refused
from crm.web.bulk_wake import begin
from crm.web.forms import BulkForm, SaveViewForm, TakeBackForm
from crm.web.models import BulkRow, BulkRun, SavedView


@action(None, label=gettext_lazy("Keep this view"), form=SaveViewForm)
def save_view(*, by: User, name: str, listing: str, query: str = "", shared: bool = False) -> SavedView:
    """Keep a list as it is filtered, sorted and arranged now, under a name as a tab."""
    kept = QueryDict(query, mutable=True)
    kept.pop("cursor", None)
    view, _created = SavedView.objects.update_or_create(
        user=by, listing=listing, name=name, defaults={"query": kept.urlencode(), "shared": shared, "dropped": False}
    )
    return view


@action(SavedView, label=gettext_lazy("Remove this view"))
def drop_view(view: SavedView, *, by: User) -> None:
    """Take one of one's own views away."""
    view.dropped = True


def _begun(verb: str, pks: list[int], *, by: User, inputs: str = "", takes_back: BulkRun | None = None) -> BulkRun:
    """Write down what is to be done; it is begun once that is sure to stay."""
    cause = via.cause()
    assert cause is not None  # the gate runs a body as the cause of what follows
    run = BulkRun.objects.create(
        verb=verb,
        inputs=inputs,
        by=by,
        takes_back=takes_back,
        total=len(pks),
        log=cause,
        language=get_language() or "",
    )
    BulkRow.objects.bulk_create(BulkRow(run=run, subject_pk=pk) for pk in pks)
    transaction.on_commit(partial(begin, run.pk, len(pks)))
    return run


@action(None, label=gettext_lazy("Do to many records"), form=BulkForm)
def do_to_many(*, by: User, verb: str, rows: list[int], inputs: str = "") -> BulkRun:
    """Do one verb to each of the records, each through the gate and in its own transaction, with a report."""
    chosen = ACTIONS[verb]
    if not by.has_perm(verb):
        raise Forbidden(verb, chosen.label)
    return _begun(verb, rows, by=by, inputs=inputs)


def _nothing_to_take_back(run: BulkRun, by: User) -> Refused | None:
    if run.is_working:
        return Refused("working", _("It is still being done."), _("Wait until it is finished."))
    if run.takes_back_id:
        return Refused("is_taking_back", _("This took something back already."))
    if hasattr(run, "taken_back_by"):
        return Refused("taken_back", _("This was taken back already."))
    if run.verb not in OPPOSITES:
        return Refused("no_opposite", _("This cannot be taken back as a whole."), _("Change the records one by one."))
    if not run.rows.filter(state=BulkRow.State.DONE).exists():
        return Refused("nothing_done", _("There is nothing to take back."))
    return None


@action(BulkRun, label=gettext_lazy("Take back what was done"), form=TakeBackForm, unless=_nothing_to_take_back)
def take_back_many(run: BulkRun, *, by: User) -> BulkRun:
    """Give each record its former values again, where nobody has changed it since; the others stay, with the reason."""
    done = run.rows.filter(state=BulkRow.State.DONE)
    opposite = OPPOSITES[run.verb]
    return _begun(opposite.verb.name, list(done.values_list("subject_pk", flat=True)), by=by, takes_back=run)
