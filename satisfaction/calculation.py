"""The calculation as a sheet of Excel: counts as numbers, every step of S3 as a formula (S4)."""

from fractions import Fraction

from django.utils.translation import gettext as _

from crm.exchange.xlsx import Book, Formula
from satisfaction.models import Campaign
from satisfaction.models.sheet import LEVELS
from satisfaction.results import Line, Result
from satisfaction.scoring import shown

BELOW = 3  # rows from the last item to the step
PLACES = 10  # of what stands in a cell until Excel works it out anew


def worked_out(text: str, value: Fraction | None) -> Formula:
    """A formula with what it comes to, where it comes to a number."""
    return Formula(text, shown(value, PLACES))


def row_of(line: Line, row: int, last: int, step: Fraction) -> list[object]:
    """One item in its row; `last` is the row of the last item, below which the step stands."""
    said, marks = f"SUM(B{row}:E{row})", f"J$2:J${last}"
    points = f"(B{row}*1+C{row}*0.8+D{row}*0.6+E{row}*0)"
    items = last - 1
    coefficient = f"1/{items}+$B${last + BELOW}*(({items}+1)/2-K{row})"
    return [
        str(line.wording),
        *line.counts.values(),
        Formula(f"G{row}-{said}", line.blank),
        line.recovered,
        worked_out(f'IF(G{row}=0,"",{points}/G{row}*100)', line.score),
        worked_out(f'IF({said}=0,"",{points}/{said}*100)', line.answered),
        line.marks,
        worked_out(f'COUNTIF({marks},">"&J{row})+(COUNTIF({marks},J{row})+1)/2', line.rank),
        worked_out(coefficient, Fraction(1, items) + step * (Fraction(items + 1, 2) - line.rank)),
        line.coefficient,
        worked_out(f'IF(G{row}=0,"",H{row}*M{row})', line.contribution),
        line.wording.get_section_display(),
    ]


def write(book: Book, campaign: Campaign, result: Result) -> None:
    """The first sheet: counts as numbers, what follows from them as formulas, the coefficients as they count.

    The formula's coefficient stands before rounding; the one that counts has six decimals, and may be corrected.
    """
    last = len(result.lines) + 1
    header = [
        _("Item"),
        *(str(label) for _level, label in LEVELS),
        _("Left blank"),
        _("Recovered sheets"),
        _("Item score"),
        _("Over answered sheets"),
        _("Marked"),
        _("Rank"),
        _("Computed coefficient"),
        _("Coefficient"),
        _("Score × coefficient"),
        _("Section"),
    ]
    book.sheet(campaign.number, header, widths=[40, *[12] * 13, 20])
    book.append(row_of(line, row, last, result.step) for row, line in enumerate(result.lines, 2))
    weights = sum((Fraction(line.coefficient) for line in result.lines), Fraction(0))
    total: list[object] = [_("Overall score"), *[None] * 11]
    total += [worked_out(f"SUM(M2:M{last})", weights), worked_out(f'IF(G2=0,"",SUM(N2:N{last}))', result.overall)]
    book.append([total, [], [_("Step of the coefficients"), shown(result.step, PLACES)]])
    if result.correction is not None:
        said = [_("Corrected by"), result.correction.by.display_name, result.correction.at, result.correction.reason]
        book.append([[], said])
