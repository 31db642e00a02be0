"""`manage.py messages`: the texts of the product, gathered from the tree into `locale/`, and checked.

It needs Babel (requirements-dev.in) and no gettext programs. Only Chinese has a catalogue: the msgids are the English
text, their plural forms included, and Django's own English catalogue makes English a language that can be chosen.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LANGUAGE = "zh_Hans"
HEADERS = [
    ("Project-Id-Version", "Ziti CRM"),
    ("Language", LANGUAGE),
    ("Plural-Forms", "nplurals=1; plural=0;"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit\n"),
]
# Which arguments of a function are the context, the text and its plural.
FUNCTIONS = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
COMPOSED = "\0"  # in place of a text that nobody can translate
TEXTS = {".py", ".html", ".txt"}
NOT_OURS = {"docs", "locale", "migrations", "node_modules", "static", "tests", "var", "venv"}
NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w+)\}")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[#0\-+]*\d*(?:\.\d+)?[sdifrgx](?![a-zA-Z])|\{\d*\}")

Key = tuple[str | None, str]  # context, English


@dataclass
class Text:
    """An English text of the tree: its plural, and the files that say it."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)


class Command(BaseCommand):
    help = (
        "Gathers every text for users into locale/zh_Hans/LC_MESSAGES/django.po and compiles it; with --check it "
        "writes nothing and fails, naming each text whose translation is missing, empty, fuzzy, stale or wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only look, and fail when something is wrong")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            import babel  # noqa: F401
        except ImportError:
            raise CommandError(
                "This needs Babel, which only a developer's environment has: install requirements-dev.lock."
            ) from None
        root = Path(settings.BASE_DIR)
        if not check:
            self.stdout.write(write(root))
        found = problems(root)
        for problem in found:
            self.stderr.write(problem)
        if check and found:
            raise CommandError(f"{len(found)} problems with texts; see above.")


def write(root: Path) -> str:
    """Bring the catalogue up to date with the tree, keep what is translated, drop what nobody says; compile it."""
    from babel.messages.pofile import write_po

    texts, _wrong = gather(root)
    old, new = read(root), empty()
    for (context, english), text in sorted(texts.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        before = old.get(english, context)
        new.add(
            (english, text.plural) if text.plural else english,
            _strings(before, bool(text.plural)) if before else "",
            locations=[(name, 1) for name in sorted(text.files)],
            flags={"fuzzy"} if before and before.fuzzy else (),
            user_comments=before.user_comments if before else (),
            context=context,
        )
    catalogue_path(root).parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, new, width=0, include_lineno=False)
    catalogue_path(root).write_bytes(out.getvalue())
    catalogue_path(root).with_suffix(".mo").write_bytes(compiled(read(root)))
    gone = sum((message.context, _english(message)) not in texts for message in old if message.id)
    return f"{len(texts)} texts, {sum(not any(_all(m)) for m in new if m.id)} without translation, {gone} dropped."


def problems(root: Path) -> list[str]:
    """What is wrong with the texts of this tree and with their translations, one sentence each."""
    texts, found = gather(root)
    catalogue = read(root)
    for (context, english), text in texts.items():
        where = f"{min(text.files)}: {english!r}"
        if UNNAMED.search(english) or UNNAMED.search(text.plural or ""):
            found.append(f"{where} has a placeholder without a name; write %(name)s.")
        message = catalogue.get(english, context)
        if message is None or (text.plural and not message.pluralizable):
            found.append(f"{where} is not in the catalogue; run `manage.py messages` and translate it.")
        elif not all(_all(message)):
            found.append(f"{where} has no translation.")
        elif message.fuzzy:
            found.append(f"{where} has a fuzzy translation; look at it and remove the mark.")
        elif any(_placeholders(string) != _placeholders(text.plural or english) for string in _all(message)):
            found.append(f"{where} has other placeholders than its translation {_all(message)[0]!r}.")
    for message in catalogue:
        if message.id and (message.context, _english(message)) not in texts:
            found.append(f"{_english(message)!r} is translated, but nobody says it; run `manage.py messages`.")
    binary = catalogue_path(root).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        found.append(f"{binary.relative_to(root)} is not what django.po compiles to; run `manage.py messages`.")
    return sorted(found)


