"""What the laboratory of full disks looks for, and how it tells what it saw."""

from __future__ import annotations

import json

from scripts import disk
from tests.storm.disk import halves


def test_planted_half_files_are_found_and_whole_ones_are_not(tmp_path):
    media, exports = tmp_path / "media", tmp_path / "exports"
    there = ("2026/whole.jpg", "inbox/.part-x"), ("7.csv", "7.part.csv", "8.csv")
    for file in [*(media / name for name in there[0]), *(exports / name for name in there[1])]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    assert sorted(halves(media, exports, {"7"})) == [".part-x", "7.part.csv", "8.csv"]


def test_what_was_seen_is_one_line(tmp_path):
    phase = {"disk": "wal", "pages": {"/": {"503": 20}}, "tablets": {"200": 3, "503": 9}, "back_seconds": 6.4}
    told = tmp_path / "report.json"
    assert disk.size(told) == "broken off"
    told.write_text(json.dumps({"seconds": 271.2, "acknowledged": 617, "phases": [phase]}))
    assert disk.size(told) == "271 s, 617 acts; full: wal (map 503×20, tablets 200×3 503×9, back after 6.4 s)"
