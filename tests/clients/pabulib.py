"""pabutools as a client (`make weekly PART=pabulib`): it counts an evening as the room did.

PABUTOOLS_PYTHON names the interpreter that can `import pabutools`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from gatherings import verify
from gatherings.acta import pabulib
from tests.gatherings.acta import tampered

READER = Path(__file__).with_name("pabulib_reader.py")
PYTHON = os.environ.get("PABUTOOLS_PYTHON", "python3")


def evening(seed: int) -> dict:
    """Forty ballots on seven problems; the fifth and the sixth never tie: there the rule is ours."""
    chance = random.Random(seed)
    while True:
        ballots = [_ballot(chance) for _each in range(40)]
        document = tampered.ballots_evening() | {"ballots": sorted(ballots, key=verify.canonical)}
        rows = [
            tampered.place(0, name, sum(b.get(name, 0) for b in ballots), sum(name in b for b in ballots))
            for name in tampered.REFERENCES
        ]
        rows.sort(key=verify.place_key)
        document["places"] = [row | {"place": number} for number, row in enumerate(rows, 1)]
        if rows[4]["tokens"] > rows[5]["tokens"]:
            return tampered.fitted(document)


def _ballot(chance: random.Random) -> dict[str, int]:
    chosen = chance.sample(tampered.REFERENCES, chance.choice([0, 1, 2, 3, 4]))
    return dict(zip(chosen, [2, 1, 1, 1], strict=False))


@pytest.mark.parametrize("seed", range(20))
def test_pabutools_puts_the_same_five_first(tmp_path, seed):
    document = evening(seed)
    path = tmp_path / "acta.pb"
    path.write_text(pabulib.text_of(document), encoding="utf-8")
    done = subprocess.run([PYTHON, str(READER), str(path)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["scores"] == {row["reference"]: row["tokens"] for row in document["places"]}
    assert told["chosen"] == sorted(row["reference"] for row in document["places"][:5])
    assert (told["votes"], told["budget"], told["most_on_one"], told["most_of_one"]) == (40, 5, 2, 5)
