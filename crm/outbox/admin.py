"""The back office's side of messages: what was sent, and the wordings that an administrator keeps."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.outbox.models import Message, MessageTemplate
from crm.outbox.render import LANGUAGES, preview, starting_text
from crm.outbox.templates import TEMPLATES
from crm.web.admin import RecordAdmin, in_mask


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    """Every message with its state and its proof; verbs change it, nobody edits it."""

    list_display = ["queued_at", "channel", "status", "template", "addressee", "attempts", "trouble"]
    list_display_links = ["queued_at", "template"]
    list_filter = ["status", "channel", "template", "language"]
    search_fields = ["=message_id", "=key", "contact_name"]
    list_select_related = ["recipient"]
    show_full_result_count = False
    fields = [
        "status",
        "channel",
        "template",
        "about",
        "addressee",
        in_mask(Message._meta.get_field("email")),
        in_mask(Message._meta.get_field("phone")),
        "language",
        "said",
        "queued_at",
        "next_at",
        "sent_at",
        "read_at",
        "message_id",
        "attempts",
        "trouble",
        "result",
        "note",
        "done_by",
        "key",
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("Text"))
    def said(self, message: Message) -> str:
        """Subject and text, without the links that open a customer's door."""
        words = message.words
        return format_html(
            "<strong>{}</strong>{}", words["subject"], format_html_join("", "<br>{}", _lines(words["body"]))
        )


class WordingForm(forms.ModelForm):
    """A wording; which message it is for is chosen once and then stays."""

    key = forms.ChoiceField(label=_("message"))
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MessageTemplate
        fields = ["key", "channel", "language", "subject", "body"]
        widgets = {
            "subject": forms.TextInput({"size": 80}),
            "body": forms.Textarea({"rows": 16, "cols": 80}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "key" in self.fields:
            labels = sorted((str(template.label), template.key) for template in TEMPLATES.values())
            self.fields["key"].choices = [(key, f"{label} ({key})") for label, key in labels]  # type: ignore[attr-defined]
        self.fields["seen_version"].initial = self.instance.version if self.instance.pk else None

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else has written in the meantime."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            now = MessageTemplate.objects.values_list("version", flat=True).get(pk=self.instance.pk)
            if cleaned.get("seen_version") != now:
                raise ValidationError(_("Someone has changed this in the meantime."), code="stale")
        return cleaned


@admin.register(MessageTemplate)
class WordingAdmin(admin.ModelAdmin):
    """All messages, each with what it says in every language; an own wording takes the place of the built-in one."""

    about = _("What mails, calls and notices say, in both languages, with a preview.")
    form = WordingForm
    fields = ["key", "channel", "language", "subject", "body", "seen_version", "as_sent"]

    def get_readonly_fields(self, request: HttpRequest, obj: MessageTemplate | None = None) -> list[str]:
        return ["as_sent"] if obj is None else ["key", "channel", "language", "as_sent"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form, which names below the text what it may use."""
        form = super().get_form(request, obj, change, **options)
        key = obj.key if obj else request.GET.get("key", "")
        if key in TEMPLATES and "body" in form.base_fields:
            form.base_fields["body"].help_text = format_html_join(
                "", "{}<code>{{{{ {} }}}}</code> {}", _named(TEMPLATES[key].samples)
            )
        return form

    def get_urls(self) -> list[Any]:
        own = path("<str:key>/<str:channel>/preview/", self.admin_site.admin_view(self.preview), name="wording-preview")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every message of the product, with its channels and own wordings."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = {(row.key, row.channel, row.language): row for row in MessageTemplate.objects.all()}
        rows = [
            {
                "template": template,
                "channel": Message.Channel(channel).label,
                "url": reverse("admin:wording-preview", args=[template.key, channel]),
                "own": [row for (key, of, _language), row in own.items() if (key, of) == (template.key, channel)],
            }
            for template in sorted(TEMPLATES.values(), key=lambda each: each.key)
            for channel in template.channels
        ]
        context = {**self.admin_site.each_context(request), "title": _t("Messages and their wordings"), "rows": rows}
        return render(request, "messages/admin/catalogue.html", context)

    def preview(self, request: HttpRequest, key: str, channel: str) -> HttpResponse:
        """One message as it goes out now, with sample values, in every language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if key not in TEMPLATES or channel not in TEMPLATES[key].channels:
            raise Http404
        texts = []
        for language in LANGUAGES:
            row = MessageTemplate.objects.filter(key=key, channel=channel, language=language).first()
            add = reverse("admin:outbox_messagetemplate_add") + f"?key={key}&channel={channel}&language={language}"
            change = row and reverse("admin:outbox_messagetemplate_change", args=[row.pk])
            texts.append(
                {"language": language, "own": row, "url": change or add, **preview(key, channel, language, row)}
            )
        context = {
            **self.admin_site.each_context(request),
            "title": TEMPLATES[key].label,
            "subtitle": key,
            "channel": Message.Channel(channel).label,
            "texts": texts,
            "samples": TEMPLATES[key].samples.items(),
            "may_write": self.has_add_permission(request),
            "back_url": reverse("admin:outbox_messagetemplate_changelist"),
        }
        return render(request, "messages/admin/preview.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new wording begins with the built-in text, its variables in curly brackets."""
        key, channel, language = (request.GET.get(name, "") for name in ("key", "channel", "language"))
        known = key in TEMPLATES and channel in TEMPLATES[key].channels and language in LANGUAGES
        begun = starting_text(key, channel, language) if known else {}
        return {"key": key, "channel": channel, "language": language} | begun

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    @admin.display(description=_("As it is sent"))
    def as_sent(self, row: MessageTemplate) -> str:
        """The saved wording with sample values, and the other languages beside it."""
        if row.pk is None or row.key not in TEMPLATES:
            return _t("Shown once it is saved.")
        own = {each.language: each for each in MessageTemplate.objects.filter(key=row.key, channel=row.channel)}
        texts = [preview(row.key, row.channel, language, own.get(language)) for language in LANGUAGES]
        return format_html_join(
            "",
            "<p><strong>{}</strong>{}</p>",
            ((text["subject"], format_html_join("", "<br>{}", _lines(text["body"]))) for text in texts),
        )


def _named(samples: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(" · " if place else "", name, sample) for place, (name, sample) in enumerate(samples.items())]


def _lines(text: str) -> list[tuple[str]]:
    return [(line,) for line in text.splitlines()]
