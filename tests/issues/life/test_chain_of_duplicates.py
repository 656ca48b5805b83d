"""b was joined to a, later a to c: whatever knows b or a reaches c."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core.exceptions import ObjectDoesNotExist

from issues.life.duplicates import merge, support
from issues.models import EntryKind, HistoryEntry, Issue
from issues.workflow import TransitionRefused


@pytest.fixture
def chain(make_issue) -> tuple[Issue, Issue, Issue]:
    """b, a and c after both joins; each was supported by one neighbour of its own and by one of all."""
    b, a, c = (make_issue(title=title) for title in ("Hoyo", "Bache", "Socavón"))
    for each in (b, a, c):
        support(each, "club de todas")
        support(each, f"vecina de {each.title}")
    merge(b, a, actor=None, office="Oficina")
    merge(a, c, actor=None, office="Oficina")
    return tuple(Issue.objects.get(pk=each.pk) for each in (b, a, c))


def test_every_duplicate_leads_to_the_one_that_stays(chain):
    b, a, c = chain
    assert (b.duplicate_of, a.duplicate_of, c.duplicate_of) == (c, c, None)
    assert set(c.duplicates.all()) == {a, b}


def test_each_neighbour_is_counted_once_where_all_ended(chain):
    assert chain[2].support_count == chain[2].supports.count() == 4


def test_every_page_links_to_the_survivor_and_the_survivor_to_all(client, chain):
    b, a, c = chain
    for each in (b, a):
        assert f"/problemas/{c.reference}/" in client.get(f"/problemas/{each.reference}/").content.decode()
    page = client.get(f"/problemas/{c.reference}/").content.decode()
    assert f"/problemas/{a.reference}/" in page and f"/problemas/{b.reference}/" in page


def test_the_history_of_the_first_says_where_it_goes_on(chain):
    b, _a, c = chain
    lines = HistoryEntry.objects.filter(issue=b, kind=EntryKind.MERGE)
    assert [line.to_value for line in lines] == [c.reference]
    assert c.reference in lines.get().public_text


def test_nothing_can_be_joined_to_a_duplicate(chain, make_issue):
    with pytest.raises(TransitionRefused, match="elige uno que siga abierto"):
        merge(make_issue(), chain[0], actor=None, office="Oficina")


@pytest.mark.parametrize("length", [3, 6])
def test_a_long_chain_ends_where_it_ends(make_issue, length):
    line = [make_issue(title=f"Hoyo {n}") for n in range(length)]
    for earlier, later in pairwise(line):
        merge(Issue.objects.get(pk=earlier.pk), later, actor=None, office="Oficina")
    assert set(line[-1].duplicates.all()) == set(line[:-1])
    with pytest.raises(ObjectDoesNotExist):
        Issue.objects.get(duplicate_of__duplicate_of__isnull=False)
