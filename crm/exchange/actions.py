"""The life of an import: uploaded, mapped, checked, run, undone; and exports."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm import clock
from crm.accounts.models import User
from crm.actions import action
from crm.exchange import files, forms
from crm.exchange.importers import HEAD, IMPORTERS, LINES
from crm.exchange.mapping import remember
from crm.exchange.models import Export, Import, ImportRow
from crm.exchange.wake import wake_export, wake_import
from crm.refusals import Forbidden, Refused

S = Import.Status
ALL_AT_ONCE = 10_000  # records; they are one transaction, and what it locks the others wait for
NOTE = 200  # characters of a file's name that are kept


def _whoever_may_the_rows(source: Import, by: User) -> Refused | None:
    importer = IMPORTERS.get(source.kind)
    if importer is None:
        return Refused("unknown_kind", _("This list can no longer be imported."))
    return None if importer.allowed(by) else Forbidden(importer.verb)


def _only_its_uploader(source: Import, by: User) -> Refused | None:
    """The rows go in as whoever uploaded them, so nobody else may send them on their way."""
    if source.by_id != by.pk:
        return Refused("not_yours", _("Only who uploaded the file can do this."), _("Upload it yourself."))
    return _whoever_may_the_rows(source, by)


def _only_the_background(source: Import | Export, by: User) -> Refused | None:
    return None if by.is_system else Refused("background", _("Only the background does this, when it is done."))


@action(None, label=gettext_lazy("Import a file"), form=forms.UploadForm)
def upload_import(*, by: User, kind: str, file: Any, lines_file: Any = None) -> Import:
    """Take a file with records to be imported; nothing is changed by that yet."""
    if not IMPORTERS[kind].allowed(by):
        raise Forbidden(IMPORTERS[kind].verb)
    source = Import(
        kind=kind,
        file_name=file.name[-NOTE:],
        lines_name=lines_file.name[-NOTE:] if lines_file else "",
        by=by,
        language=get_language() or "",
    )
    files.store(source, HEAD, file.chunks(), file.sheet_kind)
    if lines_file:
        files.store(source, LINES, lines_file.chunks(), lines_file.sheet_kind)
    source.save()
    transaction.on_commit(partial(wake_import, source.pk))
    return source


@action(
    Import,
    label=gettext_lazy("Map the columns"),
    source={S.READ, S.MAPPED, S.CHECKED},
    target=S.MAPPED,
    form=forms.MapForm,
    unless=_only_its_uploader,
)
def map_import(source: Import, *, by: User, mapping: dict[str, Any], options: dict[str, Any]) -> None:
    """Say which header means what and how cells are read; files of the same shape are read so again."""
    source.rows.all().delete()
    source.mapping, source.options, source.counts, source.problem = mapping, options, {}, ""
    source.total = source.done = 0
    kept = {name: value for name, value in mapping.items() if name not in {"tables", "shape"}}
    remember(IMPORTERS[source.kind], mapping["shape"], by, kept, options)


@action(
    Import,
    label=gettext_lazy("Check"),
    source={S.MAPPED, S.CHECKED},
    target=S.CHECKING,
    unless=_only_its_uploader,
)
def check_import(source: Import, *, by: User) -> None:
    """Try every row and take it back, so that all errors are known before anything is changed."""
    source.rows.all().delete()
    source.counts, source.problem, source.language = {}, "", get_language() or ""
    source.total = source.done = source.attempts = 0
    transaction.on_commit(partial(wake_import, source.pk))


@action(
    Import,
    label=gettext_lazy("Import"),
    source={S.CHECKED},
    target=S.RUNNING,
    form=forms.RunForm,
    unless=_only_its_uploader,
)
def run_import(source: Import, *, by: User, mode: str = Import.Mode.GOOD) -> None:
    """Bring the checked rows in: the good ones, or all of them or none."""
    good = source.counts.get(ImportRow.State.GOOD, 0)
    if not good:
        raise Refused("nothing_good", _("There is no row to import."), _("Correct the file and upload it again."))
    if mode == Import.Mode.ALL:
        if bad := source.counts.get(ImportRow.State.BAD, 0):
            raise Refused(
                "rows_with_errors",
                _("%(count)d rows have errors, and it is to be all or none.") % {"count": bad},
                _("Correct them and upload the file again, or import the good rows."),
            )
        if good > ALL_AT_ONCE:
            raise Refused(
                "too_many_at_once",
                _("At most %(most)s rows can be imported all or none.") % {"most": f"{ALL_AT_ONCE:,}"},
                _("Import the good rows; the check found no errors."),
            )
    source.mode, source.problem, source.language = mode, "", get_language() or ""
    source.done = source.attempts = 0
    transaction.on_commit(partial(wake_import, source.pk))


@action(Import, label=gettext_lazy("Undo the import"), source={S.DONE}, target=S.UNDOING, unless=_whoever_may_the_rows)
def undo_import(source: Import, *, by: User) -> None:
    """Take back what the import made and changed, as far as nobody has built on it since."""
    if not source.rows.filter(state=ImportRow.State.DONE).exists():
        raise Refused("nothing_done", _("There is nothing to undo."))
    source.problem, source.language = "", get_language() or ""
    source.done = source.attempts = 0
    source.options = source.options | {"undone_by": by.pk}
    transaction.on_commit(partial(wake_import, source.pk))


@action(
    Import,
    label=gettext_lazy("Finish the step"),
    source=Import.WORKING,
    target={S.READ, S.UNUSABLE, S.MAPPED, S.CHECKED, S.DONE, S.UNDONE},
    unless=_only_the_background,
)
def finish_import(source: Import, *, by: User, outcome: str, problem: str = "") -> str:
    """Write down what the background found; its counts are those of the rows."""
    counts: dict[str, int] = {}
    for state in source.rows.values_list("state", flat=True).iterator():
        counts[state] = counts.get(state, 0) + 1
    source.counts, source.problem = counts, problem[:500]
    if outcome == S.DONE:
        source.finished_at = clock.now()
    return outcome


@action(None, label=gettext_lazy("Export a list"), form=forms.ExportForm)
def export_list(
    *,
    by: User,
    listing: str,
    purpose: str,
    recipient: str,
    columns: list[str],
    query: str = "",
    format: str = Export.Format.XLSX,
    reveal: bool = False,
) -> Export:
    """Write a list as it is filtered to a file, stating what for and for whom (ZT 2.3, KH 2.3)."""
    if not columns:
        raise ValidationError(_("Choose at least one column."), code="no_columns")
    export = Export.objects.create(
        listing=listing,
        query=query,
        columns=columns,
        format=format,
        purpose=purpose,
        recipient=recipient,
        revealed=reveal,
        by=by,
        language=get_language() or "",
    )
    transaction.on_commit(partial(wake_export, export.pk))
    return export


@action(None, label=gettext_lazy("Export figures"), form=forms.FiguresForm)
def export_figures(
    *, by: User, figure: str, purpose: str, recipient: str, query: str = "", format: str = Export.Format.XLSX
) -> Export:
    """Write the table of a report to a file, stating what for and for whom (ZT 2.3, KH 2.3)."""
    export = Export.objects.create(
        listing=figure,
        query=query,
        format=format,
        purpose=purpose,
        recipient=recipient,
        by=by,
        language=get_language() or "",
    )
    transaction.on_commit(partial(wake_export, export.pk))
    return export


@action(
    Export,
    label=gettext_lazy("Finish the export"),
    source={Export.Status.WRITING},
    target={Export.Status.DONE, Export.Status.FAILED},
    unless=_only_the_background,
)
def finish_export(export: Export, *, by: User, outcome: str, problem: str = "") -> str:
    """Write down that the file is there, or why it is not."""
    export.problem, export.finished_at = problem[:500], clock.now()
    return outcome
