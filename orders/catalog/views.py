"""The pages of products."""

from django.utils.translation import gettext_lazy as _

from crm.web.areas import area
from crm.web.recordpage import RecordView
from orders.catalog.models import Product

area("catalog", _("Products"), icon="tag", order=80, listings=["products"])


class ProductView(RecordView):
    model = Product
    related = ("unit",)
    facts = ((_("Product"), ("code", "name", "name_en", "specification", "category", "unit", "tax_rate")),)
