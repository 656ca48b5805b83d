"""Renewing a list lowers numbers and follows files that moved; it never lets a new offender in."""

from collections import Counter

from tests.house.__main__ import renewed
from tests.house.allowed import Spared

LIST = {
    "a/x.py": Spared(2, "a reason"),
    "a/y.py": Spared(None, "meant to be so"),
    "a/z.py": Spared(1, "another"),
}


def test_a_mended_file_gets_its_lower_number_and_a_clean_one_leaves():
    assert renewed(Counter({"a/x.py": 1}), LIST) == (["1 a/x.py  a reason"], [])


def test_a_file_that_moved_keeps_its_reason():
    assert renewed(Counter({"b/x.py": 2, "b/y.py": 9}), LIST) == (
        ["2 b/x.py  a reason", "* b/y.py  meant to be so"],
        [],
    )


def test_more_than_was_spared_is_said_and_not_written():
    assert renewed(Counter({"a/x.py": 3, "new.py": 1}), LIST) == (
        ["2 a/x.py  a reason"],
        ["a/x.py: 3, mend it", "new.py: 1, mend it"],
    )
