"""The pages of products."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from crm.web.areas import area
from crm.web.recordpage import RecordView
from crm.web.requests import SignedIn
from orders.catalog.models import Product
from orders.catalog.selling import selling_facts

area("catalog", _("Products"), icon="tag", order=80, listings=["products"])


class ProductView(RecordView):
    model = Product
    related = ("unit",)
    facts = ((_("Product"), ("code", "name", "name_en", "specification", "category", "unit", "tax_rate")),)


@login_required
@require_GET
def selling(request: SignedIn, pk: int) -> JsonResponse:
    """The units of a product with today's list prices, for the lines of a form."""
    if not request.user.has_perm("catalog.view_product"):
        raise PermissionDenied
    rows = Product.objects.visible_to(request.user).select_related("unit").prefetch_related("packings__unit")
    product = get_object_or_404(rows, pk=pk)
    price = product.price_on()
    facts = selling_facts(product, price.price if price else None)
    return JsonResponse(facts, json_dumps_params={"ensure_ascii": False})
