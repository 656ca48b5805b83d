"""Numbers above 999 carry a point on the screen and never in an address."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.utils import timezone

from handovers.models import SavedView
from rankings.models import ListPlace, RankedList

NUMBER = 1234


@pytest.mark.parametrize("template", ["maps/data/data.html", "maps/problem/_priority.html"])
def test_links_to_a_list_keep_its_number_whole(rf, db, template):
    ranked_list = RankedList(number=NUMBER, track="gestion", published_at=timezone.now(), digest="0" * 64)
    place = ListPlace(ranked_list=ranked_list, place=1, round=1)
    request = rf.get("/")
    request.user = AnonymousUser()
    page = render_to_string(
        template, {"count": 0, "lists": [ranked_list], "place": place, "places": [place]}, request
    )
    assert f'href="/listas/{NUMBER}/' in page
    assert "/listas/1.234" not in page


def test_a_saved_view_above_a_thousand_can_be_deleted(client, manager):
    view = SavedView.objects.create(pk=1234567, owner=manager, name="Mía", query="stage=all")
    client.force_login(manager)
    page = client.get("/gestion/?stage=all").content.decode()
    assert f'action="/gestion/vistas/{view.pk}/borrar/"' in page
