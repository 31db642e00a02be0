"""Questionnaires and their editions, campaigns and whom they ask, what came back."""

from satisfaction.models.campaign import ANSWER_PURPOSE, Campaign, Corrected, Correction, Invitation, secret_hash
from satisfaction.models.copy import ReviewCopy
from satisfaction.models.measure import Measure
from satisfaction.models.questionnaire import Edition, Item, Questionnaire, Section, Wording
from satisfaction.models.remark import GroupedRemark, RemarkGroup
from satisfaction.models.sheet import Answer, Sheet, Unsent

__all__ = [
    "ANSWER_PURPOSE",
    "Answer",
    "Campaign",
    "Corrected",
    "Correction",
    "Edition",
    "GroupedRemark",
    "Invitation",
    "Item",
    "Measure",
    "Questionnaire",
    "RemarkGroup",
    "ReviewCopy",
    "Section",
    "Sheet",
    "Unsent",
    "Wording",
    "secret_hash",
]
