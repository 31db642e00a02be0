"""The input of each verb of settlement."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm import clock
from crm.forms import LinesField, PickField, RecordForm, VerbForm, happened, narrow
from crm.inputs import DAY, WORDS
from crm.records.attachments import UploadField
from crm.records.kinds import mask
from crm.small import whole
from crm.words import money
from customers.models import Contact
from orders.payments.models import Invoice
from orders.payments.spreading import COUNTING
from pickup.settlement.models import InvoiceMemo, Statement, StatementLine

MOST_LINES = 500


class WhyForm(VerbForm):
    why = forms.CharField(label=_("why a new version"), max_length=300, required=False, widget=WORDS)


class SendForm(VerbForm):
    """To whom a statement or an invoice goes by mail."""

    contact = PickField(Contact, required=False, label=_("contact"), help_text=_("Empty: the order's contact."))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if obj is not None:
            field: Any = self.fields["contact"]
            narrow(field, customer=obj.customer_id)


class DifferenceForm(VerbForm):
    """What the customer says to one line: nothing where he agrees, else his quantity or amount, and words."""

    position = forms.IntegerField(label=_("line"), min_value=1)
    quantity = forms.DecimalField(label=_("quantity instead"), required=False, max_digits=18, decimal_places=6)
    amount = forms.DecimalField(label=_("amount instead"), required=False, max_digits=14, decimal_places=2)
    words = forms.CharField(label=_("what differs"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = data.get("quantity") is not None or data.get("amount") is not None
        if given and not data.get("words") and "words" not in self.errors:
            self.add_error("words", ValidationError(_("Say what is different."), code="required"))
        return data


class AnswerForm(VerbForm):
    """Which lines differ; the others are agreed to by whoever signs."""

    fieldsets: ClassVar[Any] = ((_("What differs"), ("lines",)), (_("Signature"), ("name",)))

    lines = LinesField(
        DifferenceForm,
        least=0,
        most=MOST_LINES,
        label=_("lines that differ"),
        help_text=_("A line without an entry is agreed to."),
    )
    name = forms.CharField(label=_("name of whoever signs"), max_length=60)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("lines", [{"position": each.position} for each in self.rows])

    @cached_property
    def rows(self) -> list[StatementLine]:
        """The lines of the statement, beside which stands what is said to them."""
        if not isinstance(self.obj, Statement):
            return []
        return list(self.obj.lines.select_related("product", "unit").order_by("position"))

    @property
    def cards(self) -> list[dict[str, Any]]:
        """Each line of the statement with the form of what differs in it, and whether something was entered there."""
        bound: Any = self["lines"]
        known = {whole(str(each["position"].value())): each for each in bound.line_forms}
        cards = []
        for number, line in enumerate(self.rows):
            prefix, begin = f"lines-{len(known) + number}", {"position": line.position}
            each = known.get(line.position) or DifferenceForm(by=self.by, prefix=prefix, initial=begin)
            opened = each.is_bound and any(each[name].value() for name in ("quantity", "amount", "words"))
            cards.append({"line": line, "form": each, "opened": opened})
        return cards

    def clean_lines(self) -> list[dict[str, Any]]:
        """The lines that differ, each once. Raises ValidationError for a line that the statement has not."""
        given = [each for each in self.cleaned_data["lines"] if each["words"]]
        there = set(self.obj.lines.values_list("position", flat=True)) if self.obj is not None else set()
        positions = [each["position"] for each in given]
        if len(set(positions)) < len(positions):
            raise ValidationError(_("A line is named twice."), code="line_twice")
        for position in positions:
            if self.obj is not None and position not in there:
                raise ValidationError(
                    _("The statement has no line %(line)s."), code="no_line", params={"line": position}
                )
        return given


class PaperAnswerForm(AnswerForm):
    """What stands on the paper that the customer signed."""

    fieldsets: ClassVar[Any] = ((_("What differs"), ("lines",)), (_("Signature"), ("name", "signed_on", "paper")))
    preface = "settlement/preface/lines.html"

    signed_on = forms.DateField(label=_("signed on"), widget=DAY, initial=clock.today)
    paper = UploadField(label=_("signed statement"))

    def know(self, by: Any, obj: Any) -> None:
        self.initial.setdefault("lines", [{}])  # a blank one; on paper few lines differ
        super().know(by, obj)

    def clean_signed_on(self) -> Any:
        return happened(self.cleaned_data["signed_on"])


class ReplyForm(VerbForm):
    """Our answer to one disputed line."""

    position = forms.IntegerField(label=_("line"), min_value=1)
    reply = forms.CharField(label=_("our answer"), max_length=500)


class ExplainForm(VerbForm):
    """Our answer to each disputed line that has none."""

    preface = "settlement/preface/disputed.html"

    lines = LinesField(ReplyForm, least=1, most=MOST_LINES, label=_("answers"))

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("lines", [{"position": each.position} for each in self.disputed])

    @cached_property
    def disputed(self) -> list[StatementLine]:
        """The disputed lines that wait for an answer."""
        return disputed_lines(self.obj)


class AdjustForm(VerbForm):
    """What a line is to cost from now on; its quantity is corrected by the counter alone."""

    preface = "settlement/preface/disputed.html"

    line = forms.ModelChoiceField(StatementLine.objects.none(), label=_("line"))
    amount = forms.DecimalField(
        label=_("its amount with tax, as agreed"), max_digits=14, decimal_places=2, help_text=_("All of the line.")
    )
    reason = forms.CharField(label=_("reason"), max_length=300, widget=WORDS)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        if isinstance(obj, Statement):
            field: Any = self.fields["line"]
            field.queryset = (
                obj.lines.filter(adjusts=None, allowance=None).select_related("product", "unit").order_by("position")
            )
            field.label_from_instance = in_short

    @cached_property
    def disputed(self) -> list[StatementLine]:
        """The disputed lines that wait for an answer."""
        return disputed_lines(self.obj)


def disputed_lines(statement: Any) -> list[StatementLine]:
    """The lines of a statement that the customer disputes and that were not answered."""
    if not isinstance(statement, Statement):
        return []
    rows = statement.lines.filter(answer=StatementLine.Answer.DIFFERS, reply="")
    return list(rows.select_related("product", "unit").order_by("position"))


def in_short(line: StatementLine) -> str:
    """A line as a choice: its place, paper, product and amount."""
    return f"{line.position}. {line.source} · {line.product} · {money(line.amount)}"


class MemoForm(RecordForm):
    """The invoice memo (开票备忘录); goods and amounts are those that were reconciled."""

    sensitive = ("tax_number", "phone", "bank_account")
    fieldsets: ClassVar[Any] = (
        (_("Invoice"), ("kind", "title", "tax_number", "remarks")),
        (_("On the invoice of the buyer"), ("address", "phone", "bank_name", "bank_account")),
        (_("Posting"), ("post_to",)),
    )

    class Meta:
        model = InvoiceMemo
        fields = [
            "kind",
            "title",
            "tax_number",
            "address",
            "phone",
            "bank_name",
            "bank_account",
            "remarks",
            "post_to",
        ]

    def know(self, by: Any, obj: Any) -> None:
        """Begin with what stood on the customer's last memo, else with his record; its identifiers are masked."""
        super().know(by, obj)
        if isinstance(obj, Statement):
            values = beginning(obj)
            for name, value in values.items():
                self.initial.setdefault(name, value)
            for name in self.sensitive:
                field: Any = self.fields[name]
                clear = values.get(name)
                field.kept = (mask(field.kind, clear), clear) if clear else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        special = data.get("kind") == InvoiceMemo.Kind.SPECIAL
        if special and not data.get("tax_number") and "tax_number" not in self.errors:
            missing = ValidationError(_("A special VAT invoice needs the tax number."), code="required")
            self.add_error("tax_number", missing)
        return data


