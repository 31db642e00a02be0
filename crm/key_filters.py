"""Filters by the key of another record: through REST a number, on a page a name that is found by typing."""

from typing import Any

import django_filters
from django.db import models

from crm.forms import PICKABLE, PickWidget


class KeyFilter(django_filters.NumberFilter):
    """The rows of one other record, which is given by its key.

    On a page it is chosen from what the user sees of `model`. Without one it is not offered there: an address leads to
    it, and its key alone would mean nothing to anybody.
    """

    def __init__(self, model: type[models.Model] | None = None, **options: Any) -> None:
        super().__init__(**options, **({"widget": PickWidget} if model else {}))
        self.of = model
        if model is not None:
            PICKABLE.add(model._meta.label_lower)

    @property
    def field(self) -> Any:
        """The form's field; its widget knows whom it may name."""
        field = super().field
        user = getattr(getattr(self.parent, "request", None), "user", None)
        if self.of is not None and user is not None:
            field.widget.rows = self.of._default_manager.visible_to(user)  # type: ignore[attr-defined]
        return field
