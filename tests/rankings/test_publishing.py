"""Publishing a list: numbered, frozen, chained; moves with a public reason."""

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from issues.models import IndexWeights, Issue
from rankings import verify
from rankings.asking import NOBODY
from rankings.models import CoefficientTable, ListText, Override, RankedList
from rankings.publishing import (
    OF_THE_ACT,
    AlreadyPublished,
    ListRefused,
    document_of,
    draft,
    propose_move,
    publish,
    withdraw_move,
)
from rankings.rules.canonical import canonical_text, digest_of
from rankings.rules.texts import opened

REASON = "Cable bajo frente a la escuela, lo pidió bomberos"


def titles(ranked_list):
    return [place.issue.title for place in ranked_list.places.select_related("issue")]


def test_a_list_stands_in_rounds_and_is_its_document(published):
    assert titles(published) == ["Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3"]
    document = document_of(published)
    assert [item["title"] for item in opened(document)["items"]] == titles(published)
    assert published.digest == document["digest"] == digest_of(document)
    texts = document.pop("texts")
    assert published.document == canonical_text(document)
    assert sorted(each["text"] for each in texts) == sorted(titles(published))
    assert not any(title in published.document for title in ("Sur 1", "Norte 1"))
    assert (published.number, published.previous_digest, published.office) == (1, "", "Alcaldía")


def test_places_tell_the_numbers_and_the_reason(published):
    first, *_, last = published.places.all()
    assert (first.tokens, first.tokens_possible, first.people, first.index) == (9, 25, 5, 220)
    assert (first.round, first.k, first.position_in_territory, first.is_provisional) == (1, 1, 1, False)
    assert (last.round, last.k, last.position_in_territory) == (3, 3, 3)
    assert first.reasons == document_of(published)["items"][0]["reasons"]
    assert published.places.get(place=3).is_provisional


