"""The file of an evening: sealed at the close, checked by anyone, and every tampering named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from gatherings import verify
from gatherings.models import GatheringRecord
from issues.life.levels import confirm_levels, set_levels
from issues.models import Issue
from tests.gatherings.acta import tampered
from tests.gatherings.acta.tampered import CASES

VERIFIER = Path(verify.__file__)


def run(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def file_of(client, gathering) -> bytes:
    return client.get(reverse("gathering-json", args=[gathering.number])).content


@pytest.mark.parametrize("evening", tampered.HONEST)
def test_an_honest_evening_holds(evening):
    assert verify.sentences(tampered.written(tampered.fitted(evening()))) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_tampering_is_named(case):
    told = verify.sentences(case.make())
    assert any(case.says in sentence for sentence in told), told


def test_there_are_sixty_tamperings_and_half_fit_every_digest():
    fitted = [
        case for case in CASES if not any("la huella" in told for told in verify.sentences(case.make()))
    ]
    assert len(CASES) >= 60
    assert len(fitted) >= len(CASES) / 2


def test_a_closed_gathering_is_a_file_that_holds_alone(client, closed, tmp_path):
    path = tmp_path / "acta.json"
    path.write_bytes(file_of(client, closed))
    told = run(path)
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert "✓ los totales se anotaron dos veces" in told.stdout
    document = json.loads(path.read_bytes())
    assert document["digest"] == closed.digest
    assert document["counters"][0] == closed.facilitator.office
    document["places"][0]["tokens"] += 1
    path.write_text(verify.canonical(document), encoding="utf-8")
    told = run(path)
    assert told.returncode == 1
    assert "la huella no corresponde" in told.stdout


def test_ballots_stand_in_the_file_from_ten_on_and_by_content_alone(client, do, seven, again):
    ids = [str(issue.pk) for issue in seven]
    do("open")
    do("attendance", organisation=None, people=12, voters=None)
    do("mode", mode="ballots")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")
    for number in range(1, 11):
        do("paper", number=number, choices={ids[number % 3]: 2, ids[5]: 1})
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close", reason="dos personas se fueron")
    content = file_of(client, closed)
    assert verify.sentences(content) == []
    document = json.loads(content)
    assert len(document["ballots"]) == 10
    assert [text["text"] for text in document["texts"]] == ["dos personas se fueron"]
    assert not any(issue in content.decode() for issue in ids)


def test_of_few_ballots_only_totals_are_told(client, do, seven, again):
    ids = [str(issue.pk) for issue in seven]
    do("open")
    do("attendance", organisation=None, people=2, voters=None)
    do("mode", mode="ballots")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")
    for number in (1, 2):
        do("paper", number=number, choices={ids[0]: 2})
    do("witnesses", names=["a", "b"])
    again()
    content = file_of(client, do("close"))
    assert verify.sentences(content) == []
    assert json.loads(content)["ballots"] is None


def test_a_text_that_was_hidden_leaves_the_file_true(client, voting, do, seven, annul, again):
    do("total", issue=str(seven[0].pk), tokens=10, people=6)
    annul("se cayó la urna")
    do("start")
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1)
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close")
    assert "se cayó la urna" in file_of(client, closed).decode()
    GatheringRecord.objects.filter(gathering=closed).update(texts=[])
    assert verify.sentences(file_of(client, closed)) == []


def test_the_file_tells_what_two_accounts_said_of_levels_and_every_change(
    client, voting, do, seven, again, facilitator, colleague
):
    levels = {"severity": 2, "reach": 2, "duration": 1, "vulnerability": 0}
    set_levels(seven[0], levels, actor=facilitator, office="Equipo", evidence="lo vimos")
    confirm_levels(seven[0], (2, 2, 1, 0), actor=colleague, office="Otro equipo")
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, tokens_before=None, people_before=None)
    do("witnesses", names=["a", "b"])
    again()
    content = file_of(client, do("close"))
    assert verify.sentences(content) == []
    document = json.loads(content)
    told = {row["reference"]: row for row in document["levels"]}
    assert told[seven[0].reference]["levels"] == [2, 2, 1, 0]
    assert [change["after"] for change in told[seven[0].reference]["changes"]] == [160, 160]
    assert told[seven[1].reference]["levels"] is None
    assert {row["index"] for row in document["places"]} == {160, None}


def test_a_hidden_problem_leaves_no_word_in_the_file(client, closed, seven):
    Issue.objects.filter(pk=seven[0].pk).update(visibility="hidden", hidden_reason="insulto")
    assert seven[0].title not in file_of(client, closed).decode()


@pytest.mark.parametrize(
    "change",
    [
        lambda: GatheringRecord.objects.update(document="{}"),
        lambda: GatheringRecord.objects.all().delete(),
    ],
)
def test_the_database_keeps_the_file(closed, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_before_the_close_there_is_no_file(client, voting):
    assert client.get(reverse("gathering-json", args=[voting.number])).status_code == 404
    assert client.get(reverse("gathering-check", args=[voting.number])).status_code == 404


def test_the_page_and_the_program_are_for_everyone(client, closed):
    page = client.get(reverse("gathering-check", args=[closed.number]))
    assert page.status_code == 200
    assert closed.digest in page.content.decode()
    assert client.get(reverse("gathering-verifier")).content == VERIFIER.read_bytes()


@pytest.mark.parametrize("arguments", [[], ["-x"], ["no-hay.json"]])
def test_without_a_file_it_fails_and_says_so(arguments):
    told = run(*arguments)
    assert (told.returncode, told.stderr) == (1, "")


def test_the_evening_that_the_units_of_scripts_read_holds():
    content = (Path(__file__).parent / "evening.json").read_bytes()
    assert verify.sentences(content) == []
    assert content == tampered.written(tampered.fitted(tampered.ballots_evening()))
