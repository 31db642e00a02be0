"""Papers that are kept as they were printed: with their style and the logo within them, so that the file says all."""

import base64
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def within(*styles: str) -> dict[str, Any]:
    """What templates/print/base.html needs as `sheet.kept`: style sheets of static/crm by name, and the logo."""
    return {"style": _style(styles), "logo": _logo()}


@cache
def _style(names: tuple[str, ...]) -> SafeString:
    """The style as an element of a file that is kept; no page that we serve has one."""
    folder = settings.BASE_DIR / "static" / "crm"
    rules = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
    return mark_safe(f"<style>{rules}</style>")  # noqa: S308 our own


@cache
def _logo() -> str:
    content = (settings.BASE_DIR / "static" / "crm" / "logo.svg").read_bytes()
    return f"data:image/svg+xml;base64,{base64.b64encode(content).decode()}"
