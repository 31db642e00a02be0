"""The input of each verb on imports and exports."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.exchange import cells
from crm.exchange.exporting import matching, sorting
from crm.exchange.files import headers, places
from crm.exchange.importers import HEAD, IMPORTERS, LINES, importers_for
from crm.exchange.judging import CHANGE, REFUSE, SKIP
from crm.exchange.mapping import guess, judge, remembered, shape_of
from crm.exchange.models import Export, Import
from crm.exchange.sheets import check_upload
from crm.exchange.tables import TABLES
from crm.forms import LinesField, VerbForm
from crm.listing import LISTINGS
from crm.records.masks import may_reveal
from crm.web.areas import may_list

ACCEPT = ".xlsx,.xlsm,.csv,.txt,.tsv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"


OPTIONS = {
    "existing": REFUSE,
    "empty_words": cells.EMPTY_WORDS,
    "country": settings.COUNTRY,
    "date_order": "",
    "decimal": "",
}


class SheetField(forms.FileField):
    """An Excel workbook or a CSV file; `kind` on the upload says which."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ACCEPT}))
        super().__init__(allow_empty_file=True, **options)  # an empty one is refused with our own sentence

    def clean(self, value: Any, initial: Any = None) -> Any:
        upload = super().clean(value, initial)
        if upload:
            upload.sheet_kind = check_upload(upload)
        return upload


class KindSelect(forms.Select):
    """The choice of a list, with the way to the templates beside it."""

    template_name = "exchange/kind_select.html"


class UploadForm(VerbForm):
    kind = forms.ChoiceField(label=_("What is in it"), widget=KindSelect)
    file = SheetField(label=_("File"), help_text=_("Excel (.xlsx) or CSV, with the names of the columns on top."))
    lines_file = SheetField(
        label=_("File of the lines"),
        required=False,
        help_text=_("Only where the lines of orders and the like stand in a second file."),
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.key, each.label) for each in importers_for(by)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        importer = IMPORTERS.get(data.get("kind", ""))
        if data.get("lines_file") and importer and not importer.takes_lines_file:
            message = _("These records have no lines: one file is enough.")
            self.add_error("lines_file", ValidationError(message, code="no_lines"))
        return data


class HeaderLine(VerbForm):
    """One header of the file, and the column that it means; an empty column leaves it out."""

    table = forms.ChoiceField(choices=[(HEAD, _("records")), (LINES, _("lines"))], required=False, label=_("table"))
    header = forms.CharField(max_length=200, label=_("header in the file"))
    column = forms.CharField(max_length=100, required=False, label=_("means"))


class ValueLine(VerbForm):
    """A value for every row in which the file says nothing about a column."""

    column = forms.CharField(max_length=100, label=_("column"))
    value = forms.CharField(max_length=500, required=False, label=_("where the file says nothing"))


