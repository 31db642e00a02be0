"""`manage.py messages`: nothing is shown untranslated, and the check finds what would be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from crm.web.management.commands import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext, pgettext

LABEL = _("Order")
MONTH = pgettext("month", "May")


def left(count, name):
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count} + _now("Hello %(name)s") % {"name": name}
"""
TEMPLATE = """
<h1 title="{% translate 'Pickup' %}">
    {% blocktranslate with code=order.number %}Order {{ code }}{% endblocktranslate %}</h1>
    {% blocktranslate count n=days trimmed %}
      One day left
    {% plural %}
      {{ n }} days left
    {% endblocktranslate %}
"""
CHINESE = {
    "Order": "订单",
    "May": "五月",
    "%(n)s day": "%(n)s 天",
    "Hello %(name)s": "%(name)s，您好",
    "Pickup": "提货",
    "Order %(code)s": "订单 %(code)s",
    "One day left": "还剩 %(n)s 天",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small product, fully translated."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "labels.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "order.html").write_text(TEMPLATE, encoding="utf-8")
    messages.write(tmp_path)
    for english, chinese in CHINESE.items():
        translate(tmp_path, english, chinese)
    messages.write(tmp_path)
    return tmp_path


def change(tree: Path, edit: Callable[[str], str]) -> None:
    """Edit the catalogue as a translator does."""
    path = messages.catalogue_path(tree)
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")


def translate(tree: Path, english: str, chinese: str) -> None:
    """Write one translation into the catalogue."""
    lines = messages.catalogue_path(tree).read_text(encoding="utf-8").split("\n")
    at = lines.index(f'msgid "{english}"')
    while not lines[at].startswith("msgstr"):
        at += 1
    lines[at] = lines[at].split('"')[0] + f'"{chinese}"'
    change(tree, lambda text: "\n".join(lines))


def test_every_text_of_the_product_is_translated() -> None:
    assert messages.problems(Path(settings.BASE_DIR)) == []


def test_words_that_django_translates_otherwise_are_ours() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Order") == "订单"
        assert translation.gettext("State") == "状态"
        assert translation.gettext("Number") == "编号"


def test_texts_are_found_in_python_under_any_name_and_in_templates(tree: Path) -> None:
    texts, wrong = messages.gather(tree)
    assert wrong == []
    assert {key: text.plural for key, text in texts.items()} == {
        (None, "Order"): None,
        ("month", "May"): None,
        (None, "%(n)s day"): "%(n)s days",
        (None, "Hello %(name)s"): None,
        (None, "Pickup"): None,
        (None, "Order %(code)s"): None,
        (None, "One day left"): "%(n)s days left",
    }
    assert texts[None, "Pickup"].files == {"templates/order.html"}


def test_a_translated_tree_has_no_problems(tree: Path) -> None:
    assert messages.problems(tree) == []


def test_writing_twice_changes_nothing(tree: Path) -> None:
    path = messages.catalogue_path(tree)
    before = path.read_bytes(), path.with_suffix(".mo").read_bytes()
    messages.write(tree)
    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == before


def test_what_nobody_says_any_more_is_dropped(tree: Path) -> None:
    (tree / "templates" / "order.html").write_text("{% translate 'Pickup' %}", encoding="utf-8")
    assert messages.problems(tree) == [
        "'One day left' is translated, but nobody says it; run `manage.py messages`.",
        "'Order %(code)s' is translated, but nobody says it; run `manage.py messages`.",
    ]
    messages.write(tree)
    assert messages.problems(tree) == []
    assert "One day left" not in messages.catalogue_path(tree).read_text(encoding="utf-8")


def test_a_new_text_is_missing_until_it_is_translated(tree: Path) -> None:
    (tree / "templates" / "new.html").write_text("{% translate 'Warehouse' %}", encoding="utf-8")
    assert messages.problems(tree) == [
        "templates/new.html: 'Warehouse' is not in the catalogue; run `manage.py messages` and translate it."
    ]
    messages.write(tree)
    assert messages.problems(tree) == ["templates/new.html: 'Warehouse' has no translation."]


def test_a_fuzzy_translation_is_no_translation(tree: Path) -> None:
    change(tree, lambda text: text.replace('msgid "Pickup"', '#, fuzzy\nmsgid "Pickup"'))
    messages.write(tree)
    assert messages.problems(tree) == [
        "templates/order.html: 'Pickup' has a fuzzy translation; look at it and remove the mark."
    ]


@pytest.mark.parametrize("wrong", ["您好", "%(nme)s，您好", "%(name)s，您好%(count)s"])
def test_a_translation_has_the_placeholders_of_its_text(tree: Path, wrong: str) -> None:
    translate(tree, "Hello %(name)s", wrong)
    messages.write(tree)
    assert messages.problems(tree) == [
        f"orders/labels.py: 'Hello %(name)s' has other placeholders than its translation {wrong!r}."
    ]


def test_a_stale_binary_catalogue_is_found(tree: Path) -> None:
    translate(tree, "Pickup", "自提")
    assert messages.problems(tree) == [
        "locale/zh_Hans/LC_MESSAGES/django.mo is not what django.po compiles to; run `manage.py messages`."
    ]


def test_a_missing_binary_catalogue_is_found(tree: Path) -> None:
    messages.catalogue_path(tree).with_suffix(".mo").unlink()
    assert messages.problems(tree) == [
        "locale/zh_Hans/LC_MESSAGES/django.mo is not what django.po compiles to; run `manage.py messages`."
    ]


@pytest.mark.parametrize("text", ["%s days", "%d days", "{} days", "{0} days"])
def test_a_placeholder_needs_a_name(tree: Path, text: str) -> None:
    (tree / "new.py").write_text(f"from django.utils.translation import gettext as _\n_({text!r})\n", encoding="utf-8")
    assert f"new.py: {text!r} has a placeholder without a name; write %(name)s." in messages.problems(tree)


@pytest.mark.parametrize("text", ["100 %", "5% discount", "100%% of it"])
def test_a_per_cent_sign_is_no_placeholder(text: str) -> None:
    assert messages.UNNAMED.search(text) is None


@pytest.mark.parametrize("call", ['_(f"{n} days")', '_("a" + n)', '_("%s" % n)'])
def test_a_composed_text_is_refused(tree: Path, call: str) -> None:
    (tree / "new.py").write_text(
        f"from django.utils.translation import gettext as _\nn = 1\n{call}\n", encoding="utf-8"
    )
    assert messages.problems(tree) == ["new.py:3 translates a composed text; write one sentence with %(name)s in it."]


def test_a_text_looked_up_elsewhere_is_no_text_of_this_file(tree: Path) -> None:
    (tree / "new.py").write_text(
        "from django.utils.translation import gettext as _\nn = str(1)\n_(n)\n", encoding="utf-8"
    )
    assert messages.problems(tree) == []


def test_the_command_checks_without_writing(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tree)
    (tree / "templates" / "new.html").write_text("{% translate 'Warehouse' %}", encoding="utf-8")
    before = messages.catalogue_path(tree).read_bytes()
    with pytest.raises(CommandError, match=r"^1 problems with texts; see above\.$"):
        call_command("messages", "--check")
    assert "'Warehouse' is not in the catalogue" in capsys.readouterr().err
    assert messages.catalogue_path(tree).read_bytes() == before
