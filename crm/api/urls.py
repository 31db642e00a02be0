"""The addresses under /api/v1/: every resource, its records, and every verb by its name."""

from collections.abc import Iterator

from django.db import models
from django.urls import URLPattern, URLResolver, include, path, re_path

from crm.actions import actions_of
from crm.api import resources
from crm.api.docs import Docs, Schema
from crm.api.errors import nowhere
from crm.api.lists import ListView, SearchView
from crm.api.resources import RESOURCES, Resource
from crm.api.verbs import DetailView, VerbView
from crm.api.views import Index

app_name = "api"


def addresses_of(resource: Resource) -> Iterator[URLPattern]:
    """The list, searching it, one record, and each verb of a record."""
    yield path("", ListView.as_view(resource=resource), name=f"{resource.url_name}-list")
    yield path("search/", SearchView.as_view(resource=resource), name=f"{resource.url_name}-search")
    yield path("<int:pk>/", DetailView.as_view(resource=resource), name=f"{resource.url_name}-detail")
    yield from doors_of(resource.model, resource.key)


def doors_of(model: type[models.Model], tag: str) -> Iterator[URLPattern]:
    """Each verb of a record."""
    for verb in actions_of(model):
        yield path(f"<int:pk>/{verb.name}/", VerbView.as_view(verb=verb, tag=tag), name=verb.name)


resources.load()
urlpatterns: list[URLPattern | URLResolver] = [
    path("", Index.as_view(), name="index"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    *(path(f"{each.key}/", include(list(addresses_of(each)))) for each in RESOURCES.values()),
    *(
        path(f"{model._meta.label_lower}/", include(list(doors_of(model, model._meta.app_label))))
        for model in resources.without_address()
    ),
    *(
        path(f"{verb.name}/", VerbView.as_view(verb=verb, tag=verb.app_label), name=verb.name)
        for verb in resources.creating()
    ),
    re_path("", nowhere),
]
