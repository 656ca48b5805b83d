"""A bulk of a thousand and its undo, and the files of the desk with what they hold in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict

from accounts.models import Role, User
from handovers.acts import bulk_runs, undoing
from handovers.models import BulkEntry, BulkRun, HandoverItem
from handovers.query.columns import DESK_COLUMNS, MAX_PDF, pdf_file
from handovers.query.filters import desk
from issues.models import IssueQuerySet
from issues.query.files import write_csv, write_geopackage, write_xlsx
from issues.workflow import WITH_DEPARTMENT
from tests.bench.harness import Context, Row, fetched, must_agree, once

MANY = 1_000
IN_A_FILE = 100_000
FILES = {"CSV": write_csv, "XLSX": write_xlsx, "GeoPackage": write_geopackage}
ENDINGS = {"CSV": "csv", "XLSX": "xlsx", "GeoPackage": "gpkg"}
ASSIGN = "UPDATE handovers_handoveritem SET assigned_to_id = %(person)s WHERE id = ANY(%(items)s)"
TELL = """
INSERT INTO issues_historyentry
(issue_id, kind, from_value, to_value, actor_id, office, at, reason, public_text, evidence,
 previous_hash, hash)
SELECT issue_id, 'edit', '', 'assigned', %(person)s, 'Oficina', now(), '', '', '[]', '', ''
FROM handovers_handoveritem WHERE id = ANY(%(items)s)
"""
PLAIN = "SELECT reference, title, status FROM issues_issue ORDER BY id LIMIT %(most)s"


def run(context: Context) -> list[Row]:
    """The bulk and its undo, then each kind of file."""
    kinds = [_file(name, write, context) for name, write in FILES.items()]
    return [*_bulk(context), *kinds, _paper(context)]


def _bulk(context: Context) -> list[Row]:
    """Put a thousand problems in somebody's charge and back, against one UPDATE and one INSERT.

    All of it is taken back at the end: later measurements find the database as it was.
    """
    with transaction.atomic():
        user, items = _desk_with_work()
        data = {"person": user.pk, "items": [item.pk for item in items]}
        floor = _taken_back(lambda: once(lambda: _floor(data)))
        made: list[BulkRun] = []
        ours = once(lambda: made.append(_ordered(user, items)))
        must_agree("bulk", made[0].entries.filter(is_done=True).count(), len(items))
        back = once(lambda: undoing.undo(made[0], user))
        must_agree("undo", HandoverItem.objects.filter(assigned_to=user).count(), 0)
        must_agree("undo of each", BulkEntry.objects.exclude(undo_refusal="").count(), 0)
        transaction.set_rollback(True)
    works = {f"desk, bulk of {len(items):,}: put in charge": ours, "desk, bulk of as many: undone": back}
    return [
        Row(work, context.size, spent, floor, note=f"{len(items) / spent:,.0f} rows/s")
        for work, spent in works.items()
    ]


def _desk_with_work() -> tuple[User, list[HandoverItem]]:
    """Somebody of the department with most to do, and as much of it as a bulk takes."""
    running = HandoverItem.objects.current().filter(issue__status__in=WITH_DEPARTMENT)
    busiest = running.values("department").annotate(count=Count("pk")).order_by("-count").first()
    user = User.objects.create(username="bench", role=Role.MANAGER, department_id=busiest["department"])
    mine = running.filter(department=busiest["department"]).order_by("pk")[:MANY]
    return user, bulk_runs.chosen(user, list(mine.values_list("issue__reference", flat=True)))


def _ordered(user: User, items: list[HandoverItem]) -> BulkRun:
    return bulk_runs.order(bulk_runs.action_named("assign"), items, user, {"person": user})


def _floor(data: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ASSIGN, data)
        cursor.execute(TELL, data)


def _taken_back(measure: Callable[[], float]) -> float:
    with transaction.atomic():
        spent = measure()
        transaction.set_rollback(True)
    return spent


def _file(name: str, write: Callable, context: Context) -> Row:
    """So many rows of the whole desk as a file, against a fetch of three columns of as many."""
    issues = _rows(IN_A_FILE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"problemas.{ENDINGS[name]}"
        return _measured(f"{name} to a file", context, issues, lambda: write(path, issues, DESK_COLUMNS))


def _paper(context: Context) -> Row:
    """As many rows as a PDF takes."""
    issues = _rows(MAX_PDF)
    return _measured("PDF", context, issues, lambda: pdf_file(issues))


def _measured(name: str, context: Context, issues: IssueQuerySet, make: Callable[[], object]) -> Row:
    count = issues.count()
    floor = once(lambda: fetched(PLAIN, {"most": count}))
    before = _forget_the_peak()
    ours = once(make)
    peak = _peak()
    memory = f", peak {peak:,.0f} MB, {peak - before:,.0f} above the start" if peak else ""
    work = f"desk, {name}, {count:,} rows (floor: fetch of three columns)"
    return Row(work, context.size, ours, floor, note=f"{count / ours:,.0f} rows/s{memory}")


def _rows(most: int) -> IssueQuerySet:
    whole = desk(User.objects.get(username="alcaldia"), QueryDict("stage=all"))
    first = whole.order_by("pk").values("pk")[:most]
    return whole.filter(pk__in=first).order_by("pk")


def _forget_the_peak() -> float:
    """Let the kernel count the highest memory from here on; returns what is held now, in MB."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5", encoding="ascii")
    return _peak()


def _peak() -> float:
    """The most this process held at once, in MB; 0 where the kernel does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
