"""Logs for people and for machines: discreet, counted, and turned over where they are files."""

from __future__ import annotations

import json
import logging
import logging.config

import pytest

from core.errors import FAULTS
from core.logs import FILE_BYTES, FILES, logging_config


@pytest.fixture
def written(tmp_path):
    """Configures the root logger for a file, and gives what a call wrote into it; all is as before after."""
    file, root = tmp_path / "x.log", logging.getLogger()
    before = root.handlers[:], root.level

    def write(format: str, *words: object, fault: bool = False) -> str:
        logging.config.dictConfig(logging_config(level="INFO", format=format, file=str(file)))
        logging.getLogger("house").log(logging.ERROR if fault else logging.INFO, *words)
        return file.read_text()

    yield write
    root.handlers[:], root.level = before


def test_a_line_says_when_how_bad_who_and_what_but_no_address(written):
    line = written("line", "to %s", "vecina@example.cl")
    assert line.endswith(" INFO house to …@…\n")


def test_json_is_one_object_for_each_record(written):
    told = json.loads(written("json", "to %s\nand on", "vecina@example.cl"))
    assert (told["level"], told["logger"], told["message"]) == ("INFO", "house", "to …@…\nand on")
    assert told["time"].endswith("+00:00")


def test_faults_are_counted_and_news_are_not(written):
    before = FAULTS._value.get()
    written("line", "news")
    written("line", "fault", fault=True)
    assert FAULTS._value.get() == before + 1


def test_a_file_turns_over_and_few_are_kept(written):
    written("line", "x")
    handler = next(one for one in logging.getLogger().handlers if hasattr(one, "maxBytes"))
    assert (handler.maxBytes, handler.backupCount) == (FILE_BYTES, FILES)
