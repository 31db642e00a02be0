"""Quotations with their versions and lines, and samples with their goods and rounds."""

from orders.quotations.models.quotation import (
    LINK_PURPOSE,
    Quotation,
    QuotationLine,
    QuotationVersion,
)
from orders.quotations.models.sample import SAMPLE_LINK, Sample, SampleLine, SampleRound

__all__ = [
    "LINK_PURPOSE",
    "SAMPLE_LINK",
    "Quotation",
    "QuotationLine",
    "QuotationVersion",
    "Sample",
    "SampleLine",
    "SampleRound",
]
