"""Of every table it is written down how long its rows stay."""

import re

from django.apps import apps

from crm.deadlines.periodic import JOBS
from crm.run.folders import ROOT

TEXT = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")


def test_every_table_is_in_the_document() -> None:
    named = re.findall(r"`([a-z]+\.[A-Z]\w+)`", TEXT)
    models = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert sorted(models - set(named)) == [], "say in docs/retention.md how long their rows stay"
    assert sorted(set(named) - models) == []
    assert len(named) == len(set(named))


def test_the_jobs_that_it_names_are_there() -> None:
    assert sorted(set(re.findall(r"`([a-z]+\.[a-z_]+)` \|$", TEXT, re.MULTILINE)) - set(JOBS)) == []
