from django.urls import path

from crm.web.listpage import list_view

urlpatterns = [
    path("", list_view("stock"), name="stock"),
    path("warehouses/", list_view("warehouses"), name="warehouses"),
    path("movements/", list_view("movements"), name="movements"),
]
