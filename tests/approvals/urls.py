"""The product's addresses, and those of the verbs that only these tests have."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from crm.api.verbs import VerbView
from crm.urls import handler400, handler500
from crm.urls import urlpatterns as products

__all__ = ["handler400", "handler500", "urlpatterns"]


def rest(name: str):
    """The REST door of a verb, looked up when it is knocked at."""

    def view(request, pk: int):
        from crm.actions import ACTIONS

        return VerbView.as_view(verb=ACTIONS[name], tag="customers")(request, pk=pk)

    return csrf_exempt(view)


urlpatterns = [
    *(
        path(f"api/v1/customers/<int:pk>/{name}/", rest(name))
        for name in ("customers.grant_rebate", "customers.ask_grant_rebate")
    ),
    *products,
]
