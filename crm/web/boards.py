"""A board, declared once: which states stand in which column of a list, what a card says, which verbs lead where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.accounts.models import User
from crm.actions import Action, actions_of
from crm.listing import Listing
from crm.refusals import Refused, only_the_system

BOARDS: dict[str, "Board"] = {}


@dataclass(frozen=True)
class BoardColumn:
    """One column: the states whose records stand in it. States that end a record belong to none."""

    key: str
    label: Any
    states: Sequence[str]


@dataclass
class Board:
    """A second view of `listing`: its rows as cards in columns by state, to be moved by the verbs that lead there.

    `title`, `lines` and `amount` are columns of the listing: what a card is called, what stands below, and what is
    summed up above a column, if anything is. `order` is the field that puts the most urgent card on top; the model
    needs an index on state, this field and key.
    """

    listing: Listing
    columns: Sequence[BoardColumn]
    title: str
    lines: Sequence[str]
    order: str
    amount: str = ""
    column_of: dict[str, BoardColumn] = field(init=False)

    def __post_init__(self) -> None:
        self.column_of = {str(state): column for column in self.columns for state in column.states}
        BOARDS[self.listing.key] = self

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"{self.listing.key}-board"

    @property
    def move_name(self) -> str:
        """The name of the address that moves a card."""
        return f"{self.listing.key}-board-move"


@dataclass(frozen=True)
class Step:
    """A verb that leads a record out of its column, the columns that it may lead to, and why it is refused if it is."""

    verb: Action
    columns: tuple[BoardColumn, ...]
    refusal: Refused | None


def leads(board: Board, verb: Action, state: str) -> tuple[BoardColumn, ...]:
    """The other columns that the verb may lead to from `state`, from left to right.

    What happens by itself in many states, and leaves each as it is as a rule, leads nowhere.
    """
    if verb.source is not None and state not in verb.source:
        return ()
    if verb.unless is only_the_system and len(verb.source or ()) > 1 and set(verb.source or ()) <= set(verb.targets):
        return ()
    found = {column.key for column in map(board.column_of.get, verb.targets) if column is not None}
    here = board.column_of.get(state)
    return tuple(column for column in board.columns if column.key in found and column is not here)


def steps(board: Board, obj: Any, by: User) -> list[Step]:
    """Every verb that leads `obj` to another column, with why `by` may not do it now, or None where he may."""
    found = []
    for verb in actions_of(type(obj)):
        if columns := leads(board, verb, obj.status):
            found.append(Step(verb, columns, verb.refusal(obj, by)))
    return found


def ways(board: Board, by: User) -> dict[str, list[str]]:
    """For each state the columns that a verb within `by`'s rights leads to: what lights up while a card is dragged."""
    mine = [verb for verb in actions_of(board.listing.model) if by.has_perm(verb.name)]
    return {
        state: sorted({column.key for verb in mine for column in leads(board, verb, state)})
        for state in board.column_of
    }
