"""Works out the formulas of a workbook as Excel does, as far as the report of a survey uses them."""

import io
import re
from typing import Any

import openpyxl

PLACE = r"(?:'((?:[^']|'')+)'!)?(\$?[A-Z]{1,2}\$?\d+)(?::(\$?[A-Z]{1,2}\$?\d+))?"
PARTS = re.compile(rf'("(?:[^"]|"")*")|{PLACE}')
EQUALS = re.compile(r"(?<![<>=!])=(?!=)")


class Workbook:
    """The sheets of a file, their formulas, and what was written into the cells as their values."""

    def __init__(self, content: bytes) -> None:
        self.formulas = openpyxl.load_workbook(io.BytesIO(content))
        self.values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def cells(self) -> list[tuple[str, str, str]]:
        """Sheet, address and text of each formula."""
        found = []
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                found += [(sheet.title, each.coordinate, each.value) for each in row if each.data_type == "f"]
        return found

    def written(self, sheet: str, cell: str) -> Any:
        """What the file says that a cell comes to."""
        return self.values[sheet][cell].value

    def worked_out(self, sheet: str, cell: str) -> Any:
        """What a cell comes to: its value, or that of its formula with everything that it refers to."""
        found = self.formulas[sheet][cell]
        if found.data_type != "f":
            return "" if found.value is None else found.value
        return self._evaluate(sheet, str(found.value)[1:])

    def _evaluate(self, sheet: str, formula: str) -> Any:
        def part(match: re.Match[str]) -> str:
            text, other, first, last = match.groups()
            if text is not None:
                return repr(text[1:-1].replace('""', '"'))
            where = (other or sheet).replace("''", "'")
            if last:
                return f"area({where!r}, {first!r}, {last!r})"
            joined = match.string[match.start() - 1 : match.start()] == "&"  # to the text before
            return f"+str(one({where!r}, {first!r}))" if joined else f"one({where!r}, {first!r})"

        code = PARTS.sub(part, formula).replace("<>", "!=").replace("&", "")
        code = EQUALS.sub("==", code)
        names = {
            "one": lambda where, cell: self.worked_out(where, cell.replace("$", "")),
            "area": self._area,
            "IF": lambda condition, yes, no: yes() if condition else no(),
            "SUM": lambda values: sum(each for each in values if each != ""),
            "AVERAGE": lambda values: sum(_numbers(values)) / len(_numbers(values)),
            "COUNT": lambda values: len(_numbers(values)),
            "COUNTIF": lambda values, wanted: sum(_fits(each, wanted) for each in values),
            "SUMIF": lambda values, wanted, others: sum(
                other for each, other in zip(values, others, strict=True) if _fits(each, wanted)
            ),
            "ROUND": round,
            "str": str,
            "OR": lambda *conditions: any(conditions),
        }
        return eval(_lazily(code), {"__builtins__": {}, **names})

    def _area(self, where: str, first: str, last: str) -> list[Any]:
        rows = self.formulas[where][first.replace("$", "") : last.replace("$", "")]
        return [self.worked_out(where, each.coordinate) for row in rows for each in row]


def _numbers(values: list[Any]) -> list[Any]:
    return [each for each in values if not isinstance(each, str)]


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str) and wanted.startswith(">"):
        return value > float(wanted[1:])
    return value == wanted


def _lazily(code: str) -> str:
    """The same formula in which the two branches of each IF are worked out only where they are asked for."""
    at = code.find("IF(")
    while at >= 0:
        if at and code[at - 1].isalpha():  # COUNTIF, SUMIF
            at = code.find("IF(", at + 3)
            continue
        commas, depth, quoted, place = [], 0, False, at + 2
        while True:
            letter = code[place]
            if letter == "'" and code[place - 1] != "\\":
                quoted = not quoted
            elif not quoted:
                depth += (letter == "(") - (letter == ")")
                if letter == "," and depth == 1:
                    commas.append(place)
                if depth == 0:
                    break
            place += 1
        first, second = commas
        code = (
            f"{code[: first + 1]}lambda:({code[first + 1 : second]}),lambda:({code[second + 1 : place]}){code[place:]}"
        )
        at = code.find("IF(", at + 3)
    return code
