"""Filters by a few choices, states above all: several may be ticked, and a row has any of them."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Choices
from django.utils.translation import gettext_lazy as _

STATE = _("state")


class AnyOfFilter(django_filters.MultipleChoiceFilter):
    """The rows that have any of the `choices` that are ticked; of a state where no other `label` is given."""

    def __init__(
        self, choices: type[Choices] | Sequence[tuple[Any, Any]], *, label: Any = STATE, **options: Any
    ) -> None:
        offered = choices.choices if isinstance(choices, type) else choices
        super().__init__(label=label, choices=offered, widget=forms.CheckboxSelectMultiple, **options)
