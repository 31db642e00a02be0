"""What imports and exports can be filtered by."""

import django_filters

from crm.choice_filters import AnyOfFilter
from crm.exchange.models import Export, Import


class ImportFilter(django_filters.FilterSet):
    status = AnyOfFilter(Import.Status)

    class Meta:
        model = Import
        fields: list[str] = []


class ExportFilter(django_filters.FilterSet):
    status = AnyOfFilter(Export.Status)

    class Meta:
        model = Export
        fields: list[str] = []
