"""`make storm`: 20 simulated tablets and two offices while web, database, workers and offices are killed.

Some are frozen for seconds instead (SIGSTOP), connections are cut (of tablets on their way, of everybody to
the database), the mail server hangs up. At the end every
record and photo that was acknowledged or still lies in an outbox must be on the server exactly once, byte for
byte; every act an office was told is done (tests/storm/acts.py) exactly once; every letter noted as sent must
have arrived, and none more than twice. Exit status 3 when not. STORM_SECONDS (600) and STORM_TABLETS (20) set
the size; STORM_PLANT=async switches synchronous_commit off, and then the storm must find losses.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from scripts import installation
from scripts.cluster import private_cluster
from scripts.house import local, write_whole
from scripts.storm import FOUND_FAULTS, REPORT
from tests.storm.house import House
from tests.storm.weather import Weather, blow

SECONDS = int(os.environ.get("STORM_SECONDS", "600"))
TABLETS = int(os.environ.get("STORM_TABLETS", "20"))
# So many processes must have been killed, or it was no storm.
KILLS = int(os.environ.get("STORM_KILLS", "2"))
SEED = int(os.environ.get("STORM_SEED", "2026"))


def main() -> int:
    """Run the storm and print what became of everything; 0 when nothing was lost or doubled."""
    house = House(private_cluster("postgres-storm"), Path(local("storm-media")))
    house.build()
    try:
        weather = Weather(seconds=SECONDS, tablets=TABLETS, seed=SEED)
        report = blow(house, weather)
    finally:
        house.close()
    print(report.text())
    write_whole(REPORT, json.dumps(report.__dict__ | {"losses": report.losses}))
    return 0 if report.is_good and report.kills >= KILLS else FOUND_FAULTS


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    assert not installation.given_database()
    sys.exit(main())
