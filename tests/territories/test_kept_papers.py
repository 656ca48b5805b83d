"""A paper is rendered once and kept; it is made anew only when it would say something else."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from core.models import KeptPaper
from territories import kept_papers
from tests.roles import owner

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


@pytest.fixture
def full_database():
    """Calling the first lets the database find no room for a paper (53100), the second frees the disk."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )

    def fill() -> None:
        with owner(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON core_keptpaper EXECUTE FUNCTION no_room()"
            )

    def free() -> None:
        with owner(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER no_room ON core_keptpaper")

    return fill, free


def test_on_a_full_disk_everyone_still_gets_the_paper_and_with_room_again_it_is_kept(full_database):
    fill, free = full_database
    made: list[bytes] = []
    fill()
    assert [paper(["a"], made, b"one") for _reader in range(2)] == [b"one", b"one"]
    assert not KeptPaper.objects.exists()
    free()
    assert paper(["a"], made, b"one") == paper(["a"], made, b"two") == b"one"
    assert len(made) == 3


def test_a_full_disk_never_gives_what_a_paper_said_before(full_database):
    """The paper with what was hidden meanwhile stays in its row, and nobody is given it."""
    fill, _free = full_database
    paper(["a", "secret"], [], b"with")
    fill()
    assert paper(["a"], [], b"without") == b"without"
