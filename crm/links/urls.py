from django.urls import path

from crm.links import views

urlpatterns = [
    path("<str:token>/", views.link_page, name="link"),
    path("<str:token>/find/", views.find, name="link-find"),
    path("<str:token>/keep/", views.keep, name="link-keep"),
    path("<str:token>/file/<int:pk>/", views.file, name="link-file"),
]
