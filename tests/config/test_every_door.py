"""Every text that can enter by a page, by the JSON of a screen, by a tablet or by another system's form.

The forms are found on the pages themselves, so a new field is walked without anybody thinking of it. What
cannot be kept is a 4xx with its sentence, never a server error, and nothing is half saved; what is kept is
as a keyboard writes it.
"""

from __future__ import annotations

import json
import re
import uuid
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models, transaction
from django.urls import Resolver404, resolve, reverse

from core.letters import INVISIBLE
from issues.models import Issue
from maps.models import issue_key
from tests.config.test_every_url import ROLES, TABLE, path_of, world  # noqa: F401 (a fixture)
from tests.pages import PageForm, forms_of
from tests.walks.conftest import Tablet
from walks.models import Held

OURS = {"accounts", "territories", "issues", "walks", "gatherings", "rankings", "handovers", "maps"}
# Refused wherever it stands.
NEVER = {
    "NUL": b"Ros\x00a",
    "lost": "Se\ufffdal".encode(),
    "half a letter": b"Se\xed\xa0\x80al",
    "other bytes": "Señal".encode("latin-1"),
    "no letter": "Se\ufffeal".encode(),
}
# Taken as it should have been typed, or refused by the field's own rule.
ODD = {
    "invisible": "\u200b\u2060\u3164".encode(),
    "decomposed": "Sen\u0303al cai\u0301da en la plaza".encode(),
    "controls": "a\x0bb\x02c\u2028d\u202ee y otras letras".encode(),
    "too long": b"x" * 141 + b" y" * 100_000,
}
# Addresses that answer with files or data.
NO_PAGE = re.compile(
    r"^api:|^open311|^ogc|^data|csv|xlsx|gpkg|pdf|json|logout|tile|feed|photo$|mini|original"
)
# The same field of another row, and what no person types.
AGAIN = re.compile(r"-([2-9]|1\d)$|^c[23]$|^csrfmiddlewaretoken$|^act_(key|seen|by|held)$")
FORM = "application/x-www-form-urlencoded"
# Raw by design: what tablets sent is kept letter by letter.
RAW = {"walks_syncrecord.body", "walks_conflictingbody.body"}


def columns_of_text() -> list[tuple[str, str]]:
    found = [
        (model._meta.db_table, each.column)
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for each in model._meta.local_fields
        if isinstance(each, models.CharField | models.TextField) and not each.generated
    ]
    return [(table, column) for table, column in found if f"{table}.{column}" not in RAW]


def rows() -> int:
    """What people wrote; a counted attempt (accounts.limits) is no such row."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    tables = {model._meta.db_table for model in models} - {"accounts_attempt"}
    counted = " + ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)
    return asked(f"SELECT {counted}", [])


def unclean() -> list[str]:
    """The columns that hold a text as no keyboard writes it."""
    parts = [
        f"""SELECT '{table}.{column}' FROM "{table}" WHERE "{column}" IS NOT NFC NORMALIZED
        OR "{column}" ~ %(odd)s OR ("{column}" <> '' AND "{column}" !~ %(seen)s)"""
        for table, column in columns_of_text()
    ]
    told = {"odd": "[\ufffd\x0b\x02\u2028\u202e]", "seen": f"[^{INVISIBLE}]"}
    return asked(f"SELECT array(SELECT * FROM ({' UNION '.join(parts)}) AS found)", told)


def asked(sql: str, params: object):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def encoded(values: dict[str, str], name: str, odd: bytes) -> str:
    # Without the key of the form: each of these is an act of its own.
    kept = {key: value for key, value in values.items() if key not in (name, "act_key")}
    return f"{urlencode(kept)}&{urlencode({name: ''})}{quote_from_bytes(odd)}"


def pages(world: dict) -> list[str]:  # noqa: F811
    """Every page there is, those of the administration too."""
    named = [path_of(name, world) for name, row in TABLE.items() if 200 in row and not NO_PAGE.search(name)]
    added = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        for model in admin.site._registry
    ]
    return [*named, reverse("follow", args=["problema", world["issue"].reference]), *added]


def doors(client, people, world) -> dict[tuple[str, str], tuple[object, PageForm]]:  # noqa: F811
    """(view, field) → who sends it, and the form; each once."""
    found = {}
    for person in people:
        client.logout()
        if person:
            client.force_login(person)
        for path in pages(world):
            answer = client.get(path)
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            for form in forms_of(answer.content.decode(), path):
                for name in form.texts:
                    if not AGAIN.search(name):
                        found.setdefault((view_of(form.action), name), (person, form))
    return found


def view_of(action: str) -> str:
    try:
        match = resolve(action.split("?")[0])
    except Resolver404:
        return action
    words = [each for each in map(str, match.kwargs.values()) if each.isalpha()]
    return " ".join([match.view_name, *words])


@pytest.fixture
def found(client, world, facilitator, manager, cabinet, administrator):  # noqa: F811
    client.raise_request_exception = False
    return doors(client, [None, manager, facilitator, cabinet, administrator], world)


def sent(client, door, name: str, odd: bytes) -> tuple[int, int, list[str]]:
    """The answer's status, how many rows more there are, and what was kept that should not be."""
    person, form = door
    client.logout()
    if person:
        client.force_login(person)
    with transaction.atomic():
        before = rows()
        answer = client.post(form.action, encoded(form.values, name, odd), content_type=FORM)
        if answer.status_code >= 500:
            told = answer.status_code, 0, []
        else:
            told = answer.status_code, rows() - before, unclean() if answer.status_code < 400 else []
        transaction.set_rollback(True)
    return told


