"""The demo town as a whole: everything in it is as the app itself would have made it."""

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Department, Role, User
from demo import town
from demo.indexes import indexes_aside
from demo.progress import Progress
from gatherings import verify
from gatherings.models import Acta, ActaState, BallotItem, Gathering, GatheringState, Minute, Organisation
from handovers.cabinet import overview
from handovers.indicators.figures import indicators
from handovers.life import budgets
from handovers.models import Answer, Budget, Handover, HandoverItem
from issues.models import HistoryEntry, Issue, Photo, PhotoKind, PhotoReview, Support
from issues.photos.intake import thumb_name
from issues.workflow import TOLD_DONE, Status
from rankings.first_places import first_places
from rankings.models import RankedList
from rankings.publishing import draft, file_of
from territories.models import Place, Territory
from tests.handovers import plainly
from tests.roles import owner

VERIFY = Path(settings.BASE_DIR) / "rankings/verify.py"
LIVELY, ARCHIVED = 600, 150
PASSWORD = "una-clave-de-demostracion"
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def load_commune() -> None:
    call_command(
        "load_territories", "shapefiles/barrios_maipu.shp", expect=21, activate=True, stdout=io.StringIO()
    )
    call_command("load_categories", stdout=io.StringIO())
    call_command("load_places", stdout=io.StringIO())


