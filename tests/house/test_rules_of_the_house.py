"""What the house promises of its own shape."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from crm.actions import ACTIONS
from crm.deadlines.rules import RULES

ROOT = Path(settings.BASE_DIR)
ORDER = ["crm", "customers", "orders", "pickup", "complaints", "satisfaction"]  # each may use those before it


def modules(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in file.parts:
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("package", [name for name in ORDER if (ROOT / name).is_dir()])
def test_apps_use_only_what_is_below_them(package: str) -> None:
    above = ORDER[ORDER.index(package) + 1 :]
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file, tree in modules(package)
        for name in imported(tree)
        if name.split(".")[0] in above
    ]
    assert wrong == []


def test_nothing_but_the_gate_assigns_a_status() -> None:
    wrong = []
    for package in ("customers", "orders", "pickup"):
        for file, tree in modules(package):
            for node in ast.walk(tree):
                targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
                if isinstance(node, (ast.Assign, ast.AugAssign)) and any(
                    isinstance(target, ast.Attribute) and target.attr == "status" for target in targets
                ):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


# Where `paid` and `settled` of something else than an order are written: invoices, items of meetings, rows of a table.
OTHERS_AMOUNTS = {
    ("orders/payments/actions/invoices.py", "paid"),
    ("orders/coordination/actions/meetings.py", "settled"),
    ("pickup/settlement/three_way.py", "paid"),
}


def test_what_is_paid_or_due_of_an_order_is_written_where_the_apps_above_are_told() -> None:
    wrong = []
    for package in ("customers", "orders", "pickup"):
        for file, tree in modules(package):
            place = str(file.relative_to(ROOT))
            wrong += [
                f"{place}:{line} writes {name}"
                for line, name in written(tree)
                if name in ("paid", "settled") and (place, name) not in OTHERS_AMOUNTS
            ]
    assert wrong == []  # orders.actions.payments.write_amounts is the one place


def written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The attributes that are assigned to, and the columns that are named in an update, by their lines."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            each = [part for target in targets for part in ast.walk(target)]
            yield from ((node.lineno, part.attr) for part in each if isinstance(part, ast.Attribute))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield from ((node.lineno, keyword.arg) for keyword in node.keywords if keyword.arg)


def test_nobody_joins_everything_for_want_of_a_name() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for package in ("crm", "customers", "orders", "pickup")
        for file, tree in modules(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_related"
        if (not node.args or isinstance(node.args[0], ast.Starred)) and file.name != "fetching.py"
    ]
    assert wrong == []  # crm.fetching.joined takes names of which there may be none


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_a_verb_says_in_one_sentence_what_it_means(name: str) -> None:
    verb = ACTIONS[name]
    assert verb.__doc__ and verb.__doc__.strip().endswith("."), name
    assert str(verb.label)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_a_verbs_states_exist(name: str) -> None:
    verb = ACTIONS[name]
    states = set(verb.source or ()) | ({*verb.target} if isinstance(verb.target, set) else {verb.target} - {None})
    if states:
        assert verb.model is not None
        assert states <= set(verb.model.Status.values), name


@pytest.mark.parametrize("key", sorted(RULES))
def test_a_rule_is_met_by_verbs_that_exist(key: str) -> None:
    rule = RULES[key]
    named = [*rule.met_by, *([rule.late] if rule.late else [])]
    assert [verb for verb in named if verb not in ACTIONS] == []
    assert rule.clause and str(rule.label)


def test_every_state_has_a_colour() -> None:
    wrong = []
    for verb in ACTIONS.values():
        if verb.model is not None and hasattr(verb.model, "STATUS_COLOURS"):
            missing = set(verb.model.Status.values) - {str(each) for each in verb.model.STATUS_COLOURS}
            wrong += [f"{verb.model.__name__}.{state}" for state in missing]
    assert sorted(set(wrong)) == []
