"""What the back office offers: what one may set there first, then the records to look up, by area."""

from typing import Any

from django import template
from django.apps import apps
from django.contrib import admin

register = template.Library()


@register.simple_tag
def office_settings(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The settings that the user may change, each with what it is good for: models whose admin says so in `about`."""
    found = []
    for app in in_order(app_list):
        for model in app["models"]:
            about = getattr(admin.site._registry.get(model["model"]), "about", "")
            if about and (model["add_url"] or not model["view_only"]):
                found.append({**model, "about": about})
    return found


@register.simple_tag
def office_records(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything else by area, to look up."""
    settings = {model["model"] for model in office_settings(app_list)}
    areas = []
    for app in in_order(app_list):
        models = [model for model in app["models"] if model["model"] not in settings]
        if models:
            areas.append({**app, "models": models})
    return areas


@register.filter
def in_order(app_list: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The areas of the business before those of the frame, each in the order in which the apps are installed."""
    places = {config.label: place for place, config in enumerate(apps.get_app_configs())}
    frame = {config.label for config in apps.get_app_configs() if config.name.startswith("crm.")}
    return sorted(app_list, key=lambda app: (app["app_label"] in frame, places.get(app["app_label"], len(places))))
