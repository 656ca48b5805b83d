"""Read a Pabulib file with pabutools, count it by greedy, and print what came out as JSON.

Runs in an environment of its own, which has pabutools (GPL): `python pabulib_reader.py acta.pb`
"""

import json
import sys

from pabutools.election import Additive_Cardinal_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare

instance, profile = parse_pabulib(sys.argv[1])
scores = {project.name: int(profile.total_score(project)) for project in instance}
chosen = greedy_utilitarian_welfare(instance, profile, sat_class=Additive_Cardinal_Sat)
told = {
    "votes": len(profile),
    "budget": int(instance.budget_limit),
    "scores": scores,
    "chosen": sorted(project.name for project in chosen),
    "most_on_one": int(instance.meta["max_points"]),
    "most_of_one": int(instance.meta["max_sum_points"]),
}
sys.stdout.write(json.dumps(told) + "\n")
