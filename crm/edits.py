"""Making and editing plain records: verbs like any other, whose form is the model's and whose body assigns it."""

from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.actions import Action
from crm.forms import RecordForm
from crm.opposites import opposite


def editing(model: type[models.Model], form: type[RecordForm], *, label: Any = "") -> Action:
    """The verb `change_<model>`: assign what the form says, checked by the model's own `full_clean()`.

    Its permission is Django's `app.change_model`. Through REST it is a PATCH, where fields left out stay as they are.
    """

    def change(obj: models.Model, *, by: User, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(obj, name, value)
        obj.full_clean()

    name = model._meta.model_name
    change.__name__ = change.__qualname__ = f"change_{name}"
    change.__module__ = form.__module__
    change.__doc__ = f"Change what stands in the record of a {name}."
    label = label or format_lazy(_("Edit {kind}"), kind=model._meta.verbose_name)
    verb = Action(change, model, label=label, form=form)
    opposite(verb)  # an edit is taken back by an edit
    return verb
