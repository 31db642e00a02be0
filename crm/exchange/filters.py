"""What imports and exports can be filtered by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.exchange.models import Export, Import


class ImportFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("state"), choices=Import.Status.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Import
        fields: list[str] = []


class ExportFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("state"), choices=Export.Status.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Export
        fields: list[str] = []
