"""Which bytes of a file a request asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories.basemap.byte_ranges import OutOfReach, asked_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=10-19", (10, 10)),
        ("bytes=90-500", (90, 10)),
        ("bytes=40-", (40, 60)),
        ("bytes=-10", (90, 10)),
        ("bytes=-500", (0, 100)),
        (" bytes=1-2 ", (1, 2)),
    ],
)
def test_one_range_is_a_part(header, part):
    assert asked_range(header, 100) == part


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes=a-b",
        "bytes=٣-٤",
        f"bytes={'9' * 40}-",
    ],
)
def test_what_is_no_range_of_ours_is_the_whole_file(header):
    assert asked_range(header, 100) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0)])
def test_a_range_behind_the_end_is_out_of_reach(header, size):
    with pytest.raises(OutOfReach):
        asked_range(header, size)


@given(
    header=st.one_of(
        st.text(max_size=40), st.from_regex(r"bytes=[0-9]{0,20}-[0-9]{0,20}(,[0-9]-[0-9])?", fullmatch=True)
    ),
    size=st.integers(0, 2**63),
)
def test_every_part_lies_in_the_file(header, size):
    try:
        part = asked_range(header, size)
    except OutOfReach:
        return
    if part:
        start, length = part
        assert 0 <= start < start + length <= size
