"""The lists of imports and exports."""

from django.utils.translation import gettext_lazy as _

from crm.exchange import filters
from crm.exchange.models import Export, Import
from crm.listing import Column, Listing

IMPORTS = Listing(
    "imports",
    Import,
    _("Imports"),
    [
        Column("file_name", _("File"), kind="link"),
        Column("kind", _("List"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("total", _("Rows"), kind="number"),
        Column("by", _("By"), source="by__name", kind="name"),
        Column("at", _("Uploaded"), kind="datetime", sortable=True),
        Column("finished_at", _("Imported"), kind="datetime", shown=False),
    ],
    filters.ImportFilter,
    order="-at",
    creates=["exchange.upload_import"],
    empty=_("Nothing has been imported yet. Upload an Excel or CSV file to begin."),
)

EXPORTS = Listing(
    "exports",
    Export,
    _("Exports"),
    [
        Column("listing", _("List"), kind="choice"),
        Column("status", _("State"), kind="status"),
        Column("total", _("Rows"), kind="number"),
        Column("format", _("Format"), kind="choice"),
        Column("purpose", _("What for")),
        Column("recipient", _("Who gets it")),
        Column("by", _("By"), source="by__name", kind="name"),
        Column("at", _("Exported at"), kind="datetime", sortable=True),
        Column("expires_at", _("Kept until"), kind="datetime", shown=False),
    ],
    filters.ExportFilter,
    order="-at",
    empty=_("Nothing has been exported yet. Every list has an Export button."),
)
