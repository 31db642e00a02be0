"""The messages of this app."""

from django.utils.translation import gettext_lazy as _

from crm.outbox.templates import Template

NUMBER = "LJ2026-000007"

Template(
    "inbox.new",
    _("A colleague is told that a message came in"),
    {"number": NUMBER, "sender": "王小明", "subject": "到货破损"},
)
Template(
    "inbox.answer",
    _("A sender is told that his message came, with a link"),
    {
        "number": NUMBER,
        "link": "https://example.com/l/…",
        "left_out": "- 现场视频.mp4 (50.0 MB): 文件过大",
        "most": "20.0 MB",
        "phone": "023-63860000",
    },
)
