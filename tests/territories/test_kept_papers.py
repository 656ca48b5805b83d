"""A paper is rendered once and kept; it is made anew only when it would say something else."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from core.models import KeptPaper
from territories import kept_papers

pytestmark = pytest.mark.django_db


def paper(says: object, made: list[bytes], content: bytes) -> bytes:
    def make() -> bytes:
        made.append(content)
        return content

    return kept_papers.kept("acta/7", says, make)


def test_what_says_the_same_is_made_once_and_is_the_same_to_the_byte():
    made: list[bytes] = []
    assert paper(["a"], made, b"one") == paper(["a"], made, b"two") == b"one"
    assert made == [b"one"]


def test_what_says_less_is_made_anew_and_what_it_said_is_nowhere_any_more():
    made: list[bytes] = []
    paper(["a", "secret"], made, b"with")
    assert paper(["a"], made, b"without") == b"without"
    assert [bytes(each.content) for each in KeptPaper.objects.all()] == [b"without"]


def test_a_paper_that_cannot_be_kept_is_given_all_the_same():
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        assert paper(["a"], [], b"one") == b"one"
    assert not KeptPaper.objects.exists()
