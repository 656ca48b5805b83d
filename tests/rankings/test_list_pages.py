"""The public pages of lists."""

import subprocess
import sys

import pytest
from django.urls import reverse

from issues.models import Issue, Visibility
from rankings.asking import NOBODY
from rankings.models import ListPlace
from rankings.publishing import propose_move, publish

REASON = "Cable bajo frente a la escuela, lo pidió bomberos"


def text_of(response):
    return " ".join(response.content.decode().split())


def shown(response):
    return [row.place.issue.title for row in response.context["page"].places]


def test_without_lists_the_page_says_what_will_come(client, town):
    assert "Todavía no se ha publicado ninguna lista" in text_of(client.get("/listas/"))


def test_all_lists_are_told_with_their_totals_and_digests(client, published, publish_next):
    second = publish_next()
    response = client.get("/listas/")
    text = text_of(response)
    assert f"{published.digest[:12]}…" in text
    assert f"{second.digest[:12]}…" in text
    assert [each.number for each in response.context["latest"]] == [2]


def test_the_archive_goes_back_page_by_page(client, published):
    assert [each.number for each in client.get("/listas/?antes_de=2").context["lists"]] == [1]
    assert list(client.get("/listas/?antes_de=1").context["lists"]) == []


def test_a_list_shows_places_rounds_and_both_sentences(client, published):
    response = client.get("/listas/1/")
    text = text_of(response)
    assert shown(response) == ["Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3"]
    assert "Ronda 3" in text
    assert "recibió 14 de 60 fichas, de 12 personas" in text
    assert "Le toca la ronda 1: es el N.º 1 de su barrio; en esa ronda va antes de" in text
    assert text.count("¿Por qué está en este lugar?") == 5
    assert "provisorio" in text
    assert published.digest in text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("territory=1", ["Norte 1", "Norte 2", "Norte 3"]),
        ("territory=2", ["Centro 1"]),
        ("territory=99", []),
        ("department=operaciones", ["Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3"]),
        ("department=nadie", []),
        ("desde=4", ["Norte 2", "Norte 3"]),
        ("territory=1&desde=5", ["Norte 3"]),
        ("territory=&department=&desde=", ["Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3"]),
    ],
)
def test_the_address_is_the_filter(client, published, query, titles):
    response = client.get(f"/listas/1/?{query}")
    assert shown(response) == titles


@pytest.mark.parametrize(
    "query",
    [
        "territory=x",
        "territory=-1",
        "territory=1.5",
        "territory=9223372036854775808",
        "territory=%00",
        "territory=٣",
        "department=" + "x" * 31,
        "department=%00",
        "department=a'b",
        "desde=0",
        "desde=nan",
        "desde=99999999999999999999",
    ],
)
def test_a_filter_that_cannot_be_read_gets_one_sentence(client, published, query):
    response = client.get(f"/listas/1/?{query}")
    assert response.status_code == 400
    assert "«" in text_of(response)


@pytest.mark.parametrize("query", ["antes_de=x", "antes_de=-1", "antes_de=%00"])
def test_an_archive_page_that_cannot_be_read_gets_one_sentence(client, published, query):
    assert client.get(f"/listas/?{query}").status_code == 400


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "2147483648"])
@pytest.mark.parametrize("page", ["", "lista.json", "lista.csv", "lista.xlsx", "verificar/"])
def test_a_list_that_does_not_exist_is_not_found(client, published, number, page):
    assert client.get(f"/listas/{number}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "lista.json", "lista.csv", "lista.xlsx", "verificar/"])
def test_published_lists_are_only_read(client, published, page):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"/listas/1/{page}").status_code == 405


def test_long_lists_come_in_pages(client, make_issue, cabinet):
    for _ in range(101):
        make_issue()
    publish("gestion", actor=cabinet)
    response = client.get("/listas/1/")
    assert len(shown(response)) == 100
    assert "desde=101#orden" in text_of(response)
    assert len(shown(client.get("/listas/1/?desde=101"))) == 1


PLAIN = "Primero va el problema N.º 1 de cada barrio, después el N.º 2 de cada uno, y así."


def test_the_header_tells_the_plain_order_where_the_list_has_it(client, published):
    assert PLAIN in text_of(client.get("/listas/1/"))


def test_the_header_of_a_list_whose_neighbourhoods_used_turns_says_where_it_begins(
    client, example, accept, cabinet
):
    for issue in (example[0], example[3]):
        accept(issue)
    Issue.objects.filter(pk=example[4].pk).update(visibility=Visibility.HIDDEN, hidden_reason="Prueba")
    publish("gestion", actor=cabinet)
    text = text_of(client.get("/listas/1/"))
    assert PLAIN not in text
    assert "Empieza en la ronda 2; cada lugar dice por qué le toca su ronda." in text
    assert "este barrio ya usó 1 turno" in text


def test_the_header_of_a_list_with_a_move_does_not_tell_the_plain_order(client, example, cabinet):
    propose_move(example[2], 1, "Se hunde la vereda", asked=NOBODY, actor=cabinet)
    publish("gestion", actor=cabinet)
    assert PLAIN not in text_of(client.get("/listas/1/"))


