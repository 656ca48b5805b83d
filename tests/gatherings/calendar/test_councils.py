"""Councils of the whole commune, and the file of organisations."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from gatherings.models import Gathering, Organisation
from gatherings.room.acts import act
from issues.models import Issue

NEW = {"tokens_before": None, "people_before": None}


@pytest.fixture
def council(make_gathering) -> Gathering:
    """A planned gathering of the seniors' council."""
    return make_gathering(territory=None, council="Consejo de Personas Mayores")


def act_in(room, user, action, **body):
    act(room.pk, user, action, {"key": str(uuid.uuid4()), **body})
    room.refresh_from_db()
    return room


def test_a_council_votes_on_problems_of_any_neighbourhood_and_changes_no_status(
    council, facilitator, counter, make_issue
):
    issues = [make_issue(code, title=f"En {code}") for code in (1, 2, 3)]
    act_in(council, facilitator, "open")
    act_in(council, facilitator, "attendance", organisation=None, people=9, voters=None)
    for issue in issues:
        act_in(council, facilitator, "ballot-add", issue=str(issue.pk))
    act_in(council, facilitator, "start")
    for issue, tokens in zip(issues, (3, 9, 5), strict=True):
        act_in(council, facilitator, "total", issue=str(issue.pk), tokens=tokens, people=tokens, **NEW)
    act_in(council, counter, "count", side=2)
    for issue, tokens in zip(issues, (3, 9, 5), strict=True):
        act_in(council, counter, "total", issue=str(issue.pk), tokens=tokens, people=tokens, **NEW)
    act_in(council, counter, "compare")
    act_in(council, facilitator, "witnesses", names=["a", "b"])
    room = act_in(council, facilitator, "close")
    assert [item.issue.title for item in room.ballot.order_by("place")] == ["En 2", "En 3", "En 1"]
    assert set(Issue.objects.values_list("status", flat=True)) == {"registered"}


def test_the_pages_of_a_council_work_without_a_neighbourhood(client, council, facilitator):
    client.force_login(facilitator)
    for name in ("gathering", "gathering-room", "gathering-edit", "gathering-state"):
        assert client.get(reverse(name, args=[council.pk])).status_code == 200
    assert "Consejo de Personas Mayores" in client.get(reverse("gatherings")).content.decode()


@pytest.mark.parametrize(("who", "status"), [("cabinet", 302), ("facilitator", 404), ("manager", 404)])
def test_who_plans_a_councils_gathering_names_who_conducts_it(
    client, request, town, other_facilitator, who, status
):
    Organisation.objects.create(name="Mesa de Movilidad", kind="consejo comunal")
    client.force_login(request.getfixturevalue(who))
    form = {"council": "Mesa de Movilidad", "place": "Municipio", "starts_at": "2099-12-01T19:00",
            "ends_at": "2099-12-01T21:00", "mode": "tokens", "facilitator": other_facilitator.pk}  # fmt: skip
    assert client.post(reverse("gathering-create") + "?consejo=1", form).status_code == status
    planned = Gathering.objects.filter(council="Mesa de Movilidad", facilitator=other_facilitator)
    assert planned.exists() == (status == 302)


def test_the_cabinet_moves_a_council_and_conducts_none(client, council, cabinet):
    client.force_login(cabinet)
    assert client.get(reverse("gathering-edit", args=[council.pk])).status_code == 200
    assert client.get(reverse("gathering-room", args=[council.pk])).status_code == 404


def test_a_facilitator_conducts_no_council_but_the_own(client, council, other_facilitator, facilitator):
    client.force_login(other_facilitator)
    assert client.get(reverse("gathering-room", args=[council.pk])).status_code == 404
    client.force_login(facilitator)
    assert client.get(reverse("gathering-room", args=[council.pk])).status_code == 200


# --- The file -----------------------------------------------------------------------------------


@pytest.fixture
def load(tmp_path, town):
    """Loads a file with this content."""

    def loading(content: str | bytes):
        path = tmp_path / "organizaciones.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        call_command("load_organisations", str(path), verbosity=0)
        return {(each.name, each.kind, each.territory_code) for each in Organisation.objects.all()}

    return loading