def test_there_are_doors_to_walk(found):
    views = {view for view, _name in found}
    assert len(found) > 90
    assert {
        "account_login",
        "desk-act note",
        "desk-view-save",
        "follow problema",
        "paper-typing",
    } - views == set()


def tried(client, found, letters: dict[str, bytes]) -> dict[tuple, tuple[int, int, list[str]]]:
    """Every kind of odd text at every door."""
    return {
        (kind, *key): sent(client, door, key[1], odd)
        for kind, odd in letters.items()
        for key, door in found.items()
    }


def test_what_cannot_be_kept_is_refused_at_every_door_and_nothing_is_half_saved(client, found):
    answers = tried(client, found, NEVER)
    refused = {key for key, (status, more, _odd) in answers.items() if 400 <= status < 500 and more == 0}
    assert {key: answers[key] for key in set(answers) - refused} == {}


def test_what_can_be_kept_is_kept_as_a_keyboard_writes_it(client, found):
    answers = tried(client, found, ODD)
    assert {key: answer for key, answer in answers.items() if answer[0] >= 500 or answer[2]} == {}
    assert {key: answer for key, answer in answers.items() if answer[0] >= 400 and answer[1]} == {}


# --- Other systems, tablets and the screens of the room ------------------------------------------
OPEN311 = (
    "description",
    "address_string",
    "first_name",
    "last_name",
    "phone",
    "email",
    "service_code",
    "lat",
)


@pytest.mark.parametrize("name", OPEN311)
@pytest.mark.parametrize("odd", [*NEVER.values(), ODD["too long"]], ids=[*NEVER, "too long"])
def test_another_system_is_told_what_cannot_be_kept(client, town, pothole, name, odd):
    told = {"api_key": issue_key("Otro"), "service_code": "PAV-01", "lat": "-33.51", "long": "-70.79"}
    answer = client.post("/open311/v2/requests.json", encoded(told, name, odd), content_type=FORM)
    assert answer.status_code in (400, 404)
    assert answer.json()[0]["description"].endswith(".")
    assert not Issue.objects.exists()


RECORDS = {
    "issue": ["title", "description", "address", "category", "levels_evidence"],
    "remark": ["text"],
    "change": ["text"],
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in RECORDS.items() for name in names]
)
@pytest.mark.parametrize("odd", ["Ros\x00a", "Se\ufffdal", "\ufffe", "\u200b", "Sen\u0303al", "x" * 20_000])
def test_a_tablet_is_told_or_a_person_looks(make_issue, facilitator, kind, name, odd):
    known, tablet = make_issue(), Tablet(facilitator)
    about = (
        {} if kind == "issue" else {"issue": str(known.pk), "text": "Sigue ahí", "changes": {"gone": True}}
    )
    (told,) = tablet.say(tablet.record(kind, **about | {name: odd}))
    assert told["result"] in ("stored", "held", "error")
    assert told["result"] != "stored" or odd in ("\u200b", "Sen\u0303al", "x" * 20_000)
    assert unclean() == []
    assert Issue.objects.count() + Held.objects.count() <= 2


ROOM = {
    "organisation": {"name": "Club", "kind": "club", "people": 1},
    "annul": {"reason": "Se contó mal"},
    "witnesses": {"names": ["Ana"]},
    "map": {"category": "PAV-01", "title": "Hoyo", "lat": -33.51, "lng": -70.79},
    "note": {"kind": "agreement", "text": "Se acordó", "reason": "x", "office": "y"},
    "judge": {"issue": str(uuid.uuid4()), "verdict": "verified", "text": "bien"},
}


@pytest.mark.parametrize(
    ("action", "name"), [(action, name) for action, body in ROOM.items() for name in [*body, "unread"]]
)
@pytest.mark.parametrize("odd", ["a\x00", "\ud800", "\ufffd", "x" * 20_000, "Sen\u0303al"])
def test_the_room_is_told_what_cannot_be_kept(client, world, facilitator, action, name, odd):  # noqa: F811
    client.force_login(facilitator)
    gathering = world["gathering"]
    client.post(reverse("gathering-do", args=[gathering.pk, "open"]), *_json({}))
    body = ROOM[action] | {name: [odd] if name == "names" else odd}
    answer = client.post(reverse("gathering-do", args=[gathering.pk, action]), *_json(body))
    assert answer.status_code < 500
    assert answer.status_code >= 400 or odd in ("Sen\u0303al", "x" * 20_000)
    assert unclean() == []


def _json(body: dict) -> tuple[str, str]:
    return json.dumps({"key": str(uuid.uuid4()), **body}), "application/json"
