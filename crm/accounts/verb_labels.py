"""What a verb is called where it stands alone, away from the record that its button is on."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.actions import Action


def full_label(verb: Action) -> str:
    """The button's text with the kind of record it is done to, as in "Send back (order)"."""
    label = capfirst(str(verb.label))
    if verb.model is None or verb.codename == f"change_{verb.model._meta.model_name}":
        return label
    return _("%(verb)s (%(record)s)") % {"verb": label, "record": verb.model._meta.verbose_name}
