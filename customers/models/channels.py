"""The ways of talking with a customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How one talks with a customer."""

    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")
    LINK = "link", _("By a link")
