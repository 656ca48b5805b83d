"""What a line hides cannot be guessed, and can be erased: nothing else of it, and no seal breaks."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from core.commitments import check, commit
from issues.life import edits
from issues.life.erasure import NothingToErase, erase_reason
from issues.life.seal import broken_heads, broken_lines, seal_history
from issues.models import HistoryEntry

WHY = "La señora Rosa lo pidió"


@pytest.fixture
def line(issue, facilitator) -> HistoryEntry:
    """A sealed line with a person and an internal reason."""
    edits.correct(issue, {"title": "Otro"}, actor=facilitator, office="Territorio", reason=WHY)
    edits.add_note(issue, "Sigue", actor=facilitator, office="Territorio")
    seal_history()
    return issue.history.get(reason=WHY)


def public_of(client, issue) -> list[dict]:
    return client.get(f"/api/v1/issues/{issue.pk}/history/").json()


def hidden(person: int | str, reason: str) -> str:
    return f"{person}\x1f{reason}"


def tell_erasure(line: HistoryEntry, **changed: object) -> None:
    told = {"kind": "config", "from_value": "erased", "to_value": f"issues.HistoryEntry {line.pk}"}
    HistoryEntry.objects.create(**told | {"office": "x", "at": line.at} | changed)


# --- Nobody is found ------------------------------------------------------------------------------


def test_ten_thousand_tries_with_the_public_data_find_nobody(client, line, facilitator):
    lines = public_of(client, line.issue)
    told = {each["sealed"] for each in lines}
    salts = {"", *(each[name][:32] for each in lines for name in ("sealed", "hash", "previous_hash"))}
    assert facilitator.pk <= 10_000
    for person in ("", *range(1, 10_001)):
        for text in (hidden(person, ""), hidden(person, WHY)):
            assert told.isdisjoint(hashlib.sha256(f"{salt}{text}".encode()).hexdigest() for salt in salts)


def test_whoever_knows_the_salt_finds_person_and_reason(client, line, facilitator):
    (told,) = [each["sealed"] for each in public_of(client, line.issue) if each["hash"] == line.hash]
    assert check(told, line.salt, hidden(facilitator.pk, WHY))
    assert not check(told, line.salt, hidden(facilitator.pk + 1, WHY))


@pytest.mark.parametrize("path", ["/api/v1/issues/{0.issue_id}/history/", "/datos/sellos.csv"])
def test_no_salt_is_public(client, line, path):
    answer = client.get(path.format(line))
    assert answer.status_code == 200
    text = b"".join(answer) if answer.streaming else answer.content
    assert not any(salt.encode() in text for salt in HistoryEntry.objects.values_list("salt", flat=True))


def test_the_same_person_and_reason_look_different_in_each_line(line, facilitator):
    edits.correct(line.issue, {"title": "Más"}, actor=facilitator, office="Territorio", reason=WHY)
    assert len(set(line.issue.history.filter(reason=WHY).values_list("sealed", flat=True))) == 2


@pytest.mark.parametrize("write", ["create", "bulk_create", "sql"])
def test_the_database_makes_the_salt_whoever_writes_and_whatever_they_say(issue, facilitator, write):
    salt = "0" * 32
    told = {"issue": issue, "kind": "note", "actor": facilitator, "office": "x", "reason": WHY}
    line = HistoryEntry(**told, at=issue.reported_at, salt=salt, sealed=commit(salt, hidden(1, "mentira")))
    if write == "create":
        line.save()
    elif write == "bulk_create":
        HistoryEntry.objects.bulk_create([line])
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO issues_historyentry (issue_id, kind, from_value, to_value, actor_id, office, at,"
                " reason, public_text, evidence, previous_hash, hash, salt)"
                " VALUES (%s, 'note', '', '', %s, 'x', now(), %s, '', '[]', '', '', %s)",
                [issue.pk, facilitator.pk, WHY, salt],
            )
    kept = issue.history.get(kind="note")
    assert kept.salt != salt
    assert check(kept.sealed, kept.salt, hidden(facilitator.pk, WHY))


# --- What is erased -------------------------------------------------------------------------------


def test_erasing_salt_and_reason_keeps_every_seal(client, line, administrator):
    before = public_of(client, line.issue)
    erase_reason(line.pk, actor=administrator)
    line.refresh_from_db()
    assert (line.salt, line.reason) == ("", "")
    assert public_of(client, line.issue) == before
    assert (broken_heads(), broken_lines()) == ([], [])
    call_command("seal_history", "--check")


def test_who_erased_is_a_line_of_the_history(line, administrator):
    erase_reason(line.pk, actor=administrator)
    told = HistoryEntry.objects.latest("pk")
    assert (told.kind, told.from_value, told.to_value) == (
        "config", "erased", f"issues.HistoryEntry {line.pk}",
    )  # fmt: skip
    assert told.actor == administrator


def test_what_was_erased_or_never_was_is_not_erased_again_and_nothing_is_told(line, administrator):
    erase_reason(line.pk, actor=administrator)
    lines = HistoryEntry.objects.count()
    for number in (line.pk, line.pk + 1_000):
        with pytest.raises(NothingToErase):
            erase_reason(number, actor=administrator)
    assert HistoryEntry.objects.count() == lines


@pytest.mark.parametrize(
    "change",
    [
        {"salt": ""},
        {"reason": ""},
        {"salt": "", "reason": "Otro motivo"},
        {"salt": "0" * 32, "reason": ""},
        {"salt": "", "reason": "", "actor": None},
        {"salt": "", "reason": "", "public_text": "Otro"},
        {"salt": "", "reason": "", "office": "Alcaldía"},
        {"salt": "", "reason": "", "sealed": "0" * 64},
        {"salt": "", "reason": "", "hash": "0" * 64},
        {"salt": "", "reason": "", "evidence": [1]},
        {"public_text": "Otro"},
    ],
)
def test_nothing_else_of_a_line_changes(line, change):
    tell_erasure(line)
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        HistoryEntry.objects.filter(pk=line.pk).update(**change)


def test_an_erased_line_is_never_filled_again(line, administrator):
    salt = line.salt
    erase_reason(line.pk, actor=administrator)
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        HistoryEntry.objects.filter(pk=line.pk).update(salt=salt, reason=WHY)


@pytest.mark.parametrize(
    "changed",
    [
        None,
        {"to_value": "issues.HistoryEntry 0"},
        {"from_value": "changed"},
        {"kind": "note"},
    ],
)
def test_nothing_is_erased_before_a_line_tells_it(line, changed):
    if changed:
        tell_erasure(line, **changed)
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        HistoryEntry.objects.filter(pk=line.pk).update(salt="", reason="")


@pytest.mark.usefixtures("by_owner")
def test_an_erasure_behind_the_guard_is_found(line):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE issues_historyentry DISABLE TRIGGER history_append_only")
        cursor.execute("UPDATE issues_historyentry SET salt = '', reason = '' WHERE id = %s", [line.pk])
        cursor.execute("ALTER TABLE issues_historyentry ENABLE TRIGGER history_append_only")
    assert len(broken_lines()) == 1


# --- The command ----------------------------------------------------------------------------------


def test_the_command_erases_in_the_name_of_an_administrator(line, administrator):
    call_command("erase_reason", line.pk, by=administrator.username, stdout=io.StringIO())
    line.refresh_from_db()
    assert (line.reason, HistoryEntry.objects.latest("pk").actor) == ("", administrator)


@pytest.mark.parametrize("who", ["facilitator", "manager", None])
def test_the_command_refuses_everybody_else(request, line, who):
    login = request.getfixturevalue(who).username if who else "nadie"
    with pytest.raises(CommandError, match="administración"):
        call_command("erase_reason", line.pk, by=login)
    line.refresh_from_db()
    assert line.reason == WHY


def test_the_command_says_when_there_is_nothing(administrator):
    with pytest.raises(CommandError, match="nada que borrar"):
        call_command("erase_reason", 1, by=administrator.username)