def gather(root: Path) -> tuple[dict[Key, Text], list[str]]:
    """Every text for users in the Python files and templates of the tree, and the sentences about wrong ones."""
    texts: dict[Key, Text] = {}
    wrong: list[str] = []
    for path in sorted(files(root)):
        name, source = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        said = from_python(source, name, wrong) if path.suffix == ".py" else from_template(source, name)
        for context, english, plural in said:
            text = texts.setdefault((context, english), Text())
            text.plural = text.plural or plural
            text.files.add(name)
    return texts, wrong


def files(root: Path) -> Iterator[Path]:
    """The files whose texts are the product's own."""
    for path in root.iterdir():
        if path.is_dir() and path.name not in NOT_OURS and not path.name.startswith("."):
            yield from files(path)
        elif path.suffix in TEXTS and path.is_file() and (path.suffix == ".py" or "templates" in path.parts):
            yield path


def from_python(source: str, name: str, wrong: list[str]) -> Iterator[tuple[str | None, str, str | None]]:
    """The texts of one Python file, whatever the translating functions are called in it."""
    tree = ast.parse(source, name)
    local = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        function = local.get(called.id) if isinstance(called, ast.Name) else None
        if (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id == "translation"
        ):
            function = called.attr if called.attr in FUNCTIONS else None
        if function is None:
            continue
        context, english, plural = (
            None if place is None else _said(node.args[place] if place < len(node.args) else None)
            for place in FUNCTIONS[function]
        )
        if COMPOSED in (context, english, plural):
            wrong.append(f"{name}:{node.lineno} translates a composed text; write one sentence with %(name)s in it.")
        elif english is not None:
            yield context, english, plural


def _said(part: ast.expr | None) -> str | None:
    """The text an argument is; COMPOSED where it is put together, None where it is looked up (a name, a call)."""
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    return COMPOSED if part is None or isinstance(part, ast.Constant | ast.JoinedStr | ast.BinOp) else None


def from_template(source: str, name: str) -> Iterator[tuple[str | None, str, str | None]]:
    """The texts of one template, by Django's own reading of it."""
    from babel.messages.extract import extract

    if "{%" not in source and "{{" not in source:
        return
    # Indentation means nothing in what templatize returns, but Python's tokenizer would stumble over it.
    lines = "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())
    keywords = {
        "_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }
    for _line, said, _comments, context in extract("python", BytesIO(lines.encode()), keywords=keywords):
        english, plural = said if isinstance(said, tuple) else (said, None)
        yield context, english, plural


def catalogue_path(root: Path) -> Path:
    """Where the translations of this tree lie."""
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def empty() -> "Catalog":
    """A catalogue without texts, whose header holds no dates: the same texts always make the same files."""
    from babel.messages.catalog import Catalog

    class Undated(Catalog):
        mime_headers = property(lambda self: HEADERS, lambda self, value: None)

    return Undated(
        LANGUAGE, fuzzy=False, header_comment="# Texts of Ziti CRM in Chinese; `manage.py messages` writes them."
    )


def read(root: Path) -> "Catalog":
    """The catalogue of this tree as it lies on disk, or an empty one."""
    from babel.messages.pofile import read_po

    catalogue = empty()
    path = catalogue_path(root)
    if path.exists():
        for message in read_po(StringIO(path.read_text(encoding="utf-8")), locale=LANGUAGE):
            if message.id:
                catalogue.add(
                    message.id,
                    message.string,
                    flags=message.flags,
                    user_comments=message.user_comments,
                    context=message.context,
                )
    return catalogue


def compiled(catalogue: "Catalog") -> bytes:
    """The catalogue as Django loads it."""
    from babel.messages.mofile import write_mo

    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _english(message: Any) -> str:
    return message.id[0] if message.pluralizable else message.id


def _all(message: Any) -> list[str]:
    """Its translations: one, or one per plural form."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def _strings(message: Any, pluralizable: bool) -> Any:
    return tuple(_all(message)) if pluralizable else _all(message)[0]


def _placeholders(text: str) -> set[str]:
    return {match.group(1) or match.group(2) for match in NAMED.finditer(text)}
