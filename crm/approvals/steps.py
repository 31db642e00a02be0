"""One step of a chain: who decides, how many of them, in what time, and what happens where that does not work out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import label_of
from crm.approvals.facts import in_every_language, said


class Who(models.TextChoices):
    """Whom a step names."""

    USERS = "users", _("Named people")
    ROLE = "role", _("Everybody in a role")
    ROLE_IN_DEPARTMENT = "role_here", _("A role within the department of the record")
    HEAD = "head", _("The head of the requester's department")
    HEAD_HERE = "head_here", _("The head of the department of the record")
    LINE = "line", _("The requester's manager, so many levels up")


class Mode(models.TextChoices):
    """How many of them must agree."""

    ALL = "all", _("All of them")
    ANY = "any", _("Any one of them")
    SEQUENCE = "sequence", _("One after the other")


class Nobody(models.TextChoices):
    """What happens where nobody fits."""

    ADMINISTRATORS = "administrators", _("The administrators decide")
    SKIP = "skip", _("The step is left out")
    REFUSE = "refuse", _("The request cannot be made")


class Own(models.TextChoices):
    """What happens where the approver is the requester, who never decides on his own request."""

    SUPERIOR = "superior", _("His superior decides")
    SKIP = "skip", _("He is left out if others remain, else his superior decides")


class Repeated(models.TextChoices):
    """What happens where the approver has agreed in an earlier step."""

    SKIP = "skip", _("Counts as approved")
    ASK = "ask", _("He is asked again")


@dataclass(frozen=True)
class Step:
    """A step, as a verb declares it, as an administrator wrote it, and as a request keeps it.

    `users` are keys, `role` is a role's key, `levels` counts managers upwards from the requester. `limit` is a time as
    "4 wh"; without one the rule `approval.decide` holds. With `opinion` nobody agrees without a word. A step that is
    asked `together` begins with the one before it; one with a `part` judges only the facts of that part.
    """

    name: Any
    who: str = Who.LINE
    users: tuple[int, ...] = ()
    role: str = ""
    levels: int = 1
    mode: str = Mode.ANY
    limit: str = ""
    opinion: bool = False
    nobody: str = Nobody.ADMINISTRATORS
    own: str = Own.SUPERIOR
    repeated: str = Repeated.SKIP
    together: bool = False
    part: str = ""

    def kept(self) -> dict[str, Any]:
        """As JSON, the name in every language."""
        return {
            "name": dict(self.name) if isinstance(self.name, Mapping) else in_every_language(lambda: self.name),
            "who": str(self.who),
            "users": list(self.users),
            "role": self.role,
            "levels": self.levels,
            "mode": str(self.mode),
            "limit": self.limit,
            "opinion": self.opinion,
            "nobody": str(self.nobody),
            "own": str(self.own),
            "repeated": str(self.repeated),
            "together": self.together,
            "part": self.part,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> "Step":
        """The step that `kept` wrote down."""
        return cls(**{**kept, "users": tuple(kept["users"])})

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return said(self.name) if isinstance(self.name, Mapping) else str(self.name)

    @property
    def words(self) -> str:
        """Whom it names and how many of them must agree, in the reader's language."""
        who = str(Who(self.who).label)
        if self.role:
            who = f"{who}: {label_of(self.role)}"
        if self.who == Who.LINE:
            who = _t("the requester's manager, levels up: %(number)s") % {"number": self.levels}
        return f"{who} · {Mode(self.mode).label}"


def group_of(steps: Sequence[Step], position: int) -> range:
    """The positions of the steps that are asked at the same time as the step at `position`, itself included."""
    first, last = position, position + 1
    while first > 0 and steps[first].together:
        first -= 1
    while last < len(steps) and steps[last].together:
        last += 1
    return range(first, last)