def test_what_changed_since_the_list_before_is_told(
    client, published, example, make_issue, vote, accept, cabinet
):
    vote({example[2]: 9, example[1]: 8}, days_ago=0)
    accept(example[3])
    make_issue(2, title="Nuevo en Centro")
    publish("gestion", actor=cabinet)
    response = client.get("/listas/2/")
    data = {row.place.issue.title: (row.change, row.steps) for row in response.context["page"].places}
    assert data["Norte 3"] == ("up", 3)
    assert data["Nuevo en Centro"] == ("new", 0)
    assert response.context["changes"] == {"new": 1, "up": 3, "down": 1, "same": 0, "gone": 1}
    assert [place.issue.title for place in response.context["gone"]] == ["Sur 1"]
    assert "programado" in text_of(response)


def test_both_orders_of_a_move_and_its_reason_are_shown(client, example, cabinet):
    propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    publish("gestion", actor=cabinet)
    text = text_of(client.get("/listas/1/"))
    assert f"«{REASON}»" in text
    assert "Según la regla le toca el lugar 5; está en el 1" in text


def test_a_newer_list_is_pointed_at(client, published, publish_next):
    publish_next()
    assert "Hay una lista más nueva:" in text_of(client.get("/listas/1/"))


def test_a_correction_names_the_list_it_corrects(client, published, cabinet):
    publish("gestion", actor=cabinet, corrects=published)
    assert "Corrige a la lista N.º 1" in text_of(client.get("/listas/2/"))


def test_a_problem_hidden_since_keeps_its_place_without_its_text(client, published):
    issue = published.places.get(place=1).issue
    issue.visibility, issue.hidden_reason = Visibility.HIDDEN, "Datos de una persona"
    issue.save()
    text = text_of(client.get("/listas/1/"))
    assert "Problema oculto" in text
    assert "Sur 1" not in text


def test_text_of_neighbours_is_shown_as_text(client, make_issue, cabinet):
    make_issue(title="<script>alert(1)</script>")
    publish("gestion", actor=cabinet)
    for page in ("/listas/1/", "/listas/1/verificar/", "/como-priorizamos/"):
        assert b"<script>alert" not in client.get(page).content


@pytest.mark.parametrize("problems", [2, 20])
def test_a_page_takes_the_same_number_of_queries(
    client, make_issue, cabinet, publish_next, django_assert_num_queries, problems
):
    for code in range(problems):
        make_issue(code % 3 + 1)
    publish("gestion", actor=cabinet)
    publish_next()
    client.get("/listas/2/")
    with django_assert_num_queries(16):
        client.get("/listas/2/")


def test_how_we_rank_tells_the_six_sentences_and_the_numbers(client, published):
    response = client.get(reverse("how-we-rank"))
    text = text_of(response)
    assert "Cada persona recibió 5 fichas y pudo poner hasta 2 en un mismo problema." in text
    assert "si hay empate, va primero el que eligieron más personas." in text
    assert "Sin votación, el orden lo da un puntaje público de 0 a 100" in text
    assert "Es provisorio hasta que el barrio lo vote." in text
    assert "llenar una sala no le da más puestos a un barrio." in text
    assert "si empatan, lo que tuvo más apoyo." in text
    assert "40×2 + 30×1 + 20×3 + 10×2 = 190" in text
    assert "63,3" in text
    areas = {row.name: (row.waiting, row.first_place, row.next_rounds) for row in response.context["areas"]}
    assert areas == {"Norte": (3, 2, [1, 2, 3]), "Centro": (1, 3, [1]), "Sur": (1, 1, [1])}


def test_how_we_rank_works_before_the_first_list(client, town):
    assert "Todavía no hay una lista publicada" in text_of(client.get("/como-priorizamos/"))


def test_places_point_at_the_list_they_belong_to(published):
    assert ListPlace.objects.of_territory(1).count() == 3
    assert [place.place for place in published.places.from_place(4)] == [4, 5]


def test_a_council_marks_a_place_and_has_its_own_list(client, example, vote, cabinet):
    council = vote({example[2]: 9, example[0]: 0}, code=None)
    publish("gestion", actor=cabinet)
    response = client.get("/listas/1/")
    marked = {row.place.issue.title: row.also_by for row in response.context["page"].places if row.also_by}
    assert marked == {"Norte 3": ["Consejo de Personas Mayores"]}
    assert "también pedido por Consejo de Personas Mayores" in text_of(response)
    assert f"/reuniones/{council.pk}/" in text_of(client.get("/listas/"))


def test_the_verifier_is_given_away_and_runs_alone(client, published, tmp_path):
    program, document = tmp_path / "verify.py", tmp_path / "lista.json"
    program.write_bytes(client.get("/listas/verify.py").content)
    document.write_bytes(client.get("/listas/1/lista.json").content)
    command = [sys.executable, "-I", str(program), str(document)]
    assert subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
