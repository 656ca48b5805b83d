"""What counts as a letter, as nothing, and as the same word."""

import re
import sys
import unicodedata

import pytest
from django.db import connection
from django.db.models import CharField, Value
from hypothesis import given
from hypothesis import strategies as st

from core import letters
from core.letters import fold, is_blank, tidy, unfit
from core.postgis.folding import Folded

ALL = [chr(number) for number in range(sys.maxunicode + 1)]


@pytest.mark.parametrize(
    "text",
    [
        "", " \t\n", "\xa0\u3000", "\u200b\u2060\u200b", "\u202e\u2066", "\ufeff", "\u3164",
        "\u115f\u1160\uffa0",
        "\u2800", "\xad", "\u034f", "\ufe0f", "\U000e0061", "\u180e", "\x7f\x1b",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", "\u200bñ\u200b", "🕳️", "—", "\u0300", "水", "٣"])
def test_what_somebody_sees_is_not(text):
    assert not is_blank(text)


def test_every_blank_and_every_mark_of_format_is_known_but_those_that_print():
    printing = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
    hidden = [each for each in ALL if unicodedata.category(each) in ("Zs", "Zl", "Zp", "Cc", "Cf")]
    shown = {each for each in hidden if not is_blank(each) and not "\U00013430" <= each <= "\U0001345f"}
    assert shown - printing == {"\x00"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a\x00", 1), ("\ud800", 0), ("bien\udfff", 4), ("Se\ufffdal", 2), ("\ufffe", 0), ("\ufdd0", 0),
        ("\U0001ffff", 0), ("\U0010fffe", 0),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_found_where_it_stands(text, at):
    assert unfit(text).start() == at


def test_every_other_letter_can_be_kept():
    lost = [each for each in ALL if unfit(each)]
    assert len(lost) == 1 + 2048 + 1 + 66


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sen\u0303al cai\u0301da", "Señal caída"), ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x02b", "a b"),
        ("abc\u202egnp", "abcgnp"), ("O’Higgins – “sur”", "O’Higgins – “sur”"), ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)  # fmt: skip
def test_text_is_kept_as_a_keyboard_writes_it(text, kept):
    assert tidy(text) == kept


@given(st.text())
def test_tidying_twice_changes_nothing_more_and_adds_no_letter(text):
    once = tidy(text)
    assert tidy(once) == once
    assert fold(once) == fold(text)
    assert is_blank(once) == is_blank(text) or "\x00" in text


@pytest.mark.parametrize(
    "text",
    [
        "Bernardo O'Higgins", "BERNARDO O’HIGGINS", "bernardo  o‘higgins", "Bernardo O´Higgins",
        "bernardo ohiggins",
        "Bernardo-O`Higgins", "«Bernardo» O\u02bcHiggins", "Berna\u00adrdo O\u200bHiggins",
        "Be\u0301rnardo O'Higgins",
    ],
)  # fmt: skip
def test_one_street_has_one_fold(text):
    assert fold(text) == "bernardo ohiggins"


@pytest.mark.parametrize(
    ("one", "other"),
    [("sur-oriente", "Sur – Oriente"), ("ÑUÑOA", "nun\u0303oa"), ("ﬁerro", "fierro"), ("N.º 5", "n o 5")],
)
def test_spellings_of_the_same_are_one(one, other):
    assert fold(one) == fold(other)


def compiled(expression):
    compiler = connection.ops.compiler("SQLCompiler")(None, connection, None)
    return compiler.compile(expression.resolve_expression(None))


def asked(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", params)
        return cursor.fetchone()[0]


LATIN = st.text(st.characters(min_codepoint=1, max_codepoint=0x24F, exclude_characters="İ"))


@pytest.mark.django_db
@given(text=LATIN | st.text("aAñÑ’'´–\u0301\u200b\u202e ﬁ²ºª.,-_🕳"))
def test_the_database_holds_every_word_that_a_search_looks_for(text):
    kept = asked(*compiled(Folded(Value(text, CharField()))))
    assert [word for word in fold(text).split() if word not in kept] == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u200b", "a", "\u3164 ", "ñ\u200b", "\U000e0061", "\u2800"])
def test_the_database_reads_the_classes_as_python_does(text):
    seen = asked("%s ~ %s", [text, f"[^{letters.INVISIBLE}]"])
    assert seen is bool(re.search(f"[^{letters.INVISIBLE}]", text))
