"""Long choices that stay readable."""

from typing import Any

from django import forms


class GroupedChecks(forms.CheckboxSelectMultiple):
    """Checkboxes in groups that fold, each with how many are ticked in it; those with a tick stand open."""

    template_name = "accounts/widgets/grouped_checks.html"

    class Media:
        css = {"all": ["crm/grouped_checks.css"]}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["groups"] = [
            {"label": label, "options": options, "ticked": sum(option["selected"] for option in options)}
            for label, options, _index in context["widget"]["optgroups"]
        ]
        return context
