from django.urls import path

from crm.web.listpage import list_view
from orders.catalog import views

urlpatterns = [
    path("", list_view("products"), name="products"),
    path("<int:pk>/selling/", views.selling, name="selling"),
    path("<int:pk>/", views.ProductView.as_view(), name="product"),
]
