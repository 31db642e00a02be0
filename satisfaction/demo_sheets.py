"""What the demonstration's customers answer to a yearly survey: who sends what back, by which way, and how good."""

from dataclasses import dataclass
from random import Random
from typing import Any

from crm.reports.demo import Demo
from satisfaction.models import Invitation, Sheet
from satisfaction.scoring import Level

WHOLE, PARTLY, BLANK, LATE = "whole", "partly", "blank", "late"
DECLINED, REFUSED, SILENT, LEFT_OUT = "declined", "refused", "silent", "left_out"
BLOCK = (*[WHOLE] * 14, *[PARTLY] * 3, BLANK, LATE, DECLINED, REFUSED, SILENT, SILENT, LEFT_OUT)  # of each 24 customers
RECOVERED = (WHOLE, PARTLY, LATE)  # their sheets are counted
MAIL, SMS, PAPER, PHONE = Invitation.Way.MAIL, Invitation.Way.SMS, Invitation.Way.PAPER, Sheet.Way.PHONE
WAYS = (  # how they answer, of each eight: mostly on paper the first time, mostly by the link the second
    (PAPER, MAIL, PAPER, PHONE, PAPER, MAIL, PAPER, PAPER),
    (MAIL, PAPER, MAIL, PHONE, MAIL, SMS, MAIL, PAPER),
)
BY_LINK = (MAIL, SMS)
COMPLAINT, FEEDBACK = 3, 5  # the places of those of the second survey whose low answers are followed up here
USUAL = (52, 36, 10, 2)  # of a hundred answers: very satisfied, satisfied, fairly satisfied, not satisfied
MOODS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {  # where it was otherwise, in the first and the second
    "quality-goods": ((60, 32, 7, 1), (63, 31, 5, 1)),
    "quality-packaging": ((38, 40, 18, 4), (55, 35, 9, 1)),
    "delivery-time": ((36, 40, 19, 5), (44, 40, 13, 3)),
    "delivery-pickup": ((30, 40, 24, 6), (47, 38, 12, 3)),
    "sales-answer": ((50, 38, 10, 2), (42, 40, 14, 4)),
    "sales-manner": ((64, 30, 5, 1), (66, 29, 4, 1)),
    "other-complaint": ((40, 40, 16, 4), (50, 37, 11, 2)),
    "other-online": ((52, 36, 10, 2), (28, 44, 23, 5)),
}
WEIGHTS = {"quality-goods": 9, "delivery-time": 7, "quality-steady": 5, "delivery-pickup": 4, "sales-promise": 3}
REMARKS = (
    "整体不错，希望继续保持",
    "旺季备货再快一些",
    "提货高峰排队较久，建议增加窗口",
    "业务员很负责，有问必答",
    "希望发票能随货一起",
    "包装比以前好多了",
    "对账单早两天发更好",
    "新品资料请多发一些",
    "交期偶尔推迟，请提前通知",
    "技术人员上门及时，点赞",
)
NOBODY_ANSWERED = "电话多次无人接听，询价三天没有回音"
TOO_FEW_WINDOWS = "提货高峰要等一个多小时，希望早上多开一个窗口"


@dataclass(frozen=True)
class Said:
    """What becomes of one invitation: `answers` are lines as the form gives them."""

    ending: str
    way: str
    answers: list[dict[str, Any]]
    remarks: str = ""

    @property
    def sent_by(self) -> str:
        """By which way he gets his survey; who is asked by telephone was mailed it before."""
        return MAIL if self.way == PHONE else self.way


def said(demo: Demo, wave: int, place: int, codes: list[str]) -> Said:
    """What the customer at this place of the first (0) or the second (1) yearly survey does with it."""
    block, number = divmod(place, len(BLOCK))
    endings = list(BLOCK)
    demo.random(f"survey-{wave}-{block}").shuffle(endings)
    way, ending = WAYS[wave][(number + block) % len(WAYS[wave])], endings[number]
    chance = demo.random(f"survey-{wave}-{block}-{number}")
    if wave == 1 and place in (COMPLAINT, FEEDBACK):
        item, words = {
            COMPLAINT: ("sales-answer", NOBODY_ANSWERED),
            FEEDBACK: ("delivery-pickup", TOO_FEW_WINDOWS),
        }[place]
        return Said(WHOLE, MAIL, _answers(chance, wave, codes, low=item), words)
    if ending == DECLINED and way not in BY_LINK:
        way = MAIL
    if ending in (LEFT_OUT, SILENT, DECLINED, REFUSED):
        return Said(ending, way, [])
    if ending == BLANK:
        return Said(ending, way, [_line(code) for code in codes])
    answers = _answers(chance, wave, codes)
    if ending == PARTLY:
        for index in chance.sample(range(len(codes)), chance.randint(2, 6)):
            answers[index]["level"] = ""
    return Said(ending, way, answers, chance.choice(REMARKS) if chance.random() < 0.3 else "")


def _line(code: str, level: str = "", *, matters: bool = False) -> dict[str, Any]:
    return {"item": code, "level": level, "matters": matters}


def _answers(chance: Random, wave: int, codes: list[str], low: str = "") -> list[dict[str, Any]]:
    """A level for each item, and up to three that matter most; `low` is one that he is not satisfied with."""
    weights = [WEIGHTS.get(code, 2) for code in codes]
    marked = {low, *chance.choices(codes, weights, k=chance.randint(1, 3))}
    levels = tuple(Level)
    return [
        _line(
            code,
            levels[-1] if code == low else chance.choices(levels, MOODS.get(code, (USUAL, USUAL))[wave])[0],
            matters=code in marked,
        )
        for code in codes
    ]
