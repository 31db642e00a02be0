"""The report as an Excel file whose formulas anybody can follow; the sheets beside the calculation (S4)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from crm.exchange.xlsx import Book, Formula, Outlet, column_letters
from satisfaction import calculation
from satisfaction.calculation import worked_out
from satisfaction.models.sheet import LEVELS
from satisfaction.papers import measures_of
from satisfaction.remarks import by_group
from satisfaction.report import BESIDE, DIMENSIONS, QUADRANTS, Evaluation, Group, means, quadrant_of
from satisfaction.results import Line
from satisfaction.scoring import item_score, shown


def workbook_of(of: Evaluation) -> bytes:
    """The file: what was counted as numbers, everything that follows from it as formulas that refer to the counts."""
    outlet = Outlet()
    with Book(outlet) as book:
        calculation.write(book, of.campaign, of.result)
        lines, name = of.result.lines, of.campaign.number
        if lines:
            _sections(book, of, name)
            _importance(book, of, name)
            _waves(book, of, name)
            _groups(book, of, name)
        _funnel(book, of)
        _remarks(book, of)
        _measures(book, of)
    return outlet.take()


def there(sheet: str, cells: str) -> str:
    """Cells of another sheet, as a formula names them."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cells}"


def _sections(book: Book, of: Evaluation, name: str) -> None:
    """Each section's coefficients and score, out of the calculation."""
    last = len(of.result.lines) + 1
    names, weights, parts = (there(name, f"${column}$2:${column}${last}") for column in "OMN")
    book.sheet(_("Sections"), [_("Section"), _("Items"), _("Sum of the coefficients"), _("Score")])
    rows = []
    for row, (label, score) in enumerate(of.result.sections, 2):
        mine = [line for line in of.result.lines if line.wording.get_section_display() == label]
        weight = sum((Fraction(line.coefficient) for line in mine), Fraction(0))
        value = f"SUMIF({names},A{row},{parts})/C{row}"
        rows.append(
            [
                label,
                Formula(f"COUNTIF({names},A{row})", len(mine)),
                worked_out(f"SUMIF({names},A{row},{weights})", weight),
                worked_out(f'IF({_recovered(name)}=0,"",{value})', score),
            ]
        )
    book.append(rows)


def _recovered(name: str) -> str:
    return there(name, "$G$2")


def _importance(book: Book, of: Evaluation, name: str) -> None:
    """Each item between the mean score and the mean coefficient, and what is to be done about it."""
    lines, between = of.result.lines, means(of.result)
    last = len(lines) + 1
    mean, usual = f"$C${last + 1}", f"$D${last + 1}"
    words = {key: str(label).replace('"', '""') for key, label in QUADRANTS.items()}
    book.sheet(
        _("Importance"),
        [_("No."), _("Item"), _("Score"), _("Coefficient"), _("What to do")],
        widths=[8, 40, 12, 12, 50],
    )
    rows: list[list[Any]] = []
    for row, line in enumerate(lines, 2):
        good = f"ROUND(C{row},6)>=ROUND({mean},6)"
        choice = f'IF(D{row}>{usual}-0.000001,IF({good},"{words["keep"]}","{words["first"]}"),'
        choice += f'IF({good},"{words["fine"]}","{words["later"]}"))'
        said = str(QUADRANTS[quadrant_of(line, between)]) if between else ""
        rows.append(
            [
                row - 1,
                str(line.wording),
                worked_out(there(name, f"H{row}"), line.score),
                worked_out(there(name, f"M{row}"), Fraction(line.coefficient)),
                Formula(f'IF(C{row}="","",{choice})', said),
            ]
        )
    score = between.score if between else None
    average = worked_out(f'IF(COUNT(C2:C{last})=0,"",AVERAGE(C2:C{last}))', score)
    rows.append([None, _("Mean"), average, worked_out(f"1/{len(lines)}", Fraction(1, len(lines)))])
    book.append(rows)


def _waves(book: Book, of: Evaluation, name: str) -> None:
    """The scores of this survey beside those of the earlier ones, and what has changed since the last."""
    waves = of.waves[:BESIDE]
    if not waves:
        return
    months = [f"{each.opens_on:%Y-%m}" for each in (of.campaign, *(campaign for campaign, _result in waves))]
    book.sheet(_("Earlier surveys"), [_("Item"), *months, _("Up or down")], widths=[40, *[12] * (len(months) + 1)])
    before = [{line.wording.item_id: line.score for line in result.lines} for _campaign, result in waves]
    last = len(of.result.lines) + 1
    rows = []
    for row, line in enumerate(of.result.lines, 2):
        past = [each.get(line.wording.item_id) for each in before]
        rows.append(_beside(row, str(line.wording), there(name, f"H{row}"), line.score, past))
    total = there(name, f"N{last + 1}")
    rows.append(_beside(last + 1, _("Overall score"), total, of.result.overall, [each.overall for _c, each in waves]))
    book.append(rows)


def _beside(row: int, label: str, formula: str, score: Fraction | None, past: Sequence[Fraction | None]) -> list[Any]:
    change = score - past[0] if score is not None and past[0] is not None else None
    numbers = [shown(each, calculation.PLACES) for each in past]
    return [
        label,
        worked_out(formula, score),
        *numbers,
        worked_out(f'IF(OR(B{row}="",C{row}=""),"",B{row}-C{row})', change),
    ]


