"""A rule that nobody uses: problems in the order of their numbers. It proves that a rule is one row more."""

from typing import Any

from rankings.rules.canonical import sealed
from rankings.rules.listing import compile_list
from tests.rankings.imaginary import HEAD, fixed_queues

NUMBER = 99

# A newer verifier: the one of today and one row.
PLANTED_RULE = f"""
import importlib.util, sys

spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)

def by_reference(neighbourhoods, items):
    ordered = sorted(items, key=lambda item: item["reference"])
    return [(item, place, place, place, "") for place, item in enumerate(ordered, 1)]

def reasons(ordered, known):
    return [(f"Es el N.º {{place}}.", "Va por su folio.") for place, _ in enumerate(ordered, 1)]

verify.RULES[{NUMBER}] = verify.RULES[1]._replace(order=by_reference, reasons=reasons)
sys.exit(verify.main(sys.argv[2:]))
"""

# The same row for the verifier in the browser.
PLANTED_ROW = f"""(RULES) => {{
  const order = (neighbourhoods, items) =>
    [...items].sort((a, b) => (a.reference < b.reference ? -1 : 1))
      .map((item, at) => ({{ item, round: at + 1, turn: at + 1, ownPlace: at + 1, worst: item }}));
  const reasons = (ordered) => ordered.map((_, at) => [`Es el N.º ${{at + 1}}.`, "Va por su folio."]);
  RULES.set({NUMBER}, {{ ...RULES.get(1), order, reasons }});
}}"""


def planted_list(previous: str, number: int) -> dict[str, Any]:
    """A list of the planted rule."""
    made = compile_list(HEAD._replace(number=number, previous_digest=previous), fixed_queues())
    items = sorted(made["items"], key=lambda item: item["reference"])
    rows = [item | _placed(place) for place, item in enumerate(items, 1)]
    return sealed(made | {"rule": NUMBER, "items": rows})


def _placed(place: int) -> dict[str, Any]:
    names = ("place", "rule_place", "round", "turn", "own_place")
    return dict.fromkeys(names, place) | {"reasons": [f"Es el N.º {place}.", "Va por su folio."]}