def seed(**options: object) -> str:
    """As the command does it: by the owner, who puts indexes aside."""
    out = io.StringIO()
    with owner():
        call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole town, built once for this module and rolled back; what the command said."""
    media = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    with media, django_db_blocker.unblock(), transaction.atomic():
        yield seed(issues=LIVELY + ARCHIVED, password=PASSWORD)
        transaction.set_rollback(True)


def test_the_command_tells_the_logins_and_a_second_call_that_it_is_there(said):
    assert "facilitadora, jefatura, direccion, alcaldia, control, admin" in said
    assert PASSWORD in said
    assert "ya está: 750 problemas, semilla 1" in seed()


def test_all_deferred_rules_of_the_database_hold(said):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_problems_lie_inside_their_neighbourhood_in_all_21(said):
    assert Issue.objects.count() == LIVELY + ARCHIVED
    assert not Issue.objects.exclude(territory__boundary__contains=F("location")).exists()
    counted = dict(rows("SELECT territory_id, count(*) FROM issues_issue GROUP BY 1"))
    assert len(counted) == 21
    assert min(counted.values()) >= 6


def test_larger_neighbourhoods_have_more_problems(said):
    counting = (
        "SELECT t.code, count(*) FROM issues_issue i "
        "JOIN territories_territory t ON t.id = territory_id GROUP BY 1"
    )
    by_code = dict(rows(counting))
    people = dict(Territory.objects.current().values_list("code", "population"))
    large, small = sorted(people, key=people.get)[-3:], sorted(people, key=people.get)[:3]
    assert min(by_code[code] for code in large) > 3 * max(by_code[code] for code in small)


def test_every_status_is_there_and_the_history_is_chained_and_in_order(said):
    assert set(Issue.objects.values_list("status", flat=True)) == set(Status)
    assert rows("SELECT count(*) FROM issues_historyentry h WHERE hash <> history_line_hash(h)") == [(0,)]
    salted = "count(*) = count(DISTINCT salt), min(length(salt)), bool_and(history_opens(h))"
    assert rows(f"SELECT {salted} FROM issues_historyentry h") == [(True, 32, True)]
    backwards = (
        "SELECT count(*) FROM (SELECT at, lag(at) OVER (PARTITION BY issue_id ORDER BY id) AS before "
        "FROM issues_historyentry WHERE issue_id IS NOT NULL) AS line WHERE at < before"
    )
    assert rows(backwards) == [(0,)]
    assert not HistoryEntry.objects.filter(at__gt=timezone.now()).exists()


def test_reported_over_fourteen_months(said):
    first, last = Issue.objects.order_by("reported_at").first(), Issue.objects.order_by("reported_at").last()
    assert dt.timedelta(days=400) < last.reported_at - first.reported_at < dt.timedelta(days=430)
    assert last.reported_at <= timezone.now()


def test_references_follow_each_other_without_gaps_in_a_year(said):
    for year, last, count in rows(
        "SELECT c.year, c.last, count(*) FROM issues_referencecounter c "
        "JOIN issues_issue i ON i.reference LIKE 'M-' || c.year || '-%' GROUP BY 1, 2"
    ):
        assert last == count, year


def test_34_gatherings_were_counted_and_sealed_and_others_are_to_come(said):
    held = Gathering.objects.filter(state=GatheringState.CLOSED)
    assert held.count() == 34
    assert set(held.values_list("territory__code", flat=True)) == set(range(1, 22))
    for gathering in held:
        items = list(BallotItem.objects.filter(gathering=gathering).select_related("issue"))
        file = Client().get(f"/reuniones/{gathering.number}/acta.json").content
        assert verify.sentences(file) == []
        assert sorted(item.place for item in items) == list(range(1, len(items) + 1))
    assert Gathering.objects.upcoming().count() >= 3


def test_a_council_of_the_whole_commune_will_meet(said):
    meeting = Gathering.objects.get(territory=None)
    assert (meeting.state, meeting.council) == (GatheringState.PLANNED, "Consejo de Personas Mayores")
    assert Organisation.objects.filter(kind="consejo comunal").count() == 4


def test_each_gathering_has_a_published_acta_with_agreements(said):
    actas = Acta.objects.filter(state=ActaState.PUBLISHED)
    assert actas.count() == 34
    assert all(Minute.objects.filter(gathering=acta.gathering, kind="agreement").exists() for acta in actas)
    assert set(Minute.objects.values_list("kind", flat=True)) == {"agreement", "dissent", "declined"}


def test_two_lists_were_published_in_a_chain_that_anyone_can_verify(said, tmp_path):
    first, second = RankedList.objects.order_by("number")
    assert second.previous_digest == first.digest
    files = [tmp_path / f"{each.number}.json" for each in (first, second)]
    for file, each in zip(files, (first, second), strict=True):
        file.write_text(file_of(each), encoding="utf-8")
    checked = subprocess.run([sys.executable, "-I", VERIFY, *files], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_handovers_are_in_every_state(said):
    items = HandoverItem.objects.current()
    assert set(items.values_list("answer", flat=True)) == {Answer.ACCEPT, Answer.REFUSE, ""}
    assert items.filter(issue__redirects=1).exists()
    assert items.filter(received_at=None, receipt_due__lt=timezone.localdate()).exists()
    assert items.filter(finished_at__isnull=False, cost_spent__isnull=False).exists()
    assert Handover.objects.filter(ranked_list__isnull=False).count() >= 6
    assert Handover.objects.urgent().count() >= 20


def test_what_is_told_as_done_has_a_photo_of_afterwards(said):
    shown = Photo.objects.filter(kind=PhotoKind.AFTER).values("issue")
    done = Issue.objects.filter(status__in=TOLD_DONE, pk__in=shown)
    assert done.count() >= 50
    photo = Photo.objects.filter(kind=PhotoKind.AFTER, review=PhotoReview.APPROVED).first()
    assert photo.file.open("rb").read(3) == b"\xff\xd8\xff"
    assert "demostración" in photo.caption


def test_what_is_verified_carries_the_number_of_a_gathering_that_was_open(said):
    verdicts = HistoryEntry.objects.filter(kind="status", to_value=Status.VERIFIED)
    assert verdicts.count() >= 20
    open_then = Gathering.objects.filter(
        number=OuterRef("gathering_number"),
        territory=OuterRef("issue__territory"),
        opened_at__lte=OuterRef("at"),
        closed_at__gte=OuterRef("at"),
    )
    assert not verdicts.exclude(Exists(open_then)).exists()
    assert HistoryEntry.objects.filter(from_value=Status.REPORTED_DONE, to_value=Status.IN_PROGRESS).exists()


def test_supports_are_counted_as_they_are_stored(said):
    assert Support.objects.count() > 500
    wrong = (
        "SELECT count(*) FROM issues_issue i WHERE support_count <> "
        "(SELECT count(*) FROM issues_support s WHERE s.issue_id = i.id)"
    )
    assert rows(wrong) == [(0,)]


def test_the_figures_of_cabinet_and_public_are_those_of_a_count_one_by_one(said):
    found = indicators()
    shown = {each.code: each for each in (found.commune, *found.neighbourhoods)}
    for code, figures in plainly.figures_by_area().items():
        assert {name: getattr(shown[code], name) for name in figures} == figures, code
    assert shown[0].order_kept.cases >= 20
    assert overview.tallies() == plainly.tallies()
    assert overview.tallies().totals["late"] > 10
    rows = [(each.number, each.places_count, each.handed_count) for each in overview.lists()]
    assert rows == plainly.counts_of_lists()
    rows = [(each.number, each.items_count, each.finished_count) for each in overview.handovers()]
    assert rows == plainly.counts_of_handovers()


def test_the_money_of_each_purse_is_that_of_a_count_one_by_one(said):
    year = timezone.localdate().year
    with transaction.atomic():
        for department in Department.objects.all():
            for track in ("gestion", "urgencia"):
                Budget.objects.create(year=year, department=department, track=track, amount=10**8)
        rows = [
            (each.budget.department_id, each.budget.track, each.committed, each.spent)
            for each in budgets.purses(year)
        ]
        assert sorted(rows) == sorted(plainly.purses(year))
        assert sum(committed for *_purse, committed, _spent in rows) > 0
        transaction.set_rollback(True)


def test_the_first_places_are_those_of_the_whole_list(said):
    for track in ("gestion", "inversion"):
        whole = draft(track).document
        beginning = first_places(track, 50)
        assert beginning.items == whole["items"][:50]
        assert beginning.total == len(whole["items"])


def test_what_the_archive_tells_as_done_has_its_photo_too(said):
    reported = HistoryEntry.objects.filter(kind="status", to_value=Status.REPORTED_DONE)
    proofs = {proof for (evidence,) in reported.values_list("evidence") for proof in evidence}
    assert not reported.filter(evidence=[]).exists()
    shown = Photo.objects.filter(pk__in=proofs, kind=PhotoKind.AFTER, review=PhotoReview.APPROVED)
    assert shown.count() == len(proofs)
    archived = shown.filter(file__startswith="photos/archivo/")
    assert archived.count() >= 3
    for photo in archived[:3]:
        assert photo.file.open("rb").read(3) == b"\xff\xd8\xff"
        assert photo.file.storage.exists(thumb_name(photo))


def test_only_the_logins_of_the_demo_can_sign_in_each_in_its_role(said):
    able = {person.username: person for person in User.objects.all() if person.has_usable_password()}
    assert {name: person.role for name, person in able.items()} == {
        "facilitadora": Role.FACILITATOR,
        "jefatura": Role.FACILITATOR,
        "direccion": Role.MANAGER,
        "alcaldia": Role.CABINET,
        "control": Role.CONTROL,
        "admin": Role.ADMINISTRATOR,
    }
    assert all(person.check_password(PASSWORD) for person in able.values())
    assert len(able["facilitadora"].territory_codes) == 3
    assert able["direccion"].department.code == "operaciones"


def test_level_v_is_what_the_places_nearby_make_it(said):
    issues = Issue.objects.exclude(vulnerability=None).order_by("reference")[::20]
    assert {issue.vulnerability for issue in issues} >= {0, 2}
    near_the_limit = 0
    for issue in issues:
        level, _places = Place.objects.vulnerability_level(issue.location)
        near_the_limit += level != issue.vulnerability
    assert near_the_limit <= 1
    invented = Place.objects.filter(certainty="inventado")
    assert invented.count() == 6 * 21
    assert not invented.exclude(name__endswith="(demostración)").exists()


def test_nothing_personal_is_invented(said):
    assert rows("SELECT count(*) FROM issues_reporter") == [(0,)]
    assert not User.objects.exclude(first_name="", last_name="").exists()


@pytest.mark.django_db
def test_a_database_with_real_data_is_refused_in_one_sentence():
    User.objects.create(username="alguien", role=Role.CABINET)
    with pytest.raises(CommandError, match="solo se carga en una instalación vacía"):
        seed()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"issues": 0}, "--issues"),
        ({"issues": 10**9}, "--issues"),
        ({"seed": -1}, "--seed"),
        ({"seed": 2**40}, "--seed"),
    ],
)
def test_impossible_numbers_are_refused(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        seed(**options)


@pytest.fixture
def media(settings, tmp_path):
    """Photos go to a folder of the test's own."""
    settings.MEDIA_ROOT = str(tmp_path)


