"""Pickups, their records and windows, and stock, in REST."""

from crm.api.resources import Resource
from pickup import lists, serializers
from pickup.stock import lists as stock

PICKUPS = Resource(
    lists.PICKUPS,
    serializers.PickupSerializer,
    select=("order", "customer", "window", "owner", "contact"),
    prefetch=("authorities",),
)
RECORDS = Resource(lists.RECORDS, serializers.PickupRecordSerializer)
AUTHORITIES = Resource(lists.AUTHORITIES, serializers.AuthorityRecordSerializer)
WINDOWS = Resource(lists.WINDOWS, serializers.WindowSerializer)
STOCK = Resource(stock.STOCK, serializers.StockSerializer)
MOVEMENTS = Resource(stock.MOVEMENTS, serializers.MovementSerializer)
WAREHOUSES = Resource(stock.WAREHOUSES, serializers.WarehouseSerializer)