def _groups(book: Book, of: Evaluation, name: str) -> None:
    """Recovery and score of each group of customers, and on a further sheet the answers that the scores follow from."""
    groups = [(str(label), group) for key, label in DIMENSIONS for group in of.groups(key)]
    if not groups:
        return
    items, answers = len(of.result.lines), _("Answers of the groups")
    book.sheet(
        _("Groups"),
        [
            _("Group by"),
            _("Group"),
            _("Sent"),
            _("Recovered sheets"),
            _("Of them in time"),
            _("Recovery rate"),
            _("Recovery rate in time"),
            _("Overall score"),
        ],
    )
    rows = []
    for place, (label, group) in enumerate(groups):
        row, first = place + 2, place * items + 2
        block = there(answers, f"K{first}:K{first + items - 1}")
        rows.append(
            [
                label,
                group.label,
                group.sent,
                group.recovered,
                group.on_time,
                worked_out(f'IF(C{row}=0,"",D{row}/C{row}*100)', group.rate),
                worked_out(f'IF(C{row}=0,"",E{row}/C{row}*100)', Fraction(100 * group.on_time, group.sent)),
                worked_out(f'IF(D{row}=0,"",SUM({block}))', group.overall),
            ]
        )
    book.append(rows)
    head = [_("Group by"), _("Group"), _("Item"), *(str(label) for _level, label in LEVELS)]
    head += [_("Recovered sheets"), _("Item score"), _("Coefficient"), _("Score × coefficient")]
    book.sheet(answers, head)
    for place, (label, group) in enumerate(groups):
        book.append(_answers(label, group, of.result.lines, place * items + 2, name))


def _answers(label: str, group: Group, lines: list[Line], first: int, name: str) -> list[list[Any]]:
    rows = []
    for place, line in enumerate(lines):
        row = first + place
        counts = [group.counts.get(line.wording.item_id, {}).get(level, 0) for level, _label in LEVELS]
        score = item_score(dict(zip((level for level, _label in LEVELS), counts, strict=True)), group.recovered)
        points = f"(D{row}*1+E{row}*0.8+F{row}*0.6+G{row}*0)"
        part = None if score is None else score * Fraction(line.coefficient)
        rows.append(
            [
                label,
                group.label,
                str(line.wording),
                *counts,
                group.recovered,
                worked_out(f'IF(H{row}=0,"",{points}/H{row}*100)', score),
                worked_out(there(name, f"M{place + 2}"), Fraction(line.coefficient)),
                worked_out(f'IF(H{row}=0,"",I{row}*J{row})', part),
            ]
        )
    return rows


def _funnel(book: Book, of: Evaluation) -> None:
    """How far it came by owner, with the sums; of an anonymous one only sent and answered."""
    columns = [(_("Chosen"), "chosen"), (_("Sent"), "sent"), (_("Has answered"), "begun")]
    if not of.campaign.anonymous:
        columns += [
            (_("Opened"), "opened"),
            (_("Has begun"), "started"),
            (_("All items"), "whole"),
            (_("Blank"), "blank"),
            (_("Declined to answer"), "declined"),
            (_("Late"), "late"),
        ]
    book.sheet(_("How far it came"), [_("Owner"), *(label for label, _key in columns), _("Recovery rate")])
    found, rows = of.funnel, []
    last = len(found) + 1
    for row, each in enumerate(found, 2):
        rows.append([each["label"], *(each[key] for _label, key in columns), _rate(row, columns, each)])
    sums = {key: sum(each[key] for each in found) for _label, key in columns}
    letters = [column_letters(place) for place in range(1, len(columns) + 1)]
    totals = [
        Formula(f"SUM({letter}2:{letter}{last})", sums[key])
        for letter, (_label, key) in zip(letters, columns, strict=True)
    ]
    if found:
        rows.append([_("All"), *totals, _rate(last + 1, columns, sums)])
    book.append(rows)


def _rate(row: int, columns: list[tuple[str, str]], numbers: dict[str, Any]) -> Formula:
    places = [key for _label, key in columns]
    sent, begun = (column_letters(places.index(key) + 1) for key in ("sent", "begun"))
    rate = Fraction(100 * numbers["begun"], numbers["sent"]) if numbers["sent"] else None
    return worked_out(f'IF({sent}{row}=0,"",{begun}{row}/{sent}{row}*100)', rate)


def _remarks(book: Book, of: Evaluation) -> None:
    """The remarks by group, without names, and how many each group has."""
    groups = by_group(of.campaign, of.user)
    if not groups:
        return
    name = _("Customers' remarks")
    total = sum(len(group["remarks"]) for group in groups)
    book.sheet(_("Groups of remarks"), [_("Group"), _("Customers' remarks")])
    block = there(name, f"$A$2:$A${total + 1}")
    book.append(
        [group["label"], Formula(f"COUNTIF({block},A{row})", len(group["remarks"]))]
        for row, group in enumerate(groups, 2)
    )
    book.sheet(name, [_("Group"), _("Remark")], widths=[24, 80])
    book.append([group["label"], remark] for group in groups for remark in group["remarks"])


def _measures(book: Book, of: Evaluation) -> None:
    """What the departments do, until when, and what came of it."""
    rows = measures_of(of)
    if not rows:
        return
    head = [_("Department"), _("Kind"), _("Measure taken"), _("Item"), _("Who does it"), _("Due"), _("State")]
    book.sheet(_("Measures"), [*head, _("Outcome"), _("Told to customers")])
    book.append(
        [
            str(each.department),
            each.get_kind_display(),
            each.what,
            str(each.about or ""),  # type: ignore[attr-defined]
            each.owner.display_name,
            each.due_on,
            each.get_status_display(),
            each.outcome,
            each.told,
        ]
        for each in rows
    )