def small_town(number: int) -> tuple[list, list, list]:
    """What a small town is made of; nothing of it stays."""
    with transaction.atomic(), owner():
        town.build(40, number, PASSWORD, town.evening_before(NOON), Progress(io.StringIO(), quiet=True))
        issues = list(Issue.objects.order_by("reference").values_list("reference", "id", "title", "status"))
        places = list(rows("SELECT reference, ST_AsText(location) FROM issues_issue ORDER BY 1"))
        # Digests differ by their salts; what they seal does not.
        counted = ("gathering__number", "place", "issue__reference", "tokens", "people", "index_then")
        sealed = list(BallotItem.objects.order_by(*counted).values_list(*counted))
        transaction.set_rollback(True)
    return issues, places, sealed


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_town_and_another_seed_another(media):
    load_commune()
    assert small_town(7) == small_town(7)
    assert small_town(7)[1] != small_town(8)[1]


@pytest.mark.django_db
def test_one_single_problem_makes_a_town_too(media):
    load_commune()
    seed(issues=1, verbosity=0)
    assert Issue.objects.count() == 1


@pytest.mark.usefixtures("by_owner")
def test_indexes_put_aside_come_back_as_they_were():
    indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 'issues_issue' ORDER BY 1"
    before = rows(indexes)
    with indexes_aside("issues_issue"):
        assert len(rows(indexes)) < len(before) / 2
    assert rows(indexes) == before


def test_what_was_told_out_of_order_is_told_once():
    """A problem and its twin may stand on either side of a list's day in the wrong order."""
    day = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    drafts = [SimpleNamespace(created_at=day + dt.timedelta(days=days)) for days in (-2, 1, -1, 2)]
    before, after = town.told_by(drafts, day)
    assert (before, after) == ([drafts[0], drafts[2]], [drafts[1], drafts[3]])
