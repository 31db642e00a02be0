"""How a verb says that it needs an approval: one declaration beside it, and every door keeps to it.

    @action(
        Order,
        label=gettext_lazy("Ship ahead of payment"),
        form=forms.ShipAheadForm,
        approval=Approval(facts=ship_ahead_facts, amount=lambda order, inputs: inputs["ceiling"]),
    )
    def ship_ahead(order, *, by, ceiling, ...): ...

The gate then refuses `ship_ahead` without an approved request whose hash is that of the present facts, whoever asks and
by whichever door, and uses the approval up as the verb is done. Beside it there is a second verb, `ask_ship_ahead`,
with the same states and the same form: it asks. After the last yes the engine calls `ship_ahead` with what was typed.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm import clock
from crm.accounts.models import Department, User
from crm.actions import Action
from crm.approvals.facts import Fact, digest_of
from crm.approvals.steps import Step, Who
from crm.refusals import Forbidden, Refused

APPROVALS: dict[str, "Approval"] = {}  # by the name of the verb that needs it
ASKED_BY: dict[str, Action] = {}  # the verb that asks, by the name of the verb that needs the approval

Inputs = dict[str, Any]
BY_MANAGER = (Step(_("Manager")),)
SALES_MANAGER = Step(_("Sales manager"), who=Who.ROLE, role="sales_manager")
FINANCE = Step(_("Finance"), who=Who.ROLE, role="finance")
GENERAL_MANAGER = Step(_("General manager"), who=Who.ROLE, role="executive")


class NeedsApproval(Refused):
    """The verb cannot be done before others agree."""

    def __init__(self, verb: Action) -> None:
        ask = ASKED_BY[verb.name]
        super().__init__(
            "needs_approval",
            _t("This needs an approval first."),
            _t("Choose “%(verb)s”; it is done by itself after the last yes.") % {"verb": ask.label},
        )


@dataclass(frozen=True, eq=False)
class Approval:
    """What must be approved before a verb is done.

    `facts(obj, inputs)` are what is approved, word for word; `inputs` are the verb's arguments with their defaults.
    `amount`, `kind` and `department` of the same arguments are what chains are chosen by (the department is the
    record's by default, else the requester's); `kinds` names the kinds for administrators. `default` are the steps
    where no chain of an administrator fits; a chain without steps needs nobody. The verb is done as the requester, who
    needs the right to it, or as the system user `acts_as`. `label` is the asking verb's button.

    `defaults` are the steps of those kinds that differ from `default`. `parts` names the parts of the facts that steps
    may judge on their own. A `renewed` request is asked again by itself when its facts change: opinions on parts that
    stay the same are kept, the others are asked for anew. `begun` and `ended` name verbs that are done to the record,
    as the system user "approvals", when the request begins and when it ends without being carried out. `rule` is the
    key of a time limit on `Task` that holds for these requests instead of `approval.decide`.

    `unless(obj, inputs)` answers why what is typed cannot be done at all, or None: it refuses whoever asks, so that
    nobody is asked to agree to it, and the verb itself. `authors(obj)` are the keys of those who wrote what is asked
    about: they decide on it no more than the requester does.
    """

    facts: Callable[[Any, Inputs], Iterable[Fact]]
    unless: Callable[[Any, Inputs], Refused | None] | None = None
    authors: Callable[[Any], Iterable[int]] | None = None
    amount: Callable[[Any, Inputs], Decimal | None] | None = None
    kind: Callable[[Any, Inputs], str] | None = None
    kinds: Mapping[str, Any] = field(default_factory=dict)
    department: Callable[[Any, Inputs], Department | None] | None = None
    default: Sequence[Step] = BY_MANAGER
    defaults: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    renewed: bool = False
    begun: str = ""
    ended: str = ""
    rule: str = ""
    acts_as: str = ""
    label: Any = ""

    def join(self, verb: Action) -> None:
        """Make the verb that asks for `verb`; called by the gate as `verb` is declared."""

        def ask(obj: Any = None, *, by: User, **inputs: Any) -> Any:
            from crm.approvals.engine import begin  # which stands on models, and this is read with the gate

            return begin(verb, obj, by, inputs)

        ask.__name__ = ask.__qualname__ = f"ask_{verb.codename}"
        ask.__module__ = verb.body.__module__
        ask.__doc__ = f"Ask those who decide on it to let one do: {verb.__doc__}"
        label = self.label or format_lazy(_("Ask for approval: {verb}"), verb=verb.label)
        APPROVALS[verb.name] = self
        ASKED_BY[verb.name] = Action(
            ask, verb.model, label=label, source=verb.source, form=verb.form, unless=self._not_to_be_asked(verb)
        )
        ASKED_BY[verb.name].ends_in = verb.targets

    def _not_to_be_asked(self, verb: Action) -> Callable[[Any, User], Refused | None]:
        def unless(obj: Any, by: User) -> Refused | None:
            actor = self.actor(by)
            if not actor.has_perm(verb.name):
                return Forbidden(verb.name, verb.label)
            if verb.unless and (refused := verb.unless(obj, actor)):
                return refused
            if obj is not None:
                from crm.approvals.models import ApprovalRequest

                waiting = ApprovalRequest.objects.about(obj).filter(verb=verb.name, status="waiting").first()
                if waiting is not None:
                    return Refused(
                        "already_asked",
                        _t("This has been asked already and waits to be decided: %(number)s.")
                        % {"number": waiting.number},
                    )
            return None

        return unless

    def actor(self, requester: User) -> User:
        """As whom the verb is done after the last yes."""
        return User.objects.system(self.acts_as) if self.acts_as else requester

    def arguments(self, verb: Action, inputs: Mapping[str, Any]) -> Inputs:
        """The verb's arguments with the defaults of those that are not given."""
        known = inspect.signature(verb.body).parameters.values()
        defaults = {each.name: each.default for each in known if each.kind is each.KEYWORD_ONLY and each.name != "by"}
        return {name: value for name, value in defaults.items() if value is not inspect.Parameter.empty} | dict(inputs)

    def refuse_impossible(self, verb: Action, obj: Any, inputs: Mapping[str, Any]) -> None:
        """Refuse what cannot be done as it is typed, whoever agrees to it. Raises Refused."""
        if self.unless and (refused := self.unless(obj, self.arguments(verb, inputs))):
            raise refused

    def found(self, verb: Action, obj: Any, inputs: Mapping[str, Any]) -> tuple[list[Fact], dict[str, Any], str]:
        """The facts as they are now, as they are kept, and their hash, which is the same in every reader's language."""
        with override(settings.LANGUAGE_CODE):
            facts = list(self.facts(obj, self.arguments(verb, inputs)))
            return (facts, *digest_of(verb.name, obj, facts))

    def obstacle(self, verb: Action, obj: Any, by: User) -> Refused | None:
        """Why the verb cannot be done yet, before its input is known: nobody has agreed to anything."""
        return None if self._usable(verb, obj, by).exists() else NeedsApproval(verb)

    def spend(self, verb: Action, obj: Any, by: User, inputs: Mapping[str, Any], log_id: int) -> None:
        """Use up the approval of exactly these facts, in the verb's own transaction; two at once find it once.

        Raises NeedsApproval, or Refused where it is impossible by now, or only other facts were approved.
        """
        self.refuse_impossible(verb, obj, inputs)
        digest = self.found(verb, obj, inputs)[2]
        usable = self._usable(verb, obj, by)
        row = (
            usable.filter(question__hash=digest).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        )
        if row is None:
            if not usable.exists():
                raise NeedsApproval(verb)
            raise Refused(
                "approved_otherwise",
                _t("Something else was approved than what would be done now."),
                _t("Ask again; former opinions are shown beside what has changed."),
            )
        type(row).objects.filter(pk=row.pk).update(
            status=row.Status.DONE, used_log=log_id, ended_at=clock.now(), problem="", version=row.version + 1
        )

    def _usable(self, verb: Action, obj: Any, by: User) -> Any:
        from crm.approvals.models import ApprovalRequest

        rows = ApprovalRequest.objects.about(obj).filter(verb=verb.name, status__in=ApprovalRequest.USABLE)
        if obj is not None:
            return rows.order_by("-pk")
        # Where nothing is there yet, an approval is for whoever asked, or for whom it is done as.
        return rows.order_by("-pk") if by.is_system else rows.filter(requester=by).order_by("-pk")
