"""Boundaries in the administration: upload, preview, put in force, take back; only administrators."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from issues.models import HistoryEntry
from territories.models import BoundaryChange, BoundarySet
from tests.territories.importing import files

ADD = "/admin/territories/boundaryset/add/"
FIELDS = {"name": "Oficiales", "source": "Municipio", "expect": "3"}


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def geojson(tmp_path) -> bytes:
    return files.geojson(tmp_path / "barrios.geojson").read_bytes()


def upload(client, content: bytes, name: str = "barrios.geojson", **fields):
    return client.post(ADD, FIELDS | fields | {"files": SimpleUploadedFile(name, content)})


def test_an_uploaded_file_is_stored_without_coming_into_force(admin_client, geojson):
    answer = upload(admin_client, geojson)
    made = BoundarySet.objects.get()
    assert answer["Location"] == f"/admin/territories/boundaryset/{made.pk}/change/"
    assert (made.name, made.source, made.is_active) == ("Oficiales", "Municipio", False)
    assert HistoryEntry.objects.filter(kind="config", from_value="added").exists()


def test_a_refused_file_is_told_in_one_sentence_and_stores_nothing(admin_client, geojson):
    answer = upload(admin_client, geojson, expect="21")
    assert answer.status_code == 200
    assert "Se esperaban 21 barrios y el archivo trae 3" in answer.content.decode()
    assert not BoundarySet.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.geojson", "x" * 250 + ".geojson", ".geojson", "ñ"]
)
def test_whatever_the_file_is_called_there_is_no_server_error(admin_client, geojson, name):
    assert upload(admin_client, geojson, name).status_code in (200, 302)


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04", b"\x00" * 500])
def test_whatever_is_inside_there_is_no_server_error(admin_client, content):
    assert upload(admin_client, content).status_code == 200
    assert not BoundarySet.objects.exists()


def test_the_parts_of_a_loose_shapefile_are_uploaded_together(admin_client, tmp_path):
    parts = files.parts(files.shapefile(tmp_path / "s"))
    uploads = [SimpleUploadedFile(name.upper(), content) for name, content in parts.items()]
    assert admin_client.post(ADD, FIELDS | {"files": uploads}).status_code == 302
    assert BoundarySet.objects.get().territories.count() == 3


def test_the_preview_shows_what_was_found_as_text(admin_client, tmp_path):
    frame = files.town({1: "<b>Norte</b>", 2: "Centro", 3: "Sur"})
    upload(admin_client, files.geojson(tmp_path / "a.geojson", frame).read_bytes())
    page = admin_client.get(f"/admin/territories/boundaryset/{BoundarySet.objects.get().pk}/change/")
    text = page.content.decode()
    assert "Estos nombres no se conocían" in text
    assert "&lt;b&gt;Norte" in text
    assert "<b>Norte" not in text
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_a_set_is_put_in_force_and_taken_back(admin_client, town, geojson):
    upload(admin_client, geojson)
    made = BoundarySet.objects.latest("pk")
    page = f"/admin/territories/boundaryset/{made.pk}/"
    admin_client.post(f"{page}activar/")
    assert BoundarySet.objects.in_force().get() == made
    assert "Deshacer" in admin_client.get(f"{page}change/").content.decode()
    admin_client.post(f"{page}deshacer/")
    assert BoundarySet.objects.in_force().get() == town
    assert HistoryEntry.objects.filter(kind="config", from_value="changed").count() == 2


def test_only_the_last_set_can_be_taken_back(admin_client, town, geojson):
    upload(admin_client, geojson)
    made = BoundarySet.objects.latest("pk")
    answer = admin_client.post(f"/admin/territories/boundaryset/{made.pk}/deshacer/", follow=True)
    assert "no son los últimos" in answer.content.decode()
    assert BoundarySet.objects.in_force().get() == town


def test_putting_in_force_is_never_a_link(admin_client, town):
    for what in ("activar", "deshacer"):
        assert admin_client.get(f"/admin/territories/boundaryset/{town.pk}/{what}/").status_code == 405


def test_the_picture_is_an_image_without_scripts(admin_client, geojson):
    upload(admin_client, geojson)
    answer = admin_client.get(f"/admin/territories/boundaryset/{BoundarySet.objects.get().pk}/imagen.svg")
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert b"<script" not in answer.content
    assert b"style=" not in answer.content


def test_a_set_that_is_not_in_force_can_be_downloaded(admin_client, geojson):
    upload(admin_client, geojson)
    answer = admin_client.get(
        f"/admin/territories/boundaryset/{BoundarySet.objects.get().pk}/limites.shp.zip"
    )
    assert BytesIO(answer.content).read(2) == b"PK"


@pytest.mark.parametrize("pk", ["999", "0", "abc", "9" * 30])
def test_a_set_that_does_not_exist_is_not_found(admin_client, pk):
    assert admin_client.get(f"/admin/territories/boundaryset/{pk}/change/").status_code in (302, 404)


@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
@pytest.mark.parametrize("page", ["add/", "{}/change/", "{}/activar/", "{}/deshacer/", "{}/imagen.svg"])
def test_other_roles_reach_nothing(client, request, town, who, page):
    client.force_login(request.getfixturevalue(who))
    address = f"/admin/territories/boundaryset/{page.format(town.pk)}"
    assert {client.get(address).status_code, client.post(address).status_code} <= {302, 403, 405}
    assert BoundarySet.objects.get() == town
    assert BoundarySet.objects.in_force().exists()


@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
@pytest.mark.parametrize("ending", ["/", ".json"])
def test_other_roles_do_not_see_how_a_change_goes(client, request, town, who, ending):
    asked = BoundaryChange.objects.create(boundary_set=town, act="activate", total=1)
    client.force_login(request.getfixturevalue(who))
    address = f"/admin/territories/boundaryset/cambios/{asked.pk}{ending}"
    assert client.get(address).status_code in (302, 403)
    assert client.post(address).status_code in (302, 403, 405)


def test_the_page_costs_the_same_however_many_neighbourhoods(
    admin_client, town, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        admin_client.get(f"/admin/territories/boundaryset/{town.pk}/change/")