def test_the_published_file_holds_for_the_stand_alone_verifier(published, tmp_path):
    path = tmp_path / "lista.json"
    path.write_text(canonical_text(document_of(published)), encoding="utf-8")
    command = [sys.executable, "-I", str(Path(verify.__file__)), str(path)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def test_the_next_list_names_the_one_before(published, publish_next):
    second = publish_next()
    assert (second.number, second.previous_digest) == (2, published.digest)
    assert document_of(second)["previous_digest"] == published.digest


@pytest.mark.parametrize(("jump", "is_marked"), [(-1, True), (365, False)])
def test_after_a_jump_of_the_clock_the_next_number_follows_and_both_are_verified(
    published, cabinet, client, make_issue, tmp_path, jump, is_marked
):
    """A day back, and a year ahead whose correction is told by the list after it."""
    told = published.published_at + dt.timedelta(days=jump)
    make_issue(2, title="Otro de Centro")
    second = publish("gestion", actor=cabinet, at=told)
    make_issue(2, title="Uno más de Centro")
    third = publish("gestion", actor=cabinet, at=published.published_at + dt.timedelta(minutes=1))
    assert [each.number for each in (published, second, third)] == [1, 2, 3]
    pages = [client.get(f"/listas/{number}/").content.decode() for number in (2, 3)]
    assert ["Reloj corregido" in page for page in pages] == [is_marked, not is_marked]
    paths = [tmp_path / f"{each.number}.json" for each in (third, published, second)]
    for path, each in zip(paths, (third, published, second), strict=True):
        path.write_text(canonical_text(document_of(each)), encoding="utf-8")
    command = [sys.executable, "-I", str(Path(verify.__file__)), *map(str, paths)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def test_a_correction_is_a_new_version(published, cabinet):
    second = publish("gestion", actor=cabinet, corrects=published)
    assert second.corrects == published
    assert document_of(second)["corrects"] == 1


def test_the_weights_and_coefficients_in_force_are_part_of_the_list(example, cabinet):
    weights = IndexWeights.objects.create(
        severity=10, reach=20, duration=30, vulnerability=40, reason="Acuerdo", author=cabinet
    )
    CoefficientTable.objects.create(year=2026, decision="Acuerdo 7", hundredths={"1": 140}, author=cabinet)
    document = document_of(publish("gestion", actor=cabinet))
    assert document["weights"] == {"severity": 10, "reach": 20, "duration": 30, "vulnerability": 40}
    assert document["weights_version"] == weights.pk
    assert document["coefficients"] == "2026: Acuerdo 7"
    assert [each["coefficient"] for each in document["neighbourhoods"]] == [140, 100, 100]


def test_a_draft_is_the_next_list_and_stores_nothing(example, cabinet):
    made = draft("gestion").document
    assert RankedList.objects.count() == 0
    assert [item["title"] for item in made["items"]] == titles(publish("gestion", actor=cabinet))


@pytest.mark.parametrize("track", ["urgencia", "derivacion", "otra", ""])
def test_only_two_tracks_have_lists(example, cabinet, track):
    with pytest.raises(ListRefused):
        publish(track, actor=cabinet)
    with pytest.raises(ListRefused):
        draft(track)


def test_an_empty_list_is_not_published(town, cabinet):
    with pytest.raises(ListRefused, match="Todavía no hay problemas"):
        publish("gestion", actor=cabinet)
    assert RankedList.objects.count() == 0


@pytest.mark.parametrize("who", ["facilitator", "manager", "administrator"])
def test_only_the_cabinet_publishes_and_moves(example, request, who):
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        publish("gestion", actor=person)
    with pytest.raises(PermissionDenied):
        propose_move(example[0], 1, REASON, asked=NOBODY, actor=person)


def test_a_move_stands_beside_the_order_of_the_rule(example, cabinet):
    move = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    made = publish("gestion", actor=cabinet)
    assert titles(made) == ["Norte 3", "Sur 1", "Norte 1", "Centro 1", "Norte 2"]
    first = made.places.get(place=1)
    assert (first.rule_place, first.is_moved) == (5, True)
    move.refresh_from_db()
    assert move.used_in == made
    assert opened(document_of(made))["overrides"] == [
        {
            "reference": example[2].reference,
            "from": 5,
            "to": 1,
            "reason": REASON,
            "office": "Alcaldía",
            "asked_by": "nobody",
            "asker": "",
        }
    ]


def test_a_move_holds_for_one_list_only(example, cabinet):
    propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    publish("gestion", actor=cabinet)
    assert titles(publish("gestion", actor=cabinet))[0] == "Sur 1"


def test_a_later_move_of_the_same_problem_takes_the_earlier_ones_place(example, cabinet):
    propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    propose_move(example[2], 2, REASON, asked=NOBODY, actor=cabinet)
    assert [each.to_place for each in Override.objects.waiting()] == [2]


def test_a_move_can_be_taken_back_until_a_list_used_it(example, cabinet):
    taken = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    withdraw_move(taken, actor=cabinet)
    used = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    publish("gestion", actor=cabinet)
    with pytest.raises(ListRefused, match="ya está en una lista"):
        withdraw_move(used, actor=cabinet)


@pytest.mark.parametrize("reason", ["", "   ", "porque sí", "x" * 501])
def test_a_move_needs_a_written_reason(issue, cabinet, reason):
    with pytest.raises(ListRefused, match="motivo público"):
        propose_move(issue, 1, reason, asked=NOBODY, actor=cabinet)


@pytest.mark.parametrize("place", [0, -1, 2**63])
def test_a_move_goes_to_a_place(issue, cabinet, place):
    with pytest.raises(ListRefused, match="lugar"):
        propose_move(issue, place, REASON, asked=NOBODY, actor=cabinet)


@pytest.mark.usefixtures("by_owner")
@pytest.mark.parametrize(
    "change",
    [
        lambda one: RankedList.objects.filter(pk=one.pk).update(office="Otra"),
        lambda one: RankedList.objects.filter(pk=one.pk).update(document="{}"),
        lambda one: RankedList.objects.filter(pk=one.pk)._raw_delete("default"),
        lambda one: one.places.filter(place=1).update(place=9),
        lambda one: one.places.filter(place=1).delete(),
        lambda one: one.overrides.update(reason="Otro motivo"),
        lambda one: one.overrides.all().delete(),
        lambda one: CoefficientTable.objects.update(year=2030),
    ],
)
def test_the_database_refuses_to_edit_what_was_published(example, cabinet, change):
    CoefficientTable.objects.create(year=2026, decision="Acuerdo", hundredths={}, author=cabinet)
    propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    made = publish("gestion", actor=cabinet)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(made)


def test_the_database_refuses_one_place_more(published, issue):
    place = published.places.last()
    place.pk, place.place, place.issue = None, 6, issue
    with pytest.raises(DatabaseError, match="no more places"), transaction.atomic():
        place.save(force_insert=True)


@pytest.mark.parametrize(
    ("number", "previous", "document"),
    [(3, "{digest}", None), (2, "", None), (2, "{digest}", '{"digest":"otra","number":2,"track":"gestion"}')],
)
def test_the_database_refuses_a_list_outside_the_chain(published, cabinet, number, previous, document):
    fields = {
        "number": number,
        "track": "gestion",
        "published_at": published.published_at,
        "published_by": cabinet,
        "digest": "1" * 64,
        "previous_digest": previous.format(digest=published.digest),
        "document": document or f'{{"digest":"{"1" * 64}","number":{number},"track":"gestion"}}',
    }
    with pytest.raises(DatabaseError, match="list"), transaction.atomic():
        RankedList.objects.create(**fields)


@pytest.mark.parametrize("problems", [1, 12])
def test_publishing_takes_the_same_number_of_queries(
    make_issue, cabinet, django_assert_max_num_queries, problems
):
    for _ in range(problems):
        make_issue()
    with django_assert_max_num_queries(24):
        publish("gestion", actor=cabinet)


@pytest.mark.django_db(transaction=True)
def test_of_four_people_who_publish_at_once_three_are_led_to_the_list_of_one(example, cabinet):
    told = []

    def one():
        try:
            told.append(publish("gestion", actor=cabinet).number)
        except AlreadyPublished as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RankedList.objects.count() == 1
    assert told.count(1) == 1
    assert sum("Alcaldía ya publicó la lista 1" in str(each) for each in told) == 3


def test_one_state_of_the_world_gives_one_list(published, cabinet):
    with pytest.raises(AlreadyPublished) as refusal:
        publish("gestion", actor=cabinet)
    assert refusal.value.ranked_list == published
    assert RankedList.objects.count() == 1


def test_a_list_that_came_in_between_is_told_even_where_the_world_went_on(published, make_issue, cabinet):
    make_issue(2, title="Otro de Centro")
    with pytest.raises(AlreadyPublished, match="ya publicó la lista 1"):
        publish("gestion", actor=cabinet, after=0)
    assert publish("gestion", actor=cabinet, after=1).number == 2


def test_a_world_that_came_back_may_be_published_again(published, publish_next, cabinet):
    publish_next()
    Issue.objects.filter(title="Otro de Centro").update(visibility="hidden", hidden_reason="Prueba")
    third = publish("gestion", actor=cabinet)
    assert titles(third) == titles(published)


def test_the_database_too_refuses_a_list_that_says_what_the_last_one_says(published, cabinet):
    frozen = json.loads(published.document)
    document = frozen | {"number": 2, "previous_digest": published.digest, "digest": "1" * 64}
    with pytest.raises(IntegrityError, match="says what the last list"):
        RankedList.objects.create(
            number=2,
            track="gestion",
            published_at=published.published_at,
            published_by=cabinet,
            office="Otra oficina",
            document=canonical_text(document | {"office": "Otra oficina"}),
            digest="1" * 64,
            previous_digest=published.digest,
        )


def test_a_text_keeps_its_salt_from_list_to_list(published, publish_next):
    before, after = (document_of(each)["texts"] for each in (published, publish_next()))
    assert [each for each in before if each not in after] == []


def test_a_text_that_changed_gets_another_salt(published, publish_next):
    Issue.objects.filter(title="Sur 1").update(title="Sur uno")
    texts = {each["text"]: each["salt"] for each in document_of(publish_next())["texts"]}
    (old,) = (each["salt"] for each in document_of(published)["texts"] if each["text"] == "Sur 1")
    assert "Sur 1" not in texts
    assert texts["Sur uno"] != old


def test_the_database_lets_a_text_be_erased_with_its_salt_and_nothing_else(published):
    texts = ListText.objects.filter(text="Sur 1")
    for change in (
        {"text": "Otro"},
        {"salt": "0" * 32},
        {"text": ""},
        {"commitment": "0" * 64, "text": "", "salt": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            texts.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        texts.delete()
    assert texts.update(text="", salt="") == 1
    document = document_of(published)
    assert "Sur 1" not in canonical_text(document)
    assert digest_of(document) == published.digest
    assert opened(document)["items"][0]["title"] == "oculto"


def test_both_know_the_same_words_of_the_act(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'ranked_list_says_more'")
        (source,) = cursor.fetchone()
    assert "{" + ",".join(OF_THE_ACT) + "}" in source
