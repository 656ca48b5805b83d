"""The storm itself: faults on the way, kills at the source, and the count at the end."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scripts.house import PYTHON, ROOT
from tests.storm.house import OFFICES, House
from tests.storm.proxy import Fault, FaultProxy
from tests.storm.tablet import Tablet

KINDS = ("reset_before", "reset_after", "cut_answer", "cut_upload", "answer", "hang", "slow")
SPOILED = 0.25
DRAIN_SECONDS = 180


@dataclass(frozen=True)
class Weather:
    seconds: int
    tablets: int
    seed: int


@dataclass(frozen=True)
class Report:
    """Counts; `lost` were acknowledged and are not there, `doubled` are there more than once."""

    made: int
    made_photos: int
    acknowledged: int
    waiting: int
    lost: int
    doubled: int
    wrong: int
    foreign: int
    web_kills: int
    database_kills: int
    requests: int
    spoiled: int
    seconds: float
    other_kills: int
    freezes: int
    cuts: int
    acts: dict[str, dict[str, int]]
    mails_lost: int
    mails_doubled: int

    @property
    def is_good(self) -> bool:
        """Something happened, and nothing was lost, doubled, changed or left behind."""
        happened = all(each["acknowledged"] for each in self.acts.values())
        killed = self.web_kills > 0 and self.database_kills > 0
        return self.faults == 0 and happened and self.made > 0 and killed

    @property
    def faults(self) -> int:
        """What must not be: lost, doubled, changed, foreign, left behind."""
        bad = self.lost + self.doubled + self.wrong + self.foreign + self.waiting
        bad += self.mails_lost + self.mails_doubled
        return bad + sum(each["lost"] + each["doubled"] for each in self.acts.values())

    @property
    def losses(self) -> int:
        """What was acknowledged and is not there."""
        return self.lost + self.mails_lost + sum(each["lost"] for each in self.acts.values())

    @property
    def kills(self) -> int:
        """Of all kinds of processes together."""
        return self.web_kills + self.database_kills + self.other_kills

    def text(self) -> str:
        """The report that is printed."""
        return "\n".join(f"{name:>15}  {value}" for name, value in self.__dict__.items())


def blow(house: House, weather: Weather) -> Report:
    """Let it rage, let the tablets empty their outboxes, count."""
    started = time.monotonic()
    town = settle(house, weather.tablets)
    proxy = FaultProxy(("127.0.0.1", house.port))
    dice = random.Random(weather.seed)
    spoiled = _make_rough(proxy, dice)
    fleet = [Tablet(url=proxy.url, seed=weather.seed + n, **facts) for n, facts in enumerate(town)]
    calm, over = threading.Event(), threading.Event()
    threads = [threading.Thread(target=walk, args=(tablet, calm, over), daemon=True) for tablet in fleet]
    for thread in threads:
        thread.start()
    house.start_others(weather.seed)
    _rage(house, dice, started + weather.seconds)
    calm.set()
    proxy.chooser = None
    house.end_offices()
    drain(fleet, over, threads)
    deliver(house)
    requests = len(proxy.log)
    proxy.close()
    return count(house, fleet, requests, len(spoiled), time.monotonic() - started)


def settle(house: House, tablets: int) -> list[dict]:
    command = [str(PYTHON), "-m", "tests.storm.town", str(tablets)]
    result = subprocess.run(
        command, env=house.environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(result.stdout)


def _make_rough(proxy: FaultProxy, dice: random.Random) -> list[str]:
    seen: list[str] = []

    def choose(method: str, path: str) -> Fault | None:
        if dice.random() >= SPOILED:
            return None
        fault = Fault(dice.choice(KINDS), status=dice.choice((500, 502, 503, 200)), rate=20_000)
        threading.Timer(dice.uniform(1, 12), fault.release.set).start()
        seen.append(fault.kind)
        return fault

    proxy.chooser = choose
    return seen


def walk(tablet: Tablet, calm: threading.Event, over: threading.Event) -> None:
    while not over.is_set():
        if not calm.is_set() and tablet.waiting < 60 and tablet.dice.random() < 0.6:
            tablet.capture()
        time.sleep(0.05 if tablet.round() else tablet.pause())
        if calm.is_set() and not tablet.waiting:
            return


def _rage(house: House, dice: random.Random, until: float) -> None:
    others = [partial(house.kill_other, name) for name in house.others if name != "postbox"]
    kinds = [
        house.kill_web, house.kill_database, house.freeze_database, house.freeze_web, house.cut_connections,
        *others,
    ]  # fmt: skip
    blows = list(kinds)
    while time.monotonic() < until:
        time.sleep(min(dice.uniform(4, 12), max(0.0, until - time.monotonic())))
        # Each kind once first, then by chance.
        (blows.pop(0) if blows else dice.choice(kinds))()


def drain(fleet: list[Tablet], over: threading.Event, threads: list[threading.Thread]) -> None:
    """Until nothing waits, or until for so long nothing of it left: a slow machine is no fault."""
    left, end = -1, 0.0
    while left and (left == -1 or time.monotonic() < end):
        time.sleep(0.5)
        waiting = sum(tablet.waiting for tablet in fleet)
        if waiting != left:
            left, end = waiting, time.monotonic() + DRAIN_SECONDS
    over.set()
    for thread in threads:
        thread.join(30)


def deliver(house: House) -> None:
    """Wait until no letter is on its way any more; what is doubtful waits for a person, as it should."""
    way = "SELECT count(*) FROM core_letter WHERE state IN ('waiting', 'sending')"
    soon = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
    end = time.monotonic() + DRAIN_SECONDS
    while house.ask(way) != [["0"]] and time.monotonic() < end:
        house.ask(soon)
        time.sleep(2)


def _acts(house: House) -> dict[str, dict[str, int]]:
    files = [str(house.journal(number)) for number in range(OFFICES)]
    command = [str(PYTHON), "-m", "tests.storm.clerk", "count", *files]
    env = house.environment | house.cluster.urls().of_workers()
    result = subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(result.stdout)


def _mails(house: House) -> tuple[int, int]:
    """How many letters noted as sent the mail server never took, and how many it took more than twice."""
    taken = Counter(house.mails.read_text().splitlines()) if house.mails.is_file() else Counter()
    sent = [row[0] for row in house.ask("SELECT message_id FROM core_letter WHERE state = 'sent'")]
    return sum(not taken[each] for each in sent), sum(times > 2 for times in taken.values())


def count(house: House, fleet: list[Tablet], requests: int, spoiled: int, seconds: float) -> Report:
    records = {pk: digest for tablet in fleet for pk, digest in tablet.made.items()}
    photos = {pk: digest for tablet in fleet for pk, digest in tablet.made_photos.items()}
    acknowledged = set().union(*(tablet.acknowledged for tablet in fleet))
    rows = house.ask(
        "SELECT id, sha256, encode(sha256(convert_to(body, 'UTF8')), 'hex') FROM walks_syncrecord"
    )
    issues = [row[0] for row in house.ask("SELECT id FROM issues_issue WHERE title NOT LIKE 'Pozo%'")]
    shown = house.ask("SELECT photo_id, sha256 FROM walks_syncphoto")
    attached = [row[0] for row in house.ask("SELECT id FROM issues_photo")]
    here = {row[0] for row in rows} & set(issues) | {row[0] for row in shown} & set(attached)
    counted = [*issues, *attached]
    wrong = sum(records.get(pk) != digest or digest != again for pk, digest, again in rows)
    wrong += sum(photos.get(pk) != digest or not _is_whole(house.media, digest) for pk, digest in shown)
    return Report(
        made=len(records),
        made_photos=len(photos),
        acknowledged=len(acknowledged),
        waiting=sum(tablet.waiting for tablet in fleet),
        lost=len(acknowledged - here),
        doubled=len(counted) - len(set(counted)) + len(shown) - len({row[0] for row in shown}),
        wrong=wrong,
        foreign=len(set(counted) - set(records) - set(photos)),
        web_kills=house.web_kills,
        database_kills=house.database_kills,
        requests=requests,
        spoiled=spoiled,
        seconds=round(seconds, 1),
        other_kills=house.other_kills,
        freezes=house.freezes,
        cuts=house.cuts,
        acts=_acts(house),
        mails_lost=_mails(house)[0],
        mails_doubled=_mails(house)[1],
    )


def _is_whole(media: Path, digest: str) -> bool:
    file = media / "inbox" / digest[:2] / f"{digest}.bin"
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest
