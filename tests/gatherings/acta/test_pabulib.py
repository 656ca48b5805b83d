"""The evening as a Pabulib file: the ballots that acta.json tells, and no other."""

from __future__ import annotations

import csv

from django.urls import reverse

from gatherings.acta import pabulib
from tests.gatherings.acta import tampered


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(), delimiter=";"))


def test_every_ballot_stands_in_it_by_its_content_and_a_blank_one_too():
    document = tampered.fitted(tampered.ballots_evening())
    document["ballots"].append({})
    told = rows(pabulib.text_of(document))
    votes = told[told.index(["VOTES"]) + 2 :]
    assert len(votes) == 12
    assert votes[-1] == ["12", "none", "none"]
    assert ["6", "M-2026-000001,M-2026-000002,M-2026-000003", "2,2,1"] in votes
    assert ["max_sum_points", "5"] in told
    assert ["M-2026-000001", "1", "10", "16", "1"] in told


def test_where_no_ballots_are_told_there_is_no_file(client, closed):
    assert pabulib.text_of(tampered.tokens_evening()) is None
    assert client.get(reverse("gathering-pb", args=[closed.number])).status_code == 404
    assert "Pabulib" not in client.get(reverse("gathering-check", args=[closed.number])).content.decode()


def test_an_evening_on_paper_is_a_file(client, do, seven, again):
    ids = [str(issue.pk) for issue in seven]
    do("open")
    do("attendance", organisation=None, people=10, voters=None)
    do("mode", mode="ballots")
    for issue in ids:
        do("ballot-add", issue=issue)
    do("start")
    for number in range(1, 11):
        do("paper", number=number, choices={ids[number % 3]: 2})
    do("witnesses", names=["a", "b"])
    again()
    closed = do("close")
    answer = client.get(reverse("gathering-pb", args=[closed.number]))
    assert f'filename="acta-{closed.number}.pb"' in answer["Content-Disposition"]
    assert ["num_votes", "10"] in rows(answer.content.decode())
    assert closed.digest in answer.content.decode()
    assert "Pabulib" in client.get(reverse("gathering-check", args=[closed.number])).content.decode()
