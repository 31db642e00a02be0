"""Contracts with their lines, supplements, requirement records and requests for shipment."""

from orders.contracts.models.contract import (
    LINK_PURPOSE,
    TERMS,
    Contract,
    ContractLine,
    ContractQuerySet,
    ContractTemplate,
)
from orders.contracts.models.move import DateMove
from orders.contracts.models.requirement import Requirement
from orders.contracts.models.shipment import ShipmentRequest
from orders.contracts.models.supplement import SUPPLEMENT_PURPOSE, Supplement, SupplementLine

__all__ = [
    "LINK_PURPOSE",
    "SUPPLEMENT_PURPOSE",
    "TERMS",
    "Contract",
    "ContractLine",
    "ContractQuerySet",
    "ContractTemplate",
    "DateMove",
    "Requirement",
    "ShipmentRequest",
    "Supplement",
    "SupplementLine",
]
