"""A new company begins with the form, released."""

import pytest

from satisfaction import first_form
from satisfaction.models import Edition, Item, Questionnaire, Wording


@pytest.mark.django_db
def test_it_is_made_once(django_db_use_migrations: bool) -> None:
    if not django_db_use_migrations:
        first_form.make(Questionnaire, Edition, Item, Wording)
    edition = Edition.objects.get(questionnaire__code=first_form.CODE)
    assert (edition.number, edition.status, edition.released_at) == (1, "released", edition.made_at)
    assert edition.wordings.count() == len(first_form.ITEMS)
    first_form.make(Questionnaire, Edition, Item, Wording)
    assert list(Edition.objects.order_by("pk").values_list("questionnaire__code", flat=True)) == [
        "satisfaction",
        "event",
    ]
