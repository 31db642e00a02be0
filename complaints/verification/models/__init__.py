"""The scales of the company with their certificates; the procedures that verify a complaint, and what they bring up."""

from complaints.verification.models.procedure import Verification
from complaints.verification.models.quality import Sample, TestItem, TestReport
from complaints.verification.models.scale import Scale, ScaleCertificate
from complaints.verification.models.weighing import Weighing

__all__ = ["Sample", "Scale", "ScaleCertificate", "TestItem", "TestReport", "Verification", "Weighing"]
