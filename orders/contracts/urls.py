from django.urls import path

from crm.web.listpage import list_view
from orders.contracts import prints, views

urlpatterns = [
    path("", list_view("contracts"), name="contracts"),
    path("print/", prints.list_print, name="contracts-print"),
    path("<int:pk>/", views.ContractView.as_view(), name="contract"),
    path("<int:pk>/contract/", prints.contract_print, name="contract-print"),
    path("<int:pk>/review/", prints.review_print, name="contract-review"),
    path("<int:pk>/versions/", views.versions, name="contract-versions"),
    path("supplements/", list_view("supplements"), name="supplements"),
    path("supplements/<int:pk>/", views.SupplementView.as_view(), name="supplement"),
    path("supplements/<int:pk>/print/", prints.supplement_print, name="supplement-print"),
    path("requirements/", list_view("requirements"), name="requirements"),
    path("requirements/<int:pk>/", views.RequirementView.as_view(), name="requirement"),
    path("shipments/", list_view("shipments"), name="shipments"),
]
