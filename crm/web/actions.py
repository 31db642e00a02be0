"""What users do to pages themselves."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.actions import action
from crm.web.forms import SaveViewForm
from crm.web.models import SavedView


@action(None, label=gettext_lazy("Keep this view"), form=SaveViewForm)
def save_view(*, by: User, name: str, listing: str, query: str = "", shared: bool = False) -> SavedView:
    """Keep a list as it is filtered, sorted and arranged now, under a name as a tab."""
    kept = QueryDict(query, mutable=True)
    kept.pop("cursor", None)
    view, _created = SavedView.objects.update_or_create(
        user=by, listing=listing, name=name, defaults={"query": kept.urlencode(), "shared": shared, "dropped": False}
    )
    return view


@action(SavedView, label=gettext_lazy("Remove this view"))
def drop_view(view: SavedView, *, by: User) -> None:
    """Take one of one's own views away."""
    view.dropped = True
