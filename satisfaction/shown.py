"""How a result is written down: shares, ranks and scores rounded for the eye, and for the eye alone."""

from fractions import Fraction
from typing import Any

from satisfaction.models.sheet import LEVELS
from satisfaction.results import Line, Result
from satisfaction.scoring import shown


def share(count: int, of: int) -> Any:
    """A count as percent, to one decimal; None where there is nothing to share."""
    return shown(Fraction(100 * count, of), 1) if of else None


def row_of(line: Line) -> dict[str, Any]:
    """One item with its counts, shares, rank, coefficients and scores."""
    return {
        "text": str(line.wording),
        "section": line.wording.get_section_display(),
        "code": line.wording.item.code,
        "counts": [
            {"label": label, "number": line.counts[name], "share": share(line.counts[name], line.recovered)}
            for name, label in LEVELS
        ],
        "blank": line.blank,
        "marks": line.marks,
        "rank": shown(line.rank, 1),
        "computed": line.computed,
        "coefficient": line.coefficient,
        "corrected": line.computed != line.coefficient,
        "score": shown(line.score),
        "answered": shown(line.answered),
        "contribution": shown(line.contribution, 4),
    }


def steps_of(result: Result) -> dict[str, Any]:
    """All items with their steps, the sections, and the overall score."""
    return {
        "rows": [row_of(line) for line in result.lines],
        "items": len(result.lines),
        "step": shown(result.step, 6),
        "sum": sum(line.coefficient for line in result.lines),
        "sections": [{"label": label, "score": shown(score)} for label, score in result.sections],
        "overall": shown(result.overall),
        "exact": shown(result.overall, 6),
    }
