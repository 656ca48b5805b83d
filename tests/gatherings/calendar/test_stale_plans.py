"""Who plans from a page that grew old is told which office changed what, and keeps what was typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gatherings.models import Acta, GatheringState
from tests.core.test_once import fields_of, keyed


@pytest.fixture
def come():
    """A browser of one's own."""

    def signed_in(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def address(gathering) -> str:
    return reverse("gathering-edit", args=[gathering.pk])


def plan_of(gathering, **more) -> dict[str, str]:
    starts = timezone.localtime(gathering.starts_at)
    return {
        "territory": str(gathering.territory_id),
        "place": gathering.place,
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "mode": gathering.mode,
    } | more


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"place": "Sede nueva"}, "ahora es «Sede nueva»"),
        ({"walk_from": "La plaza"}, "ahora es «La plaza»"),
        ({"cancel": "1", "reason": "Llueve."}, "Estado"),
    ],
)
@pytest.mark.parametrize(
    "mine", [{"place": "La escuela básica"}, {"cancel": "1", "reason": "Falta la llave."}]
)
def test_the_second_to_change_a_plan_is_told_and_keeps_the_text(
    come, gathering, address, facilitator, colleague, change, told, mine
):
    first, second = come(facilitator), come(colleague)
    late = plan_of(gathering) | mine | keyed(second, address)
    assert first.post(address, plan_of(gathering) | change | keyed(first, address)).status_code == 302
    gathering.refresh_from_db()
    stored = (gathering.place, gathering.state, gathering.cancelled_reason)
    answer = second.post(address, late)
    page = answer.content.decode()
    if answer.status_code == 404:
        # Called off, it is not hers to plan any more.
        assert gathering.state == GatheringState.CANCELLED
        return
    assert answer.status_code == 409
    assert told in page
    assert "Equipo de facilitación, " in page
    assert (mine.get("reason") or mine["place"]) in page
    gathering.refresh_from_db()
    assert (gathering.place, gathering.state, gathering.cancelled_reason) == stored


def test_and_may_go_on(come, gathering, address, facilitator, colleague):
    first, second = come(facilitator), come(colleague)
    late = plan_of(gathering, place="La escuela básica") | keyed(second, address)
    first.post(address, plan_of(gathering, place="Sede nueva") | keyed(first, address))
    page = second.post(address, late).content.decode()
    assert second.post(address, fields_of(page, address)).status_code == 302
    gathering.refresh_from_db()
    assert gathering.place == "La escuela básica"


def test_two_clicks_on_a_new_gathering_plan_one(come, norte, facilitator, gathering):
    client = come(facilitator)
    form = plan_of(gathering, place="La cancha") | keyed(client, "/reuniones/nueva/")
    assert [client.post("/reuniones/nueva/", form).status_code for _n in range(2)] == [302, 302]
    assert type(gathering).objects.filter(place="La cancha").count() == 1


def test_an_acta_that_went_on_meanwhile_is_told(come, closed, facilitator, colleague):
    address = reverse("gathering-acta", args=[closed.pk])
    first, second = come(facilitator), come(colleague)
    late = {"addendum": "Faltó anotar la luminaria."} | keyed(second, address)
    assert first.post(address, {"to": "read"} | keyed(first, address)).status_code == 302
    answer = second.post(address, late)
    assert answer.status_code == 409
    assert "Faltó anotar la luminaria." in answer.content.decode()
    assert Acta.objects.get(gathering=closed).addenda.count() == 0
