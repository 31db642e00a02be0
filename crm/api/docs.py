"""The schema as a file, and the page on which one can read it and try it."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import include, path
from django.utils.translation import get_language
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.response import Response

from crm.api.call import Call
from crm.api.views import ApiView

_documents: dict[str, dict[str, Any]] = {}  # by language; the declarations do not change while a process runs


class Schema(ApiView):
    """The OpenAPI document, as JSON or YAML, with the texts in the caller's language."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]
    schema = None  # type: ignore[assignment]

    def get(self, request: Call) -> Response:
        """The whole API; it is the same for everybody, what one may do is asked at each address."""
        language = get_language() or ""
        if language not in _documents:
            _documents[language] = document(request)
        return Response(_documents[language])


def document(request: Any = None) -> dict[str, Any]:
    """The OpenAPI document in the present language."""
    generator = SchemaGenerator(patterns=[path("api/v1/", include("crm.api.urls"))])
    return generator.get_schema(request=request, public=True)


class Docs(LoginRequiredMixin, TemplateView):
    """Swagger's page, from our own files: without inline script or style, so that the strict CSP stays as it is."""

    template_name = "api/docs.html"
