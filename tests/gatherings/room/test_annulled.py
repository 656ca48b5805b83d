"""Nothing disappears: annulled counts, real times, the reasons for what went another way than planned."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from gatherings import verify
from gatherings.acta import document as actas
from gatherings.acta.views import pdf_of
from gatherings.models import Acta, AnnulledCount, Gathering
from gatherings.refusals import RoomRefused
from gatherings.room import annulled, counting
from gatherings.room.acts import act
from issues.models import Issue

NEW = {"tokens_before": None, "people_before": None}
WHY = "se cayó la urna"


@pytest.fixture
def thrown(voting, do, seven, annul):
    """A vote of which only the first problem was counted, annulled."""
    do("total", issue=str(seven[0].pk), tokens=10, people=6, **NEW)
    return annul(WHY)


@pytest.fixture
def repeated(thrown, do, seven, again):
    """The repeat, closed."""
    do("start")
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    again()
    return do("close")


def test_an_annulled_count_is_kept_as_it_stood(thrown, seven):
    kept = AnnulledCount.objects.get()
    assert (kept.reason, kept.voters, kept.mode, kept.ballots) == (WHY, 12, "tokens", None)
    lines = {line["reference"]: (line["tokens"], line["people"]) for line in kept.lines}
    assert lines.pop(seven[0].reference) == (10, 6)
    assert set(lines.values()) == {(None, None)}


def test_of_papers_only_the_totals_are_kept(do, seven, annul):
    do("open")
    do("attendance", organisation=None, people=3, voters=None)
    do("mode", mode="ballots")
    for issue in seven:
        do("ballot-add", issue=str(issue.pk))
    do("start")
    for number in (1, 2):
        do("paper", number=number, choices={str(seven[0].pk): number, str(seven[1].pk): 1})
    annul(WHY)
    kept = AnnulledCount.objects.get()
    figures = [(line["tokens"], line["people"]) for line in kept.lines if line["tokens"]]
    assert (kept.ballots, sorted(figures)) == (2, [(2, 2), (3, 2)])


def test_the_reason_is_public_at_once_and_the_figures_after_the_repeat(client, thrown, do, seven):
    page, data = _page(client, thrown), _data(client, thrown)
    assert WHY in page
    assert "se muestra cuando cierre" in page
    assert (data["annulled"][0]["reason"], data["annulled"][0]["lines"]) == (WHY, [])


def test_after_the_repeat_page_api_acta_and_digest_hold_the_annulled_count(client, repeated, seven):
    assert '<td class="number">10</td>' in _page(client, repeated)
    (told,) = _data(client, repeated)["annulled"]
    assert {"reference": seven[0].reference, "title": "Problema 1", "tokens": 10, "people": 6} in told[
        "lines"
    ]
    document = actas.document_of(repeated)
    assert (document["annulled"][0]["reason"], document["annulled"][0]["salt"]) == (WHY, told["salt"])
    (sealed,) = file_of(repeated)["annulled"]
    assert sealed["reason"] == hashlib.sha256(f"{told['salt']}{WHY}".encode()).hexdigest()


def test_the_paper_acta_names_what_was_annulled(client, facilitator, repeated):
    client.force_login(facilitator)
    page = client.get(reverse("gathering-acta", args=[repeated.pk])).content.decode()
    assert f"«{WHY}»" in page
    assert "10 fichas, 6 personas" in page
    assert pdf_of(Acta.objects.get())


def test_without_the_annulled_count_the_digest_would_be_another(repeated):
    document = file_of(repeated)
    assert verify.digest_of(document) == repeated.digest
    assert verify.digest_of(document | {"annulled": []}) != repeated.digest


def test_a_problem_hidden_since_keeps_its_figures_and_loses_its_words(repeated, seven):
    Issue.objects.filter(pk=seven[0].pk).update(visibility="hidden", hidden_reason="insulto")
    (told,) = annulled.told(repeated)
    (line,) = [line for line in told.lines if line.tokens]
    assert (line.reference, line.title, line.tokens) == ("", "Problema que ya no es público", 10)


def test_an_evening_annulled_twice_tells_both(thrown, do, annul):
    do("start")
    room = annul("faltaba gente")
    assert [(count.number, count.reason) for count in annulled.told(room)] == [(1, WHY), (2, "faltaba gente")]


@pytest.mark.usefixtures("by_owner")
@pytest.mark.parametrize(
    "change",
    [
        lambda: AnnulledCount.objects.update(reason="otra"),
        lambda: AnnulledCount.objects.all().delete(),
        lambda: Gathering.objects.update(opened_reason="otra"),
        lambda: Gathering.objects.update(opened_at=timezone.now()),
    ],
)
def test_the_database_keeps_what_was_annulled_and_when_it_opened(thrown, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_the_database_lets_no_vote_go_back_without_its_count(voting):
    with pytest.raises(DatabaseError, match="by both counts"), transaction.atomic():
        Gathering.objects.filter(pk=voting.pk).update(state="open")


def test_nor_with_both_asking_and_nothing_kept(voting, do, counter):
    do("count", user=counter, side=2)
    do("annul", reason=WHY)
    with pytest.raises(DatabaseError, match="would disappear"), transaction.atomic():
        Gathering.objects.filter(pk=voting.pk).update(state="open")


def test_a_closed_gathering_gets_no_annulled_count(closed):
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        annulled.keep(closed, WHY)


@pytest.mark.parametrize(("days", "asked"), [(-30, True), (-2, True), (-1, False), (0, False), (2, True)])
def test_an_opening_far_from_the_planned_day_asks_and_records_why(make_gathering, facilitator, days, asked):
    room = make_gathering(starts_at=timezone.now() + dt.timedelta(days=days, minutes=5))
    if asked:
        with pytest.raises(RoomRefused, match="Por qué se abre ahora") as refused:
            _open(room, facilitator)
        assert refused.value.code == "why"
    opened = _open(room, facilitator, reason="llovió")
    assert opened.opened_reason == ("llovió" if asked else "")


def test_the_database_refuses_a_far_opening_without_a_reason(make_gathering):
    room = make_gathering(starts_at=timezone.now() - dt.timedelta(days=9))
    with pytest.raises(DatabaseError, match="without a reason"), transaction.atomic():
        Gathering.objects.filter(pk=room.pk).update(state="open", opened_at=timezone.now())


def test_the_result_carries_the_time_of_its_closing(client, make_gathering, facilitator, counter, seven):
    room = make_gathering(starts_at="2026-10-01T19:00-03:00")
    _open(room, facilitator, reason="llovió")
    act(room.pk, facilitator, "attendance", _wish(organisation=None, people=2, voters=None))
    act(room.pk, facilitator, "ballot-add", _wish(issue=str(seven[0].pk)))
    room = act(room.pk, facilitator, "start", _wish())
    total = {"issue": str(seven[0].pk), "tokens": 2, "people": 2}
    act(room.pk, facilitator, "total", _wish(**total, **NEW))
    act(room.pk, counter, "count", _wish(side=2))
    act(room.pk, counter, "total", _wish(**total, **NEW))
    act(room.pk, counter, "compare", _wish())
    act(room.pk, facilitator, "witnesses", _wish(names=["a", "b"]))
    room = act(room.pk, facilitator, "close", _wish())
    document = file_of(room)
    assert document["closed"] == timezone.localtime(room.closed_at).isoformat(timespec="seconds")
    assert document["planned"] == "2026-10-01T19:00:00-03:00"
    page = _page(client, room)
    assert "se abrió otro día: «llovió»" in page
    assert f'datetime="{timezone.localtime(room.opened_at).isoformat(timespec="seconds")[:10]}' in page


@pytest.mark.parametrize(
    "names", [["vecina", "Vecina"], ["JJ.VV. N.º 4", "junta de vecinos 4"], ["Ana", " aná"]]
)
def test_the_same_witness_twice_is_refused(voting, do, names):
    with pytest.raises(RoomRefused, match="mismo testigo dos veces"):
        do("witnesses", names=names)


def test_a_planned_gathering_may_still_be_moved_after_it_was_called_off(gathering):
    counting.become(gathering, "cancelled")
    gathering.save()
    gathering.state, gathering.starts_at = "planned", gathering.starts_at + dt.timedelta(days=9)
    gathering.ends_at = gathering.starts_at + dt.timedelta(hours=2)
    gathering.save()


def file_of(room: Gathering) -> dict:
    return json.loads(room.record.document)


def _wish(**body: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), **body}


def _open(room: Gathering, user: object, **body: object) -> Gathering:
    return act(room.pk, user, "open", _wish(**body))


def _page(client, room: Gathering) -> str:
    return client.get(reverse("gathering", args=[room.pk])).content.decode()


def _data(client, room: Gathering) -> dict:
    return client.get(f"/api/v1/gatherings/{room.pk}/").json()
