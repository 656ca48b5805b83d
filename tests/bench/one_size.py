"""The measurements of one size, in a process whose DATABASE_URL names an empty database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from time import perf_counter

from django.core.management import call_command

from tests.bench import assignment, boundaries, desk, desk_exports, published_list, seeding, walk
from tests.bench.harness import Context, clock, machine

MODULES = (seeding, assignment, boundaries, desk, desk_exports, published_list, walk)
BOUNDARIES = "shapefiles/barrios_maipu.shp"


def main() -> None:
    """Seed, run every measurement and print the rows as one line of JSON. Arguments: size, repeats."""
    size, repeats = int(sys.argv[1]), int(sys.argv[2])
    context = Context(size, repeats, *_seeded(size))
    rows = [asdict(row) for module in MODULES for row in module.run(context)]
    print(json.dumps({"rows": rows, "machine": machine()}))


def _seeded(size: int) -> tuple[float, float]:
    """Seconds of processor and on the wall that the seeder took; all it needs is loaded before."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_territories", BOUNDARIES, expect=21, activate=True, stdout=sys.stderr)
    call_command("load_categories", stdout=sys.stderr)
    call_command("load_places", stdout=sys.stderr)
    since, on_the_wall = clock(), perf_counter()
    call_command("seed_demo", issues=size, stdout=sys.stderr)
    return clock() - since, perf_counter() - on_the_wall
