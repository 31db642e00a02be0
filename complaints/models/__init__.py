"""Complaints, their team, evidence and opinions, the finding of each round, plan, measures and return visits."""

from complaints.models.archive import Archive, FileStep
from complaints.models.complaint import AGREE_PURPOSE, FOLLOW_PURPOSE, Category, Complaint
from complaints.models.concern import Concern
from complaints.models.finding import Cause, EffectCheck, Finding, FollowUp
from complaints.models.investigation import Evidence, Opinion, TeamTask
from complaints.models.plan import Measure, Plan

__all__ = [
    "AGREE_PURPOSE",
    "FOLLOW_PURPOSE",
    "Archive",
    "Category",
    "Cause",
    "Complaint",
    "Concern",
    "EffectCheck",
    "Evidence",
    "FileStep",
    "Finding",
    "FollowUp",
    "Measure",
    "Opinion",
    "Plan",
    "TeamTask",
]