def beginning(statement: Statement) -> dict[str, Any]:
    """What a memo begins with: the customer's last memo, else what his record says; a credit names its invoices."""
    begun = _buyer(statement)
    if statement.total < 0:
        rows = Invoice.objects.filter(order=statement.order_id, status__in=COUNTING).order_by("pk")
        numbers = ", ".join(rows.values_list("number", flat=True))
        begun["remarks"] = str(_("Red invoice to %(numbers)s") % {"numbers": numbers})
    return begun


def _buyer(statement: Statement) -> dict[str, Any]:
    customer = statement.order.customer
    last = InvoiceMemo.objects.filter(order__customer=customer).order_by("-pk").first()
    if last is not None:
        return {name: getattr(last, name) for name in MemoForm.Meta.fields if name != "remarks"}
    address = customer.addresses.order_by("pk").first()
    written = address.text if address else ""
    return {
        "title": customer.name,
        "tax_number": customer.tax_number or customer.licence,
        "address": written[:200],
        "bank_name": customer.bank_name,
        "bank_account": customer.bank_account,
        "post_to": written,
    }


class InvoiceLineForm(VerbForm):
    """One invoice that finance issued; the amounts of a red one are below nothing."""

    number = forms.CharField(label=_("invoice number"), max_length=40)
    amount = forms.DecimalField(label=_("amount with tax"), required=False, max_digits=14, decimal_places=2)
    tax = forms.DecimalField(label=_("tax in it"), required=False, max_digits=14, decimal_places=2)

    def clean_number(self) -> str:
        """The number without blanks, as it is booked."""
        return "".join(self.cleaned_data["number"].split())


class IssueForm(VerbForm):
    """The number or numbers under which finance issued the invoice."""

    lines = LinesField(
        InvoiceLineForm,
        least=1,
        most=50,
        label=_("invoices"),
        help_text=_("With a single invoice amount and tax are those of the memo."),
    )
    issued_on = forms.DateField(label=_("issued on"), widget=DAY, initial=clock.today)
    file = UploadField(label=_("invoice as a file"), required=False)

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.initial.setdefault("lines", [{}])

    def clean(self) -> dict[str, Any]:
        """A single invoice is over what the memo asks for: what is typed otherwise is named where it stands."""
        data = super().clean() or {}
        lines = data.get("lines") or []
        if len(lines) == 1 and isinstance(self.obj, InvoiceMemo):
            for name, asked in (("amount", self.obj.total), ("tax", self.obj.tax)):
                if lines[0].get(name) not in (None, asked):
                    error = ValidationError(
                        _("The memo says %(amount)s."), code="other_total", params={"amount": money(asked)}
                    )
                    error.path = f"lines[0].{name}"  # type: ignore[attr-defined]
                    self.add_error("lines", error)
        return data

    def clean_issued_on(self) -> Any:
        return happened(self.cleaned_data["issued_on"])


class FileForm(VerbForm):
    file = UploadField(label=_("invoice as a file"))


class PostForm(SendForm):
    """How the invoice goes to the customer."""

    how = forms.ChoiceField(label=_("how it is posted"), choices=InvoiceMemo.How.choices)
    carrier = forms.CharField(label=_("carrier"), max_length=60, required=False)
    tracking = forms.CharField(label=_("tracking number"), max_length=60, required=False)

    field_order = ("how", "carrier", "tracking", "contact")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == InvoiceMemo.How.POST:
            for name in ("carrier", "tracking"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("What is posted can be traced."), code="required"))
        return data
