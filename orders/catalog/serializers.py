"""What REST answers of one product."""

from typing import Any

from rest_framework import serializers

from crm.api.serializers import RecordSerializer
from orders.catalog.models import Packing, Price, Product


class PackingSerializer(RecordSerializer):
    class Meta:
        model = Packing
        fields = ["id", "unit", "factor"]


class PriceSerializer(RecordSerializer):
    class Meta:
        model = Price
        fields = ["id", "valid_from", "price", "lowest"]


class ProductSerializer(RecordSerializer):
    """A product with its packings and its prices, the latest first."""

    packings = PackingSerializer(many=True, read_only=True)
    prices = PriceSerializer(many=True, read_only=True)
    unit_code = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = [
            "id",
            "code",
            "status",
            "name",
            "name_en",
            "specification",
            "category",
            "unit",
            "unit_code",
            "tax_rate",
            "version",
            "packings",
            "prices",
        ]

    def get_unit_code(self, product: Product) -> Any:
        return product.unit.code
