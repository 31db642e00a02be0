"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("crm.reports.urls")),
    path("", include("crm.web.urls")),
    path("", include("crm.accounts.urls")),
    path("", include("crm.records.urls")),
    path("deadlines/", include("crm.deadlines.urls")),
    path("messages/", include("crm.outbox.urls")),
    path("exchange/", include("crm.exchange.urls")),
    path("l/", include("crm.links.urls")),
    path("approvals/", include("crm.approvals.urls")),
    path("api/v1/", include("crm.api.urls")),
    path("admin/", admin.site.urls),
    path("credit/", include("customers.credit.urls")),
    path("tiers/", include("customers.tiers.urls")),
    path("customers/", include("customers.urls")),
    path("products/", include("orders.catalog.urls")),
    path("stock/", include("pickup.stock.urls")),
    path("pickups/", include("pickup.urls")),
    path("settlement/", include("pickup.settlement.urls")),
    path("execution/", include("pickup.execution.urls")),
    path("quotations/", include("orders.quotations.urls")),
    path("contracts/", include("orders.contracts.urls")),
    path("changes/", include("orders.changes.urls")),
    path("coordination/", include("orders.coordination.urls")),
    path("payments/", include("orders.payments.urls")),
    path("advances/", include("orders.advances.urls")),
    path("orders/", include("orders.urls")),
    path("inquiries/", include("orders.inquiries.urls")),
    path("feedback/", include("complaints.feedback.urls")),
    path("complaints/", include("complaints.verification.urls")),
    path("returns/", include("complaints.returns.urls")),
    path("complaints/inbox/", include("complaints.inbox.urls")),
    path("complain/", include("complaints.inbox.public_urls")),
    path("complaints/analysis/", include("complaints.analysis.urls")),
    path("complaints/", include("complaints.compensation.urls")),
    path("complaints/", include("complaints.urls")),
    path("surveys/", include("satisfaction.urls")),
    path("visits/", include("satisfaction.visits.urls")),
    path("s/", include("satisfaction.public_urls")),
]

handler400 = "crm.web.views.bad_request"
handler500 = "crm.web.views.server_error"
