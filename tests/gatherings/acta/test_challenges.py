"""A challenge: filed in writing by who was present, decided in public by two who did not count."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from gatherings import verify
from gatherings.acta import challenges
from gatherings.acta import document as actas
from gatherings.models import Challenge, ChallengeWord, Organisation
from gatherings.refusals import RoomRefused
from rankings import publishing
from rankings.pending import queues
from rankings.publishing import publish

WHY = "Las fichas de la mesa dos no se contaron"
SAID = "Volvimos a contar las fichas de la urna"


@pytest.fixture
def others(django_user_model):
    """Three facilitators who had nothing to do with the evening."""
    return [
        django_user_model.objects.create_user(
            f"aparte{n}", f"aparte{n}@example.cl", "clave-de-prueba", role=Role.FACILITATOR
        )
        for n in range(3)
    ]


@pytest.fixture
def objected(closed, junta, cabinet):
    return challenges.file(closed, junta.pk, WHY, cabinet)


def decide(challenge, outcome, *people, now=None) -> None:
    for person in people:
        challenges.say(challenge.pk, outcome, SAID, person, now)
    challenge.refresh_from_db()


def voted(gathering) -> list:
    """The votes that the next list would use."""
    return [each.vote for queue in queues("gestion") for each in queue.candidates if each.vote]


def file_of(client, gathering) -> bytes:
    return client.get(reverse("gathering-json", args=[gathering.number])).content


@pytest.mark.parametrize(
    ("said", "outcome", "is_used"),
    [
        ([], "", False),
        (["stands"], "", False),
        (["stands", "set_aside"], "", False),
        (["stands", "stands"], "stands", True),
        (["set_aside", "set_aside"], "set_aside", False),
        (["stands", "set_aside", "stands"], "stands", True),
        (["stands", "set_aside", "set_aside"], "set_aside", False),
    ],
)
def test_two_that_say_the_same_decide_and_lists_follow(closed, objected, others, said, outcome, is_used):
    for person, each in zip(others, said, strict=False):
        decide(objected, each, person)
    objected.refresh_from_db()
    assert objected.outcome == outcome
    assert bool(voted(closed)) == is_used


def test_nobody_decides_in_fifteen_days_and_the_count_stands(closed, objected, others, time_machine):
    time_machine.move_to(objected.at + dt.timedelta(days=15) - dt.timedelta(seconds=1), tick=False)
    assert not voted(closed)
    time_machine.shift(dt.timedelta(seconds=2))
    assert voted(closed)
    with pytest.raises(RoomRefused, match="plazo terminó"):
        decide(objected, "set_aside", others[0])


def test_a_list_goes_back_to_the_vote_before(closed, objected, cabinet, others):
    decide(objected, "set_aside", *others[:2])
    listed = publish("gestion", actor=cabinet)
    assert {item["vote"] for item in json.loads(listed.document)["items"]} == {None}


def test_the_database_lets_no_list_use_a_disputed_count(closed, junta, cabinet):
    made = publishing.draft("gestion", office=cabinet.office).document
    challenges.file(closed, junta.pk, WHY, cabinet)
    with pytest.raises(DatabaseError, match="objected"), transaction.atomic():
        listed = publishing._store(made, timezone.now(), cabinet, None)
        publishing._store_places(listed, made)


REFUSED = {
    "an organisation that did not come": (
        lambda closed, junta: Organisation.objects.create(name="Club", kind="club").pk,
        WHY,
    ),
    "no organisation": (lambda closed, junta: 0, WHY),
    "no words": (lambda closed, junta: junta.pk, " . "),
    "too many words": (lambda closed, junta: junta.pk, "a" * 1001),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_objection_needs_somebody_present_and_words(closed, junta, cabinet, name):
    who, text = REFUSED[name]
    with pytest.raises(RoomRefused):
        challenges.file(closed, who(closed, junta), text, cabinet)
    assert not Challenge.objects.exists()


def test_an_organisation_objects_once(closed, objected, junta, cabinet):
    with pytest.raises(RoomRefused, match="ya objetó"):
        challenges.file(closed, junta.pk, WHY, cabinet)


def test_before_the_close_and_after_the_acta_nobody_objects(voting, junta, cabinet):
    with pytest.raises(RoomRefused, match="conteo cerrado"):
        challenges.file(voting, junta.pk, WHY, cabinet)


def test_after_the_acta_nobody_objects_and_before_a_decision_there_is_no_acta(
    closed, objected, others, cabinet
):
    for state in ("read", "signed"):
        actas.go_on(closed, state)
    with pytest.raises(RoomRefused, match="objeción sin decidir"):
        actas.go_on(closed, "published")
    decide(objected, "stands", *others[:2])
    assert actas.go_on(closed, "published").state == "published"
    club = Organisation.objects.create(name="Club", kind="club")
    with pytest.raises(RoomRefused, match="hasta que se publica"):
        challenges.file(closed, club.pk, WHY, cabinet)


@pytest.mark.parametrize("who", ["facilitator", "counter"])
def test_who_counted_or_conducted_decides_nothing(objected, request, who):
    with pytest.raises(RoomRefused, match="no contó ni condujo"):
        decide(objected, "stands", request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["manager", "cabinet", "administrator"])
def test_whose_duty_it_is_not_decides_nothing(objected, request, who):
    with pytest.raises(PermissionDenied):
        decide(objected, "stands", request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_whose_duty_it_is_not_receives_nothing(closed, junta, request, who):
    with pytest.raises(PermissionDenied):
        challenges.file(closed, junta.pk, WHY, request.getfixturevalue(who))


def test_nobody_decides_alone(objected, others):
    decide(objected, "stands", others[0])
    with pytest.raises(RoomRefused, match="decide otra persona"):
        decide(objected, "stands", others[0])


def test_an_outcome_that_is_none_is_refused(objected, others):
    with pytest.raises(RoomRefused, match="vale o no"):
        decide(objected, "perhaps", others[0])


def _word(objected, user, **more) -> ChallengeWord:
    facts = {"office": "x", "outcome": "stands", "at": timezone.now(), "commitment": "0" * 64} | more
    return ChallengeWord.objects.create(challenge=objected, user=user, **facts)


GUARDED = {
    "another text": lambda c, o, u: Challenge.objects.update(text="otra cosa", salt="1" * 32),
    "a deletion": lambda c, o, u: Challenge.objects.all().delete(),
    "an outcome of nobody": lambda c, o, u: Challenge.objects.update(outcome="stands"),
    "a word of who counted": lambda c, o, u: _word(o, c.facilitator),
    "a word too late": lambda c, o, u: _word(o, u, at=o.at + dt.timedelta(days=15, seconds=1)),
    "a word before": lambda c, o, u: _word(o, u, at=o.at - dt.timedelta(seconds=1)),
    "an acta over it": lambda c, o, u: [
        actas.acta_of(c), *(type(actas.acta_of(c)).objects.filter(gathering=c).update(
            state=state, document="{}", digest="0" * 64, published_at=timezone.now())
            for state in ("read", "signed", "published"))],
    "a stranger's objection": lambda c, o, u: Challenge.objects.create(
        gathering=c, organisation=Organisation.objects.create(name="Club", kind="club"), name="Club",
        at=timezone.now(), commitment="0" * 64, received_by=u),
}  # fmt: skip


@pytest.mark.parametrize("name", GUARDED)
def test_the_database_holds_it_too(closed, objected, others, name):
    with pytest.raises(DatabaseError), transaction.atomic():
        GUARDED[name](closed, objected, others[0])


def test_said_words_are_kept(objected, others):
    decide(objected, "stands", others[0])
    for change in (
        lambda: ChallengeWord.objects.update(outcome="set_aside"),
        lambda: ChallengeWord.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_file_tells_it_with_a_digest_of_its_own_and_the_first_digest_stays(
    client, closed, objected, others
):
    decide(objected, "stands", *others[:2])
    content = file_of(client, closed)
    assert verify.sentences(content) == []
    document = json.loads(content)
    assert document["digest"] == closed.digest
    (told,) = document["challenges"]
    assert (told["outcome"], [word["outcome"] for word in told["words"]]) == ("stands", ["stands"] * 2)
    assert {WHY, SAID} <= {each["text"] for each in document["texts"]}


def test_a_text_that_is_taken_away_leaves_the_file_true(client, closed, objected):
    Challenge.objects.update(text="", salt="")
    content = file_of(client, closed)
    assert WHY not in content.decode()
    assert verify.sentences(content) == []


def test_page_acta_and_api_tell_it(client, closed, objected, others, facilitator):
    decide(objected, "set_aside", *others[:2])
    page = client.get(reverse("gathering-challenges", args=[closed.pk])).content.decode()
    assert WHY in page
    assert page.count(SAID) == 2
    assert "el conteo no vale" in page
    assert "Este conteo no vale" in client.get(reverse("gathering", args=[closed.pk])).content.decode()
    (told,) = client.get(reverse("api:gathering-detail", args=[closed.pk])).json()["challenges"]
    assert (told["state"], told["text"], len(told["words"])) == ("set_aside", WHY, 2)
    client.force_login(facilitator)
    assert WHY in client.get(reverse("gathering-acta", args=[closed.pk])).content.decode()


def test_the_office_notes_it_and_two_others_decide_it_on_the_page(client, closed, junta, cabinet, others):
    address = reverse("gathering-challenges", args=[closed.pk])
    client.force_login(cabinet)
    assert junta.name in client.get(address).content.decode()
    assert client.post(address, {"organisation": junta.pk, "text": "corto"}).status_code == 400
    assert client.post(address, {"organisation": junta.pk, "text": WHY}).status_code == 302
    (challenge,) = Challenge.objects.all()
    word = {"challenge": challenge.pk, "outcome": "stands", "text": SAID}
    assert client.post(address, word).status_code == 404
    for person in others[:2]:
        client.force_login(person)
        assert "¿Vale el conteo?" in client.get(address).content.decode()
        assert client.post(address, word).status_code == 302
    challenge.refresh_from_db()
    assert challenge.outcome == "stands"
    assert "¿Vale el conteo?" not in client.get(address).content.decode()


def test_strangers_read_and_do_not_write(client, closed, junta, voting):
    address = reverse("gathering-challenges", args=[closed.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"organisation": junta.pk, "text": WHY}).status_code == 404
    assert not Challenge.objects.exists()


def test_many_objections_are_as_many_queries_as_few(
    client, closed, objected, make_issue, others, cabinet, django_assert_max_num_queries
):
    decide(objected, "stands", *others[:2])
    with django_assert_max_num_queries(12):
        client.get(reverse("gathering-challenges", args=[closed.pk]))
