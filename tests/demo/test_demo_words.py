"""The demo's words: enough of them for every category, and every one can be said."""

import csv
import random
import re
from pathlib import Path

import pytest
from django.conf import settings

from demo.words import Where, answers, names, problem_texts, tell

WHERE = Where("Av. Portales", "Av. Portales con El Carmen", "pasaje Los Copihues", "villa El Roble", 120)
LONGEST = Where("Libertador Bernardo O'Higgins", "x" * 60, "pasaje " + "x" * 24, "villa " + "x" * 24, 9990)


def shipped_codes() -> list[str]:
    with (Path(settings.BASE_DIR) / "shapefiles/categories.csv").open(encoding="utf-8") as file:
        return [row["codigo"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("code", shipped_codes())
def test_every_category_has_a_dozen_ways_to_be_told(code):
    texts = problem_texts()[code]
    assert len({title for title, _sentence in texts.openings}) >= 12
    assert len(texts.details) >= 3


@pytest.mark.parametrize("code", shipped_codes())
def test_every_text_fits_and_has_no_slot_left(code):
    texts = problem_texts()[code]
    for seed in range(len(texts.openings) * 3):
        title, description = tell(code, LONGEST, random.Random(seed))
        assert 10 <= len(title) <= 140
        assert title[0].isupper() or title[0].isdigit()
        assert not re.search(r"[{}]", title + description)


def test_the_words_of_a_problem_depend_only_on_the_dice():
    assert tell("PAV-01", WHERE, random.Random(4)) == tell("PAV-01", WHERE, random.Random(4))


def test_there_are_names_and_answers_for_every_moment():
    assert all(len(found) >= 3 for found in names().values())
    assert all(answers().values())