class MapForm(VerbForm):
    """Which header means what, and how cells are read. Without `columns` the remembered mapping or a guess is taken."""

    sheet = forms.CharField(max_length=200, required=False, label=_("Sheet"))
    lines_sheet = forms.CharField(
        max_length=200, required=False, label=_("Sheet of the lines"), help_text=_("“-” for none.")
    )
    columns = LinesField(HeaderLine, least=0, most=512, label=_("Columns"))
    values = LinesField(ValueLine, least=0, most=100, label=_("Values for all rows"))
    existing = forms.ChoiceField(
        label=_("Records that exist already"),
        required=False,
        choices=[(REFUSE, _("are errors")), (SKIP, _("are left as they are")), (CHANGE, _("are changed"))],
    )
    empty_words = forms.CharField(
        label=_("Words that mean empty"), max_length=200, required=False, help_text=_("Separated by commas.")
    )
    country = forms.CharField(
        label=_("Country of phones"), max_length=2, required=False, help_text=_("Two letters, such as CN or DE.")
    )
    date_order = forms.ChoiceField(
        label=_("Dates that end in the year"),
        required=False,
        choices=[
            ("", _("as the file shows")),
            ("dmy", _("day first, 21/09/2026")),
            ("mdy", _("month first, 09/21/2026")),
        ],
    )
    decimal = forms.ChoiceField(
        label=_("Decimals"),
        required=False,
        choices=[
            ("", _("as the file shows")),
            ("point", _("with a point, 1,234.50")),
            ("comma", _("with a comma, 1.234,50")),
        ],
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        self.importer = IMPORTERS.get(getattr(obj, "kind", ""))
        if self.importer is not None:
            self.fields.update(self.importer.option_fields())
            if not self.importer.change:
                field = self.fields["existing"]
                assert isinstance(field, forms.ChoiceField)
                choices: Any = field.choices
                field.choices = [each for each in choices if each[0] != CHANGE]

    def clean_country(self) -> str:
        given = self.cleaned_data["country"]
        return cells.country(given) if given else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or self.importer is None:
            return data
        try:
            where = places(self.obj.tables, data["sheet"], data["lines_sheet"])
        except KeyError as error:
            sheet = error.args[0]
            raise ValidationError(
                _("There is no sheet “%(sheet)s” for this."), code="wrong_sheet", params={"sheet": sheet}
            ) from error
        titles = headers(self.obj.tables, where)
        shape = shape_of(titles)
        mapping, kept = self._mapping(data, titles, shape)
        judge(self.importer, {part: mapping.get(part, {}) for part in titles}, mapping["values"], titles)
        options = self._options(data, kept)
        self._settle_reading(options, mapping, where)
        return {"mapping": {**mapping, "tables": where, "shape": shape}, "options": options}

    def _mapping(self, data: Any, titles: dict[str, list[str]], shape: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The mapping that was sent, else the one remembered for this shape, else a guess; and its options."""
        assert self.importer is not None
        known = remembered(self.importer, shape, self.by)
        values = {line["column"]: line["value"] for line in data["values"] if line["value"]}
        if data["columns"]:
            mapping: dict[str, Any] = {part: {} for part in titles}
            for line in data["columns"]:
                if line["column"]:
                    mapping.setdefault(line["table"] or HEAD, {})[line["header"]] = line["column"]
            return {**mapping, "values": values}, {}
        if known is not None:
            kept = {part: known.mapping.get(part, {}) for part in titles}
            return {**kept, "values": known.mapping.get("values", {}) | values}, known.options
        return {**guess(self.importer, titles), "values": values}, {}

    def _options(self, data: Any, kept: dict[str, Any]) -> dict[str, Any]:
        """What was sent, else what was chosen for the last file of this shape, else the default."""
        assert self.importer is not None
        defaults = OPTIONS | {"existing": self.importer.existing}
        options = {name: data[name] or kept.get(name) or default for name, default in defaults.items()}
        for name, field in self.importer.options.items():
            sent = data.get(name)
            value = kept.get(name) if sent in (None, "", False) and name not in self.data else sent
            options[name] = field.prepare_value(value)
        return options

    def _settle_reading(self, options: dict[str, Any], mapping: dict[str, Any], where: dict[str, Any]) -> None:
        """Decide day or month first and the decimal mark by what was found in the mapped columns, or ask."""
        assert self.importer is not None
        orders: set[str] = set()
        commas = False
        for part, place in where.items():
            table = next(each for each in self.obj.tables[place["file"]] if each["sheet"] == place["sheet"])
            for header, name in mapping.get(part, {}).items():
                kind = self.importer.kind_of(self.importer.by_name[name])
                if kind in {"date", "datetime"} and header in table["dates"]:
                    orders.add(table["dates"][header])
                commas = commas or (kind in {"number", "percent"} and header in table["commas"])
        if not options["date_order"] and orders - {""}:
            decided = orders - {"", "ask"}
            if len(decided) != 1:
                message = _("Dates like 03/04/2026 can be read in two ways: choose.")
                self.add_error("date_order", ValidationError(message, code="ask"))
                return
            options["date_order"] = decided.pop()
        options["decimal"] = options["decimal"] or ("comma" if commas else "point")


class RunForm(VerbForm):
    mode = forms.ChoiceField(
        label=_("Which rows to import"),
        choices=Import.Mode.choices,
        required=False,
        widget=forms.RadioSelect,
        initial=Import.Mode.GOOD,
    )

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or Import.Mode.GOOD


class ExportForm(VerbForm):
    sensitive = ("query",)  # it may hold a phone number

    listing = forms.CharField(label=_("List"), max_length=60, widget=forms.HiddenInput)
    query = forms.CharField(label=_("Filter"), max_length=4000, required=False, widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("What for"), max_length=200, min_length=2)
    recipient = forms.CharField(label=_("Who gets it"), max_length=200, min_length=2)
    format = forms.ChoiceField(label=_("Format"), choices=Export.Format.choices, required=False)
    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple)
    reveal = forms.BooleanField(
        label=_("Phones, mail addresses and the like in clear"), required=False, help_text=_("This is logged.")
    )

    def know(self, by: Any, obj: Any) -> None:
        super().know(by, obj)
        key = (self.data if self.is_bound else self.initial).get("listing", "")
        listing = LISTINGS.get(str(key))
        columns = self.fields["columns"]
        assert isinstance(columns, forms.MultipleChoiceField)
        if listing is not None:
            columns.choices = [(each.name, each.label) for each in listing.columns]
            asked = QueryDict(str(self.initial.get("query", ""))).get("columns", "").split(",")
            chosen = [name for name in asked if name in listing.by_name]
            columns.initial = chosen or [each.name for each in listing.columns if each.shown]
        if not may_reveal(by) or (listing is not None and all(each.kind != "masked" for each in listing.columns)):
            del self.fields["reveal"]

    def clean_listing(self) -> str:
        key = self.cleaned_data["listing"]
        if key not in LISTINGS or not may_list(self.by, LISTINGS[key].model):
            raise ValidationError(_("There is no such list, or you may not see it."), code="unknown")
        return key

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or Export.Format.XLSX

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "listing" not in data:
            return data
        listing = LISTINGS[data["listing"]]
        query = QueryDict(data.get("query", ""))
        try:
            matching(listing, query, self.by)
            sorting(listing, query)
        except ValidationError as error:  # its fields are the list's, not this form's
            raise ValidationError(error.messages, code="filter") from error
        if not data.get("columns"):
            asked = [name for name in query.get("columns", "").split(",") if name in listing.by_name]
            data["columns"] = asked or [each.name for each in listing.columns if each.shown]
        data["reveal"] = bool(data.get("reveal"))
        return data


class FiguresForm(VerbForm):
    figure = forms.CharField(label=_("Figures"), max_length=60, widget=forms.HiddenInput)
    query = forms.CharField(label=_("Filter"), max_length=4000, required=False, widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("What for"), max_length=200, min_length=2)
    recipient = forms.CharField(label=_("Who gets it"), max_length=200, min_length=2)
    format = forms.ChoiceField(label=_("Format"), choices=Export.Format.choices, required=False)

    def clean_figure(self) -> str:
        key = self.cleaned_data["figure"]
        if key not in TABLES or not TABLES[key].allowed(self.by):
            raise ValidationError(_("There are no such figures, or you may not see them."), code="unknown")
        return key

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or Export.Format.XLSX
