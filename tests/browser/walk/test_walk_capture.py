"""A walk as it is meant to go: four taps and a line, and everything around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from PIL import Image
from playwright.sync_api import expect

from issues.models import Category, Issue, Photo
from issues.workflow import Status
from territories.models import Place
from tests.browser.walk.conftest import picture, three_checks, until
from tests.conftest import INSIDE, NORTE, OUTSIDE, SUR
from walks.models import Held, HoldReason, Presence, SyncPhoto, SyncRecord, TrackSegment, Walk

SIZES = {"across": {"width": 1280, "height": 800}, "upright": {"width": 800, "height": 1280}}


def drag(walker, x: int, y: int) -> None:
    """Move the map under the cross by so many pixels."""
    box = walker.page.locator("#map").bounding_box()
    middle = (box["x"] + box["width"] / 2 - 90, box["y"] + box["height"] / 2 + 60)
    walker.page.mouse.move(*middle)
    walker.page.mouse.down()
    walker.page.mouse.move(middle[0] + x, middle[1] + y, steps=8)
    walker.page.mouse.up()
    walker.page.wait_for_timeout(400)


@pytest.mark.parametrize("viewport", SIZES.values(), ids=SIZES.keys())
def test_a_problem_takes_four_taps_and_a_line(make_walker, viewport):
    walker = make_walker(viewport=viewport).sign_in()
    walker.until("() => document.querySelector('#where').textContent === 'Barrio Norte'")
    walker.shoot(picture())
    walker.page.locator(".walk-tile", has_text="Bache").tap()
    walker.page.get_by_label("El problema en una línea").fill("Hoyo frente a la escuela")
    walker.page.get_by_role("button", name="Guardar", exact=True).tap()
    walker.shows("Guardado en esta tableta ✓").delivered()
    walker.captured = [row["id"] for row in walker.tablet()["records"]]
    issue = Issue.objects.get()
    assert (issue.territory.code, issue.accuracy_m, issue.moved_by_hand) == (NORTE, 12, False)
    assert issue.location.equals_exact(Point(*INSIDE[NORTE], srid=4326), 0.0002)
    three_checks(walker, photos=1)


def test_a_face_is_covered_with_a_finger_before_anything_is_sent(make_walker):
    walker = make_walker().sign_in().offline()
    walker.fill("Hoyo con gente", picture())
    walker.page.get_by_role("button", name="Tapar caras o patentes de la foto 1").click()
    dialog = walker.page.get_by_role("dialog", name="Tapar partes de la foto")
    box = dialog.locator(".photo-review__frame").bounding_box()
    walker.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    walker.page.mouse.down()
    walker.page.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] * 3 / 4, steps=5)
    walker.page.mouse.up()
    dialog.get_by_text("Zonas tapadas: 1").wait_for()
    dialog.get_by_role("button", name="Listo").click()
    walker.shows("La foto quedó tapada en esta tableta.")
    walker.page.get_by_role("button", name="Guardar", exact=True).click()
    walker.shows("Guardado en esta tableta ✓").online().delivered()
    sent = Image.open(Photo.objects.get().file.path)
    assert max(sent.getpixel((sent.width // 2, sent.height // 2))) < 60
    (original,) = SyncPhoto.objects.all()
    seen = Image.open(Path(settings.MEDIA_ROOT) / original.stored_name)
    assert max(seen.getpixel((seen.width // 2, seen.height // 2))) < 60


def test_a_photo_left_as_it_was_stays_the_same(make_walker):
    walker = make_walker().sign_in()
    walker.fill("Hoyo sin gente", picture())
    walker.page.get_by_role("button", name="Tapar caras o patentes de la foto 1").click()
    walker.page.get_by_role("button", name="Dejar como estaba").click()
    walker.page.get_by_role("dialog", name="Tapar partes de la foto").wait_for(state="detached")
    assert walker.page.locator("#photos li").count() == 1


def test_the_own_neighbourhood_is_shown_when_the_tablet_is_elsewhere(make_walker):
    lng, lat = OUTSIDE
    walker = make_walker(geolocation={"latitude": lat, "longitude": lng, "accuracy": 9}).sign_in()
    walker.until("() => document.querySelector('#where').textContent === 'Barrio Norte'")


def test_a_tablet_of_the_office_which_has_no_own_neighbourhood_follows_the_gps(make_walker, administrator):
    walker = make_walker().sign_in("admin")
    walker.until("() => document.querySelector('#accuracy').textContent.includes('precisión 12 m')")
    walker.until("() => document.querySelector('#where').textContent === 'Barrio Norte'")


def test_all_four_levels_make_an_index_and_the_map_proposes_v(make_walker):
    lng, lat = INSIDE[NORTE]
    for number in range(2):
        spot = Point(lng + number / 10_000, lat, srid=4326)
        Place.objects.create(kind="school", name=f"Escuela {number}", search_name="escuela", location=spot)
    walker = make_walker().sign_in().fill("Cruce peligroso")
    for name, level in {"severity": 2, "reach": 2, "duration": 3}.items():
        walker.page.locator(f"[data-level={name}] .segments__one").nth(level).click()
    walker.page.get_by_text("Puntaje 76,7 de 100, provisorio").wait_for()
    walker.press_save().shows("Guardado en esta tableta ✓").delivered()
    assert Issue.objects.get().levels == (2, 2, 3, 3)


def test_changing_level_v_asks_why(walker):
    walker.fill("Hoyo")
    walker.page.locator("[data-level=vulnerability] .segments__one").nth(2).click()
    walker.press_save().shows("escribe por qué")
    walker.page.get_by_label("¿Por qué cambias el nivel V?").fill("Hay una sede de mayores sin marcar")
    walker.press_save().shows("Guardado en esta tableta ✓").delivered()
    issue = Issue.objects.get()
    assert (issue.vulnerability, issue.levels_evidence) == (2, "Hay una sede de mayores sin marcar")


def test_what_is_missing_is_said_in_a_sentence_and_nothing_is_saved(walker):
    walker.press_save().shows("Falta elegir de qué se trata.")
    walker.page.locator(".walk-tile", has_text="Bache").click()
    walker.press_save().shows("Escribe en una línea cuál es el problema.")
    assert walker.tablet()["records"] == []


def test_a_point_outside_the_commune_is_refused_before_saving(walker):
    walker.fill("Fuera")
    for _ in range(5):
        walker.page.locator(".leaflet-control-zoom-out").click()
        walker.page.wait_for_timeout(250)
    drag(walker, 0, 300)
    walker.until("() => document.querySelector('#where').textContent.includes('fuera')")
    walker.press_save().shows("fuera de los barrios de la comuna")
    assert (walker.tablet()["records"], SyncRecord.objects.count()) == ([], 0)


def test_a_closed_category_is_not_offered(make_walker, pothole):
    Category.objects.create(code="PAV-02", group=pothole.group, name="Vereda", is_open=False)
    walker = make_walker().sign_in()
    assert walker.page.locator(".walk-tile").all_inner_texts() == ["Bache"]


def test_a_point_in_anothers_neighbourhood_is_told_and_held(make_walker):
    lng, lat = INSIDE[SUR]
    walker = make_walker(geolocation={"latitude": lat, "longitude": lng, "accuracy": 5}).sign_in()
    walker.page.get_by_role("button", name="Mi posición").click()
    walker.until("() => document.querySelector('#where').textContent.includes('Sur: no es tuyo')")
    walker.capture()
    walker.delivered()
    assert Held.objects.get().reason == HoldReason.TERRITORY


def test_moving_the_map_by_hand_is_kept_with_the_record(walker):
    drag(walker, 40, 0)
    walker.until("() => document.querySelector('#accuracy').textContent === 'movido a mano'")
    walker.capture()
    walker.delivered()
    assert Issue.objects.get().moved_by_hand
    three_checks(walker)


def test_a_problem_is_undone_the_same_day(walker):
    walker.page.on("dialog", lambda dialog: dialog.accept())
    walker.capture("Me equivoqué")
    walker.delivered()
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_role("button", name="Deshacer").click()
    walker.page.get_by_text("Se deshará cuando llegue al municipio.").wait_for()
    until(lambda: Issue.objects.get().status == Status.CLOSED)
    assert Issue.objects.get().closing_kind == "withdrawn"


def test_a_draft_is_put_aside_and_taken_up_again(walker):
    walker.fill("Para después", picture())
    walker.page.get_by_role("button", name="Dejar para después").click()
    walker.shows("Borrador guardado")
    walker.capture("Entre medio")
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_role("button", name="Seguir").click()
    walker.until("() => document.querySelectorAll('#photos li').length === 1")
    walker.press_save().shows("Guardado en esta tableta ✓")
    # The line may still say of the first that it was received.
    until(lambda: Issue.objects.count() == 2)
    walker.delivered()
    walker.captured = [row["id"] for row in walker.tablet()["records"]]
    three_checks(walker, photos=1)


def test_another_problem_is_told_at_the_same_place(walker):
    walker.capture("Primero")
    drag(walker, 200, 100)
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.get_by_role("button", name="Informar otro aquí").click()
    walker.capture("Segundo")
    walker.delivered()
    first, second = Issue.objects.order_by("reference")
    assert first.location.equals_exact(second.location, 1e-5)
    three_checks(walker)


def test_a_known_problem_takes_a_remark_and_still_there(make_walker, make_issue):
    issue = make_issue()
    walker = make_walker().sign_in()
    box = walker.page.locator("#map").bounding_box()
    walker.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    walker.page.get_by_role("button", name="Sigue ahí").click()
    walker.page.get_by_label("Observación para el equipo").fill("Más hondo que antes")
    walker.page.get_by_role("button", name="Guardar observación").click()
    until(lambda: issue.history.filter(kind="note").count() == 2)
    notes = set(issue.history.filter(kind="note").values_list("reason", "public_text"))
    assert notes == {("", "Visto en una caminata: sigue ahí."), ("Más hondo que antes", "")}


def test_known_problems_on_one_spot_are_one_mark_that_lists_them_without_network(make_walker, make_issue):
    names = [f"Caso <b>{n}</b> del cruce" for n in range(5)]
    for name in names:
        make_issue(title=name)
    walker = make_walker().sign_in().offline()
    box = walker.page.locator("#map").bounding_box()
    walker.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    spot = walker.page.get_by_role("dialog", name="5 problemas en este lugar")
    expect(spot.get_by_role("button", name="Caso")).to_have_count(5)
    spot.get_by_role("button", name=names[4]).click()
    expect(walker.page.locator("#known-title")).to_have_text(names[4])


def test_how_many_stand_at_a_known_problem_is_said_again_and_the_last_number_counts(make_walker, make_issue):
    issue = make_issue()
    walker = make_walker().sign_in()
    box = walker.page.locator("#map").bounding_box()
    walker.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for people in ("12", "9"):
        walker.page.get_by_label("Cuántas personas están aquí").fill(people)
        walker.page.get_by_role("button", name="Me sumo").last.click()
    until(lambda: Presence.objects.filter(issue=issue, people=9).exists())
    assert Presence.objects.count() == 1


def test_a_walk_ends_with_its_proof(walker):
    walker.page.get_by_role("button", name="Revisión").click()
    walker.page.get_by_role("button", name="Empezar la caminata").click()
    walker.page.get_by_role("button", name="Problema", exact=True).click()
    lng, lat = INSIDE[NORTE]
    for step in range(2):
        walker.page.wait_for_timeout(2_200)
        walker.context.set_geolocation({"latitude": lat + step / 5_000, "longitude": lng, "accuracy": 6})
    walker.capture("En la caminata", picture())
    walker.delivered()
    walker.page.get_by_role("button", name="Revisión").click()
    walker.page.get_by_role("button", name="Terminar la caminata").click()
    walker.until("() => document.querySelector('#proof').textContent.includes('recibidos ✓✓ No falta nada')")
    walk = Walk.objects.get()
    assert walk.ended_at > walk.started_at
    assert SyncRecord.objects.filter(walk_id=walk.pk).count() == walk.captured
    assert TrackSegment.objects.filter(walk_id=walk.pk).exists()


def test_a_stranger_sees_the_way_in_and_nothing_is_saved(make_walker):
    walker = make_walker()
    walker.page.goto(f"{walker.proxy.url}/caminata/")
    walker.page.get_by_role("link", name="Entrar").wait_for()
    walker.press_save().shows("Entra con tu usuario")
    assert walker.tablet()["records"] == []


def test_a_change_is_proposed_on_the_street_and_applied_by_the_office(make_walker, make_issue, cabinet):
    issue = make_issue()
    walker = make_walker().sign_in()
    box = walker.page.locator("#map").bounding_box()
    walker.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    walker.page.get_by_text("Proponer un cambio").click()
    walker.page.get_by_role("button", name="Enviar la propuesta").click()
    walker.page.get_by_text("Cambia algo de lo que figura y escribe por qué.").wait_for()
    walker.page.get_by_label("Debería decir").fill("Hoyo con fierros a la vista")
    walker.page.get_by_label("¿Por qué?", exact=True).fill("Se ven los fierros")
    walker.page.get_by_role("button", name="Enviar la propuesta").click()
    walker.page.get_by_text("La oficina decide si se cambia").wait_for()
    walker.delivered()
    office = make_walker().sign_in("alcaldia")
    office.page.goto(f"{office.proxy.url}/gestion/bandeja/")
    office.page.get_by_role("link", name="propone un cambio").click()
    row = office.page.get_by_role("row", name="Problema", exact=False).first
    assert row.locator("td").all_inner_texts() == [
        "Hoyo grande",
        "Hoyo grande",
        "Hoyo con fierros a la vista",
    ]
    office.page.get_by_role("button", name="Aceptar como llegó").click()
    office.page.get_by_text("Decidido.").wait_for()
    issue.refresh_from_db()
    assert (issue.title, issue.history.get(kind="edit").actor.username) == (
        "Hoyo con fierros a la vista",
        "alcaldia",
    )


def test_a_place_that_nobody_chose_is_not_saved(make_walker):
    lng, lat = OUTSIDE
    walker = make_walker(geolocation={"latitude": lat, "longitude": lng, "accuracy": 9}).sign_in()
    walker.until("() => document.querySelector('#accuracy').textContent.includes('fuera de tu barrio')")
    walker.fill("¿Dónde?").press_save().shows("Mueve el mapa hasta que la cruz quede sobre el problema.")
    assert walker.tablet()["records"] == []
    drag(walker, 30, 0)
    walker.press_save().shows("Guardado en esta tableta ✓").delivered()
    assert (Issue.objects.get().moved_by_hand, Issue.objects.get().accuracy_m) == (True, None)


def test_after_a_problem_placed_by_hand_the_cross_goes_with_the_tablet_again(walker):
    drag(walker, 60, 0)
    walker.capture("A mano")
    walker.until("() => document.querySelector('#accuracy').textContent === 'precisión 12 m'")
    walker.capture("Por GPS")
    walker.delivered()
    placed = dict(Issue.objects.values_list("title", "moved_by_hand"))
    assert placed == {"A mano": True, "Por GPS": False}
    three_checks(walker)


def test_a_known_problem_is_reached_without_the_map(make_walker, make_issue):
    make_issue(title="Hoyo conocido")
    walker = make_walker().sign_in()
    walker.page.get_by_role("button", name="Mi lista").focus()
    walker.page.keyboard.press("Enter")
    walker.page.get_by_role("button", name="Hoyo conocido").focus()
    walker.page.keyboard.press("Enter")
    walker.page.get_by_role("heading", name="Hoyo conocido").wait_for()
    walker.page.get_by_role("button", name="Sigue ahí").focus()
    walker.page.keyboard.press("Enter")
    walker.delivered()
    assert SyncRecord.objects.get().kind == "still_there"
