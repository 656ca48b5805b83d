"""What cannot be missing is handed through; what is missing all the same is said at once."""

import pytest

from core.typing import present


@pytest.mark.parametrize("value", [0, "", False, [], "a"])
def test_what_is_there_is_handed_through_even_if_it_counts_as_nothing(value):
    assert present(value) is value


def test_what_is_missing_is_an_error():
    with pytest.raises(TypeError):
        present(None)