@pytest.mark.parametrize(
    "content",
    [
        "nombre;tipo;barrio\nClub Ñandú;club deportivo;Norte\nMesa;mesa;\n",
        "Nombre,Tipo,Barrio\nClub Ñandú,club deportivo,norte\nMesa,mesa,\n",
        "\ufeffnombre;tipo;barrio\r\nClub  Ñandú ;club deportivo;1\r\nMesa;mesa;\r\n",
        "nombre;tipo;barrio\nClub Ñandú;club deportivo;NORTE\nMesa;mesa;\n".encode("latin-1"),
        "barrio;tipo;nombre;otra\n1;club deportivo;Club Ñandú;x\n;mesa;Mesa;y\n",
    ],
)
def test_the_file_is_read_in_every_usual_spelling(load, content):
    assert load(content) == {("Club Ñandú", "club deportivo", 1), ("Mesa", "mesa", None)}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "Falta la columna"),
        ("nombre;tipo\nClub;club\n", "Falta la columna «barrio»"),
        ("nombre;tipo;barrio\n", "ninguna organización"),
        ("nombre;tipo;barrio\nClub;club;Chuchunco\n", "Línea 2: no hay un barrio «Chuchunco»"),
        ("nombre;tipo;barrio\nA;b;1\n;club;1\n", "Línea 3: falta el nombre"),
        (f"nombre;tipo;barrio\n{'x' * 161};club;1\n", "demasiado largo"),
        ("nombre;tipo;barrio;RUT\nClub;club;1;1-9\n", "datos de personas"),
        ("nombre;tipo;barrio;Teléfono\nClub;club;1;9\n", "datos de personas"),
        (b"nombre;tipo;barrio\nCl\x00ub;club;1\n", "no es texto"),
        ('nombre;tipo;barrio\n"Club;club;1\n', "comillas"),
        (b"x" * 5_000_001, "más de 5 MB"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_line_and_changes_nothing(load, content, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(content)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "utf-16", "utf-8"])
def test_quotes_dashes_and_apostrophes_of_excel_are_read_right(load, codec):
    text = "nombre;tipo;barrio\r\nJunta Nº 12 “Los Aromos” – sector norte;junta;\r\nClub d’Ajedrez;club;\r\n"
    assert {name for name, _kind, _code in load(text.encode(codec))} == {
        "Junta Nº 12 “Los Aromos” – sector norte",
        "Club d’Ajedrez",
    }


def test_what_may_be_another_letter_is_refused_by_its_name(load):
    with pytest.raises(CommandError, match=r"Línea 2: en «Club d’amigos.*no se sabe"):
        load("nombre;tipo;barrio\nClub d’amigos;club;\n".encode("cp1252"))
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("written", "code"), [("01", 1), ("2", 2), ("003", 3), ("norte", 1)])
def test_a_padded_number_is_the_number(load, written, code):
    assert load(f"nombre;tipo;barrio\nClub;club;{written}\n") == {("Club", "club", code)}


def test_rows_of_empty_cells_are_no_organisations(load):
    assert len(load("nombre;tipo;barrio\r\nClub Dos Alamos;club;\r\n;;\r\n; ;\u200b\r\n")) == 1


def test_loading_twice_doubles_nothing_and_brings_back(load):
    content = "nombre;tipo;barrio\nClub;club;1\nClub;club;2\nclub;club;1\n"
    load(content)
    Organisation.objects.update(is_active=False, kind="otro")
    assert load(content) == {("Club", "club", 1), ("Club", "club", 2)}
    assert Organisation.objects.filter(is_active=True).count() == 2


def test_a_thousand_organisations_load_in_few_queries(load, django_assert_max_num_queries):
    lines = "".join(f"Junta de Vecinos {n};junta de vecinos;{n % 3 + 1}\n" for n in range(1000))
    with django_assert_max_num_queries(8):
        load("nombre;tipo;barrio\n" + lines)
        assert Organisation.objects.count() == 1000


def test_a_missing_file_is_refused(town):
    with pytest.raises(CommandError, match="No se puede leer"):
        call_command("load_organisations", "no-hay.csv")


def test_the_shipped_file_of_councils_loads(town):
    call_command("load_organisations", verbosity=0)
    assert Organisation.objects.filter(kind="consejo comunal", territory_code=None).count() == 4
