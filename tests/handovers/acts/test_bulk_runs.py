"""One act on many problems: previewed, explained row by row, waiting where nothing turns it back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role, User
from handovers.acts import bulk_runs, undoing
from handovers.life import answers
from handovers.life.delivery import hand_over
from handovers.models import BulkRun, HandoverItem, ResponseTemplate
from issues.life.duplicates import support
from issues.models import HistoryEntry, Issue
from issues.workflow import Status


@pytest.fixture
def three(validated, publish, cabinet):
    """Three handed-over problems of Operaciones, in the order of their places."""
    issues = [validated(code, title=f"Hoyo {code}") for code in (1, 2, 3)]
    hand_over(publish(*issues), cabinet)
    return [HandoverItem.objects.get(issue=issue) for issue in issues]


@pytest.fixture
def colleague(streets) -> User:
    return User.objects.create_user("colega", "c@example.cl", "x", role=Role.MANAGER, department=streets)


@pytest.fixture
def at_once(settings):
    """No waiting."""
    settings.BULK_WAIT_MINUTES = 0


@pytest.fixture
def order(manager):
    """Orders an act on some items in the name of Operaciones."""

    def do(action: str, items, **data) -> BulkRun:
        return bulk_runs.order(
            bulk_runs.action_named(action), bulk_runs.chosen(manager, references(items)), manager, data
        )

    return do


def references(items) -> list[str]:
    return [item.issue.reference for item in items]


def statuses(items) -> list[str]:
    return [Issue.objects.get(pk=item.issue_id).status for item in items]


def test_the_preview_says_what_fits_and_why_the_rest_does_not(three, manager):
    answers.acknowledge(three[0], manager)
    items = bulk_runs.chosen(manager, references(three))
    found = bulk_runs.preview(bulk_runs.action_named("acknowledge"), items, manager)
    assert [item.pk for item in found.fitting] == [three[1].pk, three[2].pk]
    assert [r.sentence for r in found.refused] == ["Está «con acuse»: no se puede dar acuse de recibo."]
    assert not BulkRun.objects.exists()


def test_each_problem_gets_its_own_line_of_history(three, order, at_once):
    order("acknowledge", three)
    assert all(item.issue.history.last().to_value == Status.ACKNOWLEDGED for item in three)


def test_one_refusal_does_not_stop_the_others(three, manager, order, at_once):
    answers.acknowledge(three[1], manager)
    made = order("acknowledge", three)
    assert made.entries.filter(is_done=True).count() == 2
    assert "no se puede dar acuse" in made.entries.exclude(refusal="").get().refusal


def test_planning_many_commits_one_date(three, order, at_once):
    day = timezone.localdate() + dt.timedelta(days=9)
    order("accept", three, committed_date=day, public_text="", cost_class="")
    assert set(HandoverItem.objects.values_list("committed_date", flat=True)) == {day}


# --- Waiting, where the table has no way back -----------------------------------------------------


def in_minutes(minutes: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=minutes)


def test_what_cannot_be_turned_back_waits_ten_minutes_and_then_leaves(three, order):
    made = order("acknowledge", three)
    assert bulk_runs.carry_out_due(in_minutes(9)) == 0
    assert statuses(three) == [Status.HANDED_OVER] * 3
    assert bulk_runs.carry_out_due(in_minutes(11)) == 3
    assert statuses(three) == [Status.ACKNOWLEDGED] * 3
    assert made.entries.filter(is_done=True).count() == 3
    assert bulk_runs.carry_out_due(in_minutes(20)) == 0


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("acknowledge", {}),
        ("accept", {"committed_date": dt.date(2031, 1, 2), "public_text": "x", "cost_class": ""}),
        ("note", {"public_text": "Vamos.", "internal_text": ""}),
        ("refuse", {"kind": "no_budget", "public_text": "No alcanza.", "duplicate_of": None}),
    ],
)
def test_what_waits_is_taken_back_before_anybody_reads_it(three, manager, order, action, data):
    made = order(action, three, **data)
    assert undoing.undo(made, manager) == 3
    assert bulk_runs.carry_out_due(in_minutes(60)) == 0
    assert statuses(three) == [Status.HANDED_OVER] * 3
    for item in three:
        line = item.issue.history.last()
        assert line.reason.startswith("Se deshizo antes de salir")
        assert line.public_text == ""


def test_what_has_left_is_not_undone(three, manager, order, at_once):
    with pytest.raises(bulk_runs.BulkRefused, match="el barrio lo lee"):
        undoing.undo(order("acknowledge", three), manager)


def test_what_another_did_while_it_waited_leaves_that_problem_out(three, order, colleague):
    made = order("acknowledge", three)
    answers.acknowledge(three[0], colleague)
    assert bulk_runs.carry_out_due(in_minutes(11)) == 2
    sentence = made.entries.exclude(refusal="").get().refusal
    assert sentence.startswith("Operaciones lo cambió mientras tanto (con acuse,")


def test_what_one_did_oneself_while_it_waited_is_no_obstacle(three, order, colleague):
    order("acknowledge", three)
    order("assign", three, person=colleague)
    assert bulk_runs.carry_out_due(in_minutes(11)) == 3


def test_two_acts_do_not_wait_for_one_problem(three, order):
    order("acknowledge", three)
    made = order("refuse", three, kind="no_budget", public_text="No alcanza.", duplicate_of=None)
    assert {entry.refusal[:24] for entry in made.entries.all()} == {"Otra acción en lote espe"}


def test_a_run_that_was_cut_short_goes_on(three, manager, order):
    made = order("acknowledge", three)
    BulkRun.objects.filter(pk=made.pk).update(left_at=timezone.now())
    answers.acknowledge(three[0], manager)
    made.entries.filter(item=three[0]).update(is_done=True)
    assert bulk_runs.carry_out_due() == 2
    assert statuses(three) == [Status.ACKNOWLEDGED] * 3


def test_somebody_who_lost_the_desk_meanwhile_changes_nothing(three, manager, order, parks):
    made = order("acknowledge", three)
    manager.department = parks
    manager.save()
    assert bulk_runs.carry_out_due(in_minutes(11)) == 0
    assert set(made.entries.values_list("refusal", flat=True)) == {"Ya está en otra dirección."}


def test_what_does_not_fit_into_the_time_of_a_page_is_done_by_the_clock(three, order):
    made = order("acknowledge", three)
    assert bulk_runs.carry_out(made, seconds=0) == 0
    assert statuses(three) == [Status.HANDED_OVER] * 3
    assert bulk_runs.carry_out_due(in_minutes(11)) == 3


# --- Undoing by the inverse -----------------------------------------------------------------------


def test_putting_in_charge_is_undone_once(three, manager, order, colleague):
    made = order("assign", three, person=colleague)
    assert set(HandoverItem.objects.values_list("assigned_to", flat=True)) == {colleague.pk}
    lines = HistoryEntry.objects.count()
    assert undoing.undo(made, manager) == 3
    assert HistoryEntry.objects.count() == lines + 3
    assert set(HandoverItem.objects.values_list("assigned_to", flat=True)) == {None}
    with pytest.raises(bulk_runs.BulkRefused, match="Ya se deshizo"):
        undoing.undo(made, manager)


def test_a_redirect_is_undone_until_the_other_department_received_it(
    three, manager, order, other_manager, parks
):
    made = order("redirect", three, department=parks, public_text="Es de áreas verdes.")
    answers.acknowledge(HandoverItem.objects.get(pk=three[0].pk), other_manager)
    assert undoing.undo(made, manager) == 2
    back = HandoverItem.objects.get(pk=three[1].pk)
    assert (back.department, back.issue.department, back.issue.redirects) == (
        manager.department,
        manager.department,
        0,
    )
    assert "DAOGA lo cambió" in made.entries.exclude(undo_refusal="").get().undo_refusal


def test_a_changed_date_is_put_back_in_public(three, manager, order):
    day, later = (timezone.localdate() + dt.timedelta(days=days) for days in (5, 9))
    for item in three:
        answers.accept(item, manager, committed_date=day)
    made = order("reschedule", three, committed_date=later, public_text="Llueve.")
    answers.reschedule(
        HandoverItem.objects.get(pk=three[2].pk), manager, committed_date=day, public_text="Paró."
    )
    assert undoing.undo(made, manager) == 2
    assert {item.committed_date for item in HandoverItem.objects.all()} == {day}
    assert Issue.objects.get(pk=three[0].issue_id).due_date == day
    assert "vuelve la anterior" in three[0].issue.history.last().public_text
    assert "otra vez la fecha" in made.entries.exclude(undo_refusal="").get().undo_refusal


def test_who_was_put_in_charge_by_another_stays(three, manager, order, colleague):
    made = order("assign", three, person=colleague)
    answers.acknowledge(three[0], colleague)
    assert undoing.undo(made, manager) == 2
    assert HandoverItem.objects.get(pk=three[0].pk).assigned_to == colleague


def test_nobody_undoes_what_another_did(three, order, colleague):
    with pytest.raises(bulk_runs.BulkRefused, match="Solo la deshace"):
        undoing.undo(order("assign", three, person=colleague), colleague)


# --- Merging and templates ------------------------------------------------------------------------


def test_merged_problems_give_their_supports_to_the_one_that_stays(three, order, at_once):
    kept = three[0].issue
    for item in three:
        support(item.issue, "la misma vecina")
        support(item.issue, f"otra de {item.pk}")
    made = order("merge", three, into=kept, public_text="")
    assert statuses(three) == [Status.HANDED_OVER, Status.CLOSED, Status.CLOSED]
    assert Issue.objects.get(pk=kept.pk).support_count == 4
    assert three[1].issue.history.last().public_text == f"Es el mismo problema que {kept.reference}."
    assert kept.history.filter(kind="merge").count() == 2
    assert "duplicado de sí mismo" in made.entries.exclude(refusal="").get().refusal


def test_a_merge_that_waits_is_split_again_with_nothing_lost(three, manager, order):
    support(three[1].issue, "vecina")
    undoing.undo(order("merge", three, into=three[0].issue, public_text=""), manager)
    assert bulk_runs.carry_out_due(in_minutes(60)) == 0
    assert [Issue.objects.get(pk=item.issue_id).support_count for item in three] == [0, 1, 0]


def test_a_template_is_worded_for_each_problem(three, order, at_once):
    order("note", three, public_text="{folio}: {problema}, {barrio}.", internal_text="")
    for item in three:
        text = item.issue.history.last().public_text
        assert text == f"{item.issue.reference}: {item.issue.title}, {item.issue.territory}."


def test_a_committed_date_is_worded_before_it_is_stored(three, order, at_once):
    order("accept", three, committed_date=dt.date(2029, 5, 1), public_text="El {compromiso}.", cost_class="")
    assert three[0].issue.history.last().public_text == "El 01-05-2029."


def test_the_preview_shows_how_a_template_reads(three, client, manager):
    ResponseTemplate.objects.create(name="Visita", text="Vamos a {problema}.")
    client.force_login(manager)
    posted = {"reference": references(three), "action": "note"}
    assert client.post("/gestion/lote/", posted).context["templates"][0]["text"] == "Vamos a {problema}."
    page = client.post("/gestion/lote/", posted | {"sample": "yes", "public_text": "Vamos a {problema}."})
    assert "Vamos a Hoyo 1." in page.content.decode()
    assert not BulkRun.objects.exists()


# --- Choosing, pages, people ----------------------------------------------------------------------


def test_everything_filtered_is_chosen_by_the_address(three, manager):
    assert references(bulk_runs.chosen(manager, [], "?territory=2")) == [three[1].issue.reference]


@pytest.mark.parametrize("given", [[], ["M-2020-000001"]])
def test_an_empty_selection_is_refused(three, manager, given):
    with pytest.raises(bulk_runs.BulkRefused, match="Marca al menos"):
        bulk_runs.chosen(manager, given)


def test_another_department_chooses_nothing_of_ours(three, other_manager):
    with pytest.raises(bulk_runs.BulkRefused):
        bulk_runs.chosen(other_manager, references(three))


def test_the_way_through_the_pages(three, client, manager, colleague):
    client.force_login(manager)
    posted = {"reference": references(three), "action": "assign"}
    page = client.post("/gestion/lote/", posted)
    assert page.status_code == 200
    assert len(page.context["fitting"]) == 3
    report = client.post("/gestion/lote/hacer/", posted | {"person": colleague.pk}, follow=True)
    assert report.context["done"] == 3
    undone = client.post(f"/gestion/lote/{report.context['run'].pk}/deshacer/", follow=True)
    assert "Deshecho en 3" in undone.content.decode()


def test_what_waits_is_seen_and_can_leave_at_once(three, client, manager):
    client.force_login(manager)
    posted = {"reference": references(three), "action": "acknowledge"}
    report = client.post("/gestion/lote/hacer/", posted, follow=True)
    assert "3 problemas esperan" in report.content.decode()
    assert "sale a las" in client.get("/gestion/lotes/").content.decode()
    assert "espera para salir" in client.get(f"/gestion/{references(three)[0]}/").content.decode()
    left = client.post(f"/gestion/lote/{report.context['run'].pk}/ahora/", follow=True)
    assert "Hecho en 3 problemas." in left.content.decode()
    assert "Deshacer" not in left.content.decode()


def test_the_newest_run_stands_first(three, order, client, manager):
    first, second = order("acknowledge", three[:1]), order("acknowledge", three[1:])
    client.force_login(manager)
    rows = client.get("/gestion/lotes/").context["rows"]
    assert [made.pk for made, _action, _can_undo in rows] == [second.pk, first.pk]


def test_what_changed_between_preview_and_act_is_left_out_with_a_sentence(three, client, manager, colleague):
    client.force_login(manager)
    page = client.post("/gestion/lote/", {"reference": references(three), "action": "assign"})
    items = page.context["items"]
    answers.acknowledge(three[0], colleague)
    posted = {
        "reference": references(items),
        "seen": [item.last_line for item in items],
        "action": "assign",
        "person": colleague.pk,
    }
    report = client.post("/gestion/lote/hacer/", posted, follow=True)
    assert report.context["done"] == 2
    assert "Operaciones lo cambió mientras tanto (con acuse" in report.content.decode()


@pytest.mark.parametrize("action", ["", "verify", "decide", "nonsense"])
def test_only_offered_acts_are_taken(three, client, manager, action):
    client.force_login(manager)
    answer = client.post("/gestion/lote/", {"reference": references(three), "action": action}, follow=True)
    assert "Elige qué hacer" in answer.content.decode()
    assert not BulkRun.objects.exists()


def test_a_form_that_lacks_something_comes_back_and_nothing_is_done(three, client, manager):
    client.force_login(manager)
    posted = {"reference": references(three), "action": "refuse", "kind": "no_budget"}
    assert client.post("/gestion/lote/hacer/", posted).status_code == 400
    assert not BulkRun.objects.exists()


def test_the_report_of_another_person_is_not_found(three, client, order, other_manager):
    made = order("acknowledge", three)
    client.force_login(other_manager)
    assert client.get(f"/gestion/lote/{made.pk}/").status_code == 404
    for verb in ("deshacer", "ahora"):
        assert client.post(f"/gestion/lote/{made.pk}/{verb}/").status_code == 404


@pytest.mark.parametrize("piece", ["a\x00b", "\ud800", "x" * 5000, "9" * 40, "-1", "'; --"])
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/gestion/lote/", "reference"),
        ("/gestion/lote/", "query"),
        ("/gestion/lote/", "action"),
        ("/gestion/lote/hacer/", "seen"),
        ("/gestion/lote/hacer/", "person"),
        ("/gestion/archivos/pedir/", "reference"),
        ("/gestion/archivos/pedir/", "query"),
        ("/gestion/archivos/pedir/", "kind"),
        ("/gestion/hoy/agregar/", "reference"),
        ("/gestion/hoy/agregar/", "query"),
    ],
)
def test_hostile_words_are_no_server_error(three, client, manager, address, name, piece):
    client.force_login(manager)
    posted = {"reference": references(three)[:1], "action": "assign", "kind": "csv"}
    posted["all"] = "yes" if name == "query" else ""
    text = f"?q={piece}" if name == "query" else piece
    sent = posted | {name: text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
    assert client.post(address, sent).status_code < 500
