"""Files of the desk: what is marked or filtered, short ones at once, long ones in the background."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import resource
import shutil
import subprocess
import zipfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pyogrio
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from core.jobs import Queue
from core.models import WaitingJob
from handovers.life.delivery import hand_over
from handovers.models import DeskFile, HandoverItem, Shortlisted
from handovers.models.export_jobs import NO_ROOM
from handovers.query import export_jobs
from tests.disk import no_file_above
from tests.workers import a_worker, wait_until, work_off

KINDS = ["csv", "xlsx", "gpkg"]


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = str(tmp_path / "exports")


@pytest.fixture
def three(validated, publish, cabinet):
    """Three handed-over problems, one with a title that a spreadsheet would run."""
    issues = [validated(1, title="Uno"), validated(2, title='=HYPERLINK("x")'), validated(3, title="Tres")]
    hand_over(publish(*issues), cabinet)
    return issues


@pytest.fixture
def desk(client, manager) -> Client:
    """The desk of Operaciones."""
    client.force_login(manager)
    return client


@pytest.fixture
def short_patience(settings):
    """Two problems are already a long file."""
    settings.EXPORT_AT_ONCE = 1


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def titles(kind: str, content: bytes, tmp_path) -> list[str]:
    if kind == "csv":
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        return [row["problema"].lstrip("'") for row in rows]
    if kind == "gpkg":
        path = tmp_path / "read.gpkg"
        path.write_bytes(content)
        return list(pyogrio.read_dataframe(path)["problema"])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    known = {"Uno", '=HYPERLINK("x")', "Tres"}
    texts = [part.split("<")[0].replace("&quot;", '"') for part in sheet.split("<t>")[1:]]
    return [text for text in texts if text in known]


def asked(client, kind: str, **more) -> DeskFile:
    client.post("/gestion/archivos/pedir/", {"kind": kind, "all": "yes", "query": "?stage=desk"} | more)
    return DeskFile.objects.get()


@pytest.mark.parametrize("kind", KINDS)
def test_marked_problems_come_as_a_file_and_no_others(three, desk, tmp_path, kind):
    marked = [three[0].reference, three[1].reference]
    answer = desk.post(
        "/gestion/archivos/pedir/", {"kind": kind, "reference": marked, "query": "?sort=-place"}
    )
    assert titles(kind, body(answer), tmp_path) == ['=HYPERLINK("x")', "Uno"]


def test_marked_problems_come_on_paper(three, desk):
    answer = desk.post("/gestion/archivos/pedir/", {"kind": "pdf", "reference": [three[0].reference]})
    assert body(answer).startswith(b"%PDF")


@pytest.mark.parametrize("kind", KINDS)
def test_a_program_gets_a_long_file_at_once(three, desk, tmp_path, kind, short_patience):
    answer = desk.get(f"/gestion/problemas.{kind}?territory=1,3", headers={"Accept": "*/*"})
    assert len(titles(kind, body(answer), tmp_path)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_file_is_offered_then_written_then_fetched(three, desk, tmp_path, kind, short_patience):
    offer = desk.get(f"/gestion/problemas.{kind}?territory=1,3", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "Preparar el archivo" in offer.content.decode()
    made = asked(desk, kind, query=offer.context["query"])
    assert (made.total, made.written) == (2, 0)
    assert "0 de 2" in desk.get("/gestion/archivos/").content.decode()
    assert desk.get(f"/gestion/archivos/{made.pk}/bajar/").status_code == 404
    assert export_jobs.write(made)
    state = desk.get(f"/gestion/archivos/{made.pk}.json").json()
    assert state == {"written": 2, "total": 2, "is_ready": True, "is_over": True, "text": "2 de 2"}
    fetched = desk.get(f"/gestion/archivos/{made.pk}/bajar/")
    assert titles(kind, body(fetched), tmp_path) == ["Uno", "Tres"]
    assert f".{kind}" in fetched["Content-Disposition"]


def test_a_csv_of_any_length_also_comes_at_once(three, desk, tmp_path, short_patience):
    answer = desk.get("/gestion/problemas.csv?stream=yes")
    assert titles("csv", body(answer), tmp_path) == ["Uno", '=HYPERLINK("x")', "Tres"]


@pytest.mark.parametrize(
    "posted",
    [
        {"kind": "xlsx"},
        {"kind": "doc", "all": "yes"},
        {"kind": "", "all": "yes"},
        {"kind": "csv", "reference": []},
    ],
)
def test_what_cannot_be_a_file_is_a_sentence(three, desk, posted, short_patience):
    answer = desk.post("/gestion/archivos/pedir/", posted, follow=True)
    assert answer.redirect_chain
    assert not DeskFile.objects.exists()


@pytest.mark.parametrize("query", ["sort=password", "round=x", "territory=atlantis"])
def test_a_bad_address_is_a_sentence_too(three, desk, query, short_patience):
    answer = desk.post("/gestion/archivos/pedir/", {"kind": "csv", "all": "yes", "query": query})
    assert answer.status_code == 400


def test_three_at_a_time(three, desk, short_patience):
    for _time in range(5):
        desk.post("/gestion/archivos/pedir/", {"kind": "csv", "all": "yes"})
    assert DeskFile.objects.count() == 3


def test_nobody_sees_the_file_of_another(three, desk, client, cabinet, short_patience):
    made = asked(desk, "csv")
    export_jobs.write(made)
    client.force_login(cabinet)
    assert client.get(f"/gestion/archivos/{made.pk}.json").status_code == 404
    assert client.get(f"/gestion/archivos/{made.pk}/bajar/").status_code == 404


def test_who_lost_the_desk_meanwhile_gets_an_empty_file(
    three, desk, manager, parks, tmp_path, short_patience
):
    made = asked(desk, "csv")
    manager.department = parks
    manager.save()
    export_jobs.write(DeskFile.objects.get(pk=made.pk))
    assert titles("csv", made.path.read_bytes(), tmp_path) == []


def test_one_file_has_one_writer(three, desk, short_patience):
    made = asked(desk, "csv")
    database = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    ) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('handovers_deskfile'), %s)", [made.pk])
        assert not export_jobs.write(made)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert export_jobs.write(made)
    assert DeskFile.objects.get(pk=made.pk).ready_at


def test_what_cannot_be_written_is_told(three, desk, settings, tmp_path, short_patience):
    made = asked(desk, "csv")
    (tmp_path / "file").write_text("x")
    settings.EXPORTS_ROOT = str(tmp_path / "file" / "below")
    assert not export_jobs.write(made)
    assert "Pídelo de nuevo" in desk.get("/gestion/archivos/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_told_leaves_no_half_file_and_the_file_is_still_to_come(
    three, desk, settings, kind, short_patience
):
    made = asked(desk, kind)
    with no_file_above(200):
        assert work_off(Queue.LONG) == ["NoRoomYet"]
    assert list(Path(settings.EXPORTS_ROOT).iterdir()) == []
    state = desk.get(f"/gestion/archivos/{made.pk}.json").json()
    assert (state["is_ready"], state["is_over"]) == (False, False)
    assert "se escribirá solo cuando haya espacio" in state["text"]
    assert "se escribirá solo cuando haya espacio" in desk.get("/gestion/archivos/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_with_room_again_the_same_wish_is_written(three, desk, tmp_path, kind, short_patience):
    made = asked(desk, kind, query="?stage=desk&sort=place")
    with no_file_above(200):
        assert not export_jobs.write(made)
    assert export_jobs.write_number(made.pk)
    assert sorted(titles(kind, made.path.read_bytes(), tmp_path)) == sorted(
        ["Uno", '=HYPERLINK("x")', "Tres"]
    )
    assert desk.get(f"/gestion/archivos/{made.pk}.json").json()["text"] == "3 de 3"


def test_a_file_that_waited_too_long_for_room_is_thrown_away_and_its_job_ends(three, desk, short_patience):
    made = asked(desk, "csv")
    with no_file_above(200):
        export_jobs.write(made)
    assert export_jobs.throw_away_old(timezone.now() + dt.timedelta(hours=25)) == 1
    assert work_off(Queue.LONG) == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_comes_back_by_itself_once_the_disk_takes_it(three, desk, short_patience, settings):
    """The limit is the kernel's, on the worker's process."""
    with a_worker(Queue.LONG, EXPORTS_ROOT=settings.EXPORTS_ROOT) as worker:
        wait_until(lambda: Path(f"/proc/{worker.pid}/limits").exists())
        free = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (200, free[1]))
        made = asked(desk, "xlsx")
        wait_until(lambda: DeskFile.objects.filter(trouble=NO_ROOM).exists())
        assert list(Path(settings.EXPORTS_ROOT).iterdir()) == []
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, free)
        wait_until(lambda: DeskFile.objects.ready().exists())
    assert made.path.exists()


def test_old_files_and_their_rows_are_thrown_away(three, desk, short_patience):
    made = asked(desk, "csv")
    export_jobs.write(made)
    notes = made.path.with_name("notes-of-a-writer")
    notes.write_text("x")
    assert export_jobs.throw_away_old() == 0
    assert made.path.exists()
    assert notes.exists()
    assert export_jobs.throw_away_old(timezone.now() + dt.timedelta(hours=25)) == 1
    assert not made.path.exists()
    assert not notes.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_writes_it(three, desk, tmp_path, short_patience, settings):
    made = asked(desk, "gpkg")
    with a_worker(Queue.LONG, EXPORTS_ROOT=settings.EXPORTS_ROOT):
        wait_until(lambda: DeskFile.objects.ready().exists())
    assert titles("gpkg", made.path.read_bytes(), tmp_path) == ["Uno", '=HYPERLINK("x")', "Tres"]


def test_a_wish_that_was_rolled_back_is_no_job(three, manager):
    with suppress(ZeroDivisionError), transaction.atomic():
        export_jobs.ask(manager, "csv", "?stage=desk")
        raise ZeroDivisionError
    assert work_off(Queue.LONG) == []
    assert not WaitingJob.objects.exists()


def test_ogrinfo_opens_the_geopackage_with_its_kinds(three, desk, tmp_path):
    path = tmp_path / "gestion.gpkg"
    path.write_bytes(body(desk.get("/gestion/problemas.gpkg")))
    program = shutil.which("ogrinfo")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GDAL", "PROJ"))}
    output = subprocess.run(
        [program, "-ro", "-al", "-so", str(path)], capture_output=True, text=True, check=True, env=environment
    ).stdout
    for line in (
        "Layer name: problemas",
        "Geometry: Point",
        "Feature Count: 3",
        "Extent: (-70.790000, -33.510000) - (-70.750000, -33.510000)",
        "lugar_en_la_lista: Integer64",
        "entregado: Date",
        "costo_estimado: Integer64",
        "puntaje: Real",
        "problema: String",
    ):
        assert line in output


def test_a_workbook_shows_days_scores_and_pesos_in_their_formats(handed, desk):
    handed(severity=1, reach=1, duration=1, vulnerability=1)
    HandoverItem.objects.update(cost_estimate=1_500_000)
    book = zipfile.ZipFile(io.BytesIO(body(desk.get("/gestion/problemas.xlsx"))))
    styles, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    for shown in ("dd-mm-yyyy", "0.0", "0.000000", "&quot;$&quot;#,##0"):
        assert f'formatCode="{shown}"' in styles
    assert '<pane xSplit="2" ySplit="1"' in sheet
    assert "<autoFilter" in sheet
    assert "<f>" not in sheet


def test_marked_problems_go_to_the_list_of_today_once(three, desk, manager):
    marked = {"reference": [issue.reference for issue in three]}
    for _time in range(2):
        desk.post("/gestion/hoy/agregar/", marked)
    assert list(Shortlisted.objects.values_list("position", flat=True)) == [1, 2, 3]
