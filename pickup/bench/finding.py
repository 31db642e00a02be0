"""Whether search finds all: what REST answers to a question, against what the floor's table holds."""

import json
import urllib.request
from urllib.parse import quote

from pickup.bench.measuring import Bench


def missing(bench: Bench, questions: list[str]) -> tuple[int, int]:
    """How many customers are not found by their names' characters, and how many should be."""
    lost = all_ = 0
    for question in dict.fromkeys(questions):
        wanted = {code for (code,) in bench.floor.ask("select code from customer where name like %s", f"%{question}%")}
        all_ += len(wanted)
        lost += len(wanted - _found(bench, question))
    return lost, all_


def _found(bench: Bench, question: str) -> set[str]:
    """The codes of all customers that the question finds, page by page."""
    codes: set[str] = set()
    url = f"{bench.ours}/api/v1/customers/?size=200&fields=code&q={quote(question)}"
    while url:
        asked = urllib.request.Request(url, headers=bench.bearer("order_desk"))  # noqa: S310 - our own server
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            page = json.load(answer)
        codes |= {row["code"] for row in page["results"]}
        url = page["next"]
    return codes
