"""Alice imports and exports customers; the background is run by hand, as the worker would."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.accounts.models import Department, User
from crm.exchange.actions import check_import, map_import, run_import, undo_import, upload_import
from crm.exchange.forms import MapForm
from crm.exchange.models import Import
from crm.exchange.tasks import work_on_import

NORTHWIND = Path(__file__).resolve().parents[3] / "shared" / "data" / "northwind"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Sealed files go into this test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def sales(db: None) -> Department:
    return Department.objects.create(code="sales", name="销售部", name_en="Sales")


@pytest.fixture
def person(db: None, sales: Department) -> Callable[..., User]:
    """A function that makes a user in the roles named."""

    def make(username: str, *roles: str, **fields: Any) -> User:
        user = User.objects.create_user(username, "mountain-river-42", **{"name": username.title(), **fields})
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def alice(person: Any, sales: Department) -> User:
    return person("alice", "sales_support", department=sales)


@pytest.fixture
def bob(person: Any, sales: Department) -> User:
    return person("bob", "sales_support", department=sales)


@pytest.fixture
def counter(person: Any, sales: Department) -> User:
    """May see customers, and neither enter nor export them."""
    return person("charlie", "counter", department=sales)


def csv(text: str, name: str = "customers.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    """An upload of CSV text."""
    return SimpleUploadedFile(name, text.encode(encoding), "text/csv")


def xlsx(
    rows: Iterable[Iterable[Any]], name: str = "customers.xlsx", **sheets: Iterable[Iterable[Any]]
) -> SimpleUploadedFile:
    """An upload of a workbook that another program made, with further sheets by name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile(name, target.getvalue())


def sheets_of(data: bytes) -> dict[str, list[list[Any]]]:
    """The values of a workbook that we wrote, as another program reads them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.rows] for sheet in book.worksheets}


@pytest.fixture
def upload(alice: User) -> Callable[..., Import]:
    """A function that uploads a file as alice and lets the background read it."""

    def do(file: Any, lines: Any = None, *, kind: str = "customers", by: User = alice) -> Import:
        form = upload_import.bind(
            by=by, data={"kind": kind}, files={"file": file, **({"lines_file": lines} if lines else {})}
        )
        assert form.is_valid(), form.problems()
        source = upload_import(by=by, **form.cleaned_data)
        work_on_import(source.pk)
        source.refresh_from_db()
        return source

    return do


def map_with(source: Import, **inputs: Any) -> MapForm:
    """The form of the mapping, bound as the owner sends it."""
    return map_import.bind(by=source.by, obj=source, data=inputs)  # type: ignore[return-value]


@pytest.fixture
def mapped() -> Callable[..., Import]:
    """A function that maps an import; what is left out is guessed."""

    def do(source: Import, **inputs: Any) -> Import:
        form = map_with(source, **inputs)
        assert form.is_valid(), form.problems()
        map_import(source, by=source.by, **form.cleaned_data)
        return source

    return do


@pytest.fixture
def checked(upload: Any, mapped: Any) -> Callable[..., Import]:
    """A function that uploads, maps and checks a file."""

    def do(file: Any, lines: Any = None, *, kind: str = "customers", **inputs: Any) -> Import:
        source = mapped(upload(file, lines, kind=kind), **inputs)
        check_import(source, by=source.by)
        work_on_import(source.pk)
        source.refresh_from_db()
        return source

    return do


@pytest.fixture
def imported(checked: Any) -> Callable[..., Import]:
    """A function that takes a file all the way in."""

    def do(file: Any, lines: Any = None, *, mode: str = "good", **inputs: Any) -> Import:
        source = checked(file, lines, **inputs)
        run_import(source, by=source.by, mode=mode)
        work_on_import(source.pk)
        source.refresh_from_db()
        return source

    return do


@pytest.fixture
def undone() -> Callable[..., Import]:
    """A function that undoes an import."""

    def do(source: Import, by: User | None = None) -> Import:
        undo_import(source, by=by or source.by)
        work_on_import(source.pk)
        source.refresh_from_db()
        return source

    return do


def errors_of(source: Import) -> dict[str, str]:
    """The code of each error by its cell."""
    return {each["cell"]: each["code"] for row in source.rows.all() for each in row.errors}
