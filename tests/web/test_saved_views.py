"""Saved views: a list as it is arranged now, kept as a tab; shared with everyone, or one's own."""

from collections.abc import Callable

from django.test import Client

from crm.web.models import SavedView
from tests.world import World, nothing_moves


def keep(client: Client, name: str, query: str = "status=reviewed&order=-total&cursor=abc", **data: str) -> int:
    given = {"name": name, "listing": "orders", "query": query, **data}
    return client.post("/do/web.save_view/", given).status_code


def test_a_view_becomes_a_tab_that_opens_the_same_list(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    assert keep(client, "待分配大单") == 302
    view = SavedView.objects.get()
    assert (view.user, view.query) == (world.root, "status=reviewed&order=-total")  # not the page one was on
    assert view.get_absolute_url() == "/orders/?status=reviewed&order=-total"
    html = client.get("/orders/").content.decode()
    assert "待分配大单" in html and "/orders/?status=reviewed&amp;order=-total" in html


def test_kept_again_under_its_name_it_is_changed(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    keep(client, "mine")
    keep(client, "mine", query="status=draft")
    assert SavedView.objects.get().query == "status=draft"


def test_colleagues_see_it_only_where_it_is_shared(world: World, client_of: Callable[..., Client]) -> None:
    keep(client_of(world.root), "own")
    keep(client_of(world.root), "everyone", shared="on")
    html = client_of(world.alice).get("/orders/").content.decode()
    assert "everyone" in html and ">own<" not in html


def test_only_ones_own_is_removed(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    keep(client, "everyone", shared="on")
    view = SavedView.objects.get()
    with nothing_moves():
        assert client_of(world.alice).post(f"/do/web.drop_view/{view.pk}/").status_code == 404
    view.refresh_from_db()
    assert not view.dropped
    client.post(f"/do/web.drop_view/{view.pk}/")
    assert "everyone" not in client.get("/orders/").content.decode()


def test_an_open_view_of_ones_own_offers_to_be_removed(world: World, client_of: Callable[..., Client]) -> None:
    client = client_of(world.root)
    keep(client, "everyone", query="status=draft", shared="on")
    door = f"/do/web.drop_view/{SavedView.objects.get().pk}/"
    assert door in client.get("/orders/?status=draft").content.decode()
    assert door not in client.get("/orders/").content.decode()  # it is not open
    assert door not in client_of(world.alice).get("/orders/?status=draft").content.decode()  # it is not hers
    shown = client.get(door).content.decode()
    assert "Remove this view" in shown
    assert client.post(door).headers["Location"] == "/orders/?status=draft"  # the list stays as it was filtered


def test_a_list_that_is_none_is_refused(world: World, client_of: Callable[..., Client]) -> None:
    response = client_of(world.root).post("/do/web.save_view/", {"name": "x", "listing": "secrets"})
    assert response.status_code == 422
    assert not SavedView.objects.exists()
