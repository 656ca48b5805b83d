"""The base map: what the pages get of it, and the archive that the site serves itself."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from territories.basemap import source
from tests.basemaps import raster

pytestmark = pytest.mark.django_db
DRAWN = "http://127.0.0.1:9/mapa/maipu.pmtiles"


@pytest.fixture
def archive(tmp_path, settings):
    """An archive that the site serves; its bytes."""
    path = raster(tmp_path / "maipu.pmtiles")
    settings.BASEMAP_FILE = str(path)
    return path.read_bytes()


def path_of(settings) -> Path:
    return Path(settings.BASEMAP_FILE)


def address() -> str:
    return str(source.for_maps()["url"])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "tiles"),
        (DRAWN, "archive"),
        ("/archivos/maipu.PMTiles?v=2", "archive"),
        ("https://tiles.example/pmtiles/{z}/{x}/{y}.webp", "tiles"),
    ],
)
def test_the_address_says_what_kind_it_is(settings, url, kind):
    settings.BASEMAP_URL, settings.BASEMAP_ATTRIBUTION = url, "© Municipio"
    basemap = source.for_maps()
    assert (basemap["kind"], basemap["url"], basemap["attribution"]) == (kind, url, "© Municipio")
    assert ("library" in basemap) is (kind == "archive")


def test_the_own_archive_is_published_with_size_and_hash(archive):
    basemap = source.for_maps()
    digest = hashlib.sha256(archive).hexdigest()
    assert (basemap["kind"], basemap["bytes"], basemap["sha256"]) == ("archive", len(archive), digest)
    assert basemap["url"] == f"/mapa-base/{digest[:16]}.pmtiles"


def test_another_file_has_another_address(archive, settings):
    before = address()
    raster(path_of(settings), (1, 2, 3))
    assert address() != before


@pytest.mark.parametrize("spoil", ["missing", "a folder", "html", "empty", "another hash"])
def test_a_file_that_is_not_the_archive_is_not_offered(archive, settings, tmp_path, client, spoil):
    url = address()
    path = path_of(settings)
    if spoil == "missing":
        path.unlink()
    elif spoil == "a folder":
        settings.BASEMAP_FILE = str(tmp_path)
    elif spoil == "another hash":
        settings.BASEMAP_SHA256 = "0" * 64
    else:
        path.write_text("<h1>No está</h1>" if spoil == "html" else "")
    assert (source.for_maps()["kind"], address()) == ("archive", "")
    assert client.get(url).status_code == 404
    assert [message.id for message in run_checks() if message.id == "mapa.W001"] == ["mapa.W001"]


def test_a_good_file_has_no_warning(archive, settings):
    settings.BASEMAP_SHA256 = hashlib.sha256(archive).hexdigest()
    assert [message for message in run_checks() if message.id == "mapa.W001"] == []


def test_the_whole_file(client, archive):
    response = client.get(address())
    assert (response.status_code, body(response)) == (200, archive)
    assert response["Content-Length"] == str(len(archive))
    assert response["Accept-Ranges"] == "bytes"
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-6", slice(0, 7)), ("bytes=100-199", slice(100, 200)), ("bytes=-5", slice(-5, None))],
)
def test_a_part_of_it(client, archive, asked, part):
    response = client.get(address(), headers={"Range": asked})
    assert (response.status_code, body(response)) == (206, archive[part])
    start = range(len(archive))[part].start
    length = len(archive[part])
    assert response["Content-Range"] == f"bytes {start}-{start + length - 1}/{len(archive)}"
    assert response["Content-Length"] == str(length)


def test_a_part_behind_the_end_is_416(client, archive):
    response = client.get(address(), headers={"Range": f"bytes={len(archive)}-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(archive)}")


def test_who_holds_a_part_of_another_file_gets_the_whole(client, archive):
    headers = {"Range": "bytes=5-", "If-Range": '"another"'}
    assert client.get(address(), headers=headers).status_code == 200
    headers["If-Range"] = client.head(address())["ETag"]
    assert client.get(address(), headers=headers).status_code == 206


def test_head_tells_the_size_and_an_unchanged_file_is_not_sent_again(client, archive):
    head = client.head(address())
    assert (head.status_code, head["Content-Length"], body(head)) == (200, str(len(archive)), b"")
    assert client.get(address(), headers={"If-None-Match": head["ETag"]}).status_code == 304


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client, archive, method):
    assert getattr(client, method)(address()).status_code == 405


def test_pages_and_the_tablet_are_told_the_same(client, archive):
    for page in ("/", "/caminata/"):
        assert address() in client.get(page).content.decode()


PRINT = "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY)"


def policy(**env: str) -> subprocess.CompletedProcess:
    """The policy of an installation with these settings."""
    data = {name: value for name, value in os.environ.items() if not name.startswith("BASEMAP")}
    data |= {"DJANGO_SETTINGS_MODULE": "config.settings"} | env
    return subprocess.run(
        [sys.executable, "-c", PRINT], env=data, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, None),
        ({"BASEMAP_URL": DRAWN}, "http://127.0.0.1:9"),
        ({"BASEMAP_URL": "/archivos/maipu.pmtiles"}, None),
        ({"BASEMAP_URL": "https://{s}.tiles.example/{z}/{x}/{y}.png"}, "https://*.tiles.example"),
        ({"BASEMAP_FILE": "/srv/maipu.pmtiles"}, None),
    ],
)
def test_the_policy_names_the_host_and_nothing_else(env, named):
    result = policy(**env)
    assert result.returncode == 0, result.stderr
    assert ("127.0.0.1:9" in result.stdout or "tiles.example" in result.stdout) is bool(named)
    assert result.stdout.count(named or "nobody") == (2 if named else 0)
    assert "unsafe" not in result.stdout


@pytest.mark.parametrize(
    "env",
    [
        {"BASEMAP_URL": DRAWN, "BASEMAP_FILE": "/srv/maipu.pmtiles"},
        {"BASEMAP_FILE": "/srv/maipu.pmtiles", "BASEMAP_SHA256": "abc"},
    ],
)
def test_settings_that_contradict_themselves_stop_the_start(env):
    result = policy(**env)
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr


def test_the_libraries_are_collected_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.staticfiles.HashedStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    (base,) = tmp_path.glob("js/map/base/base-map.????????????.js")
    (entry,) = tmp_path.glob("js/map/base/archive.????????????.js")
    (reader,) = tmp_path.glob("pmtiles/dist/esm/index.????????????.js")
    assert len(list(tmp_path.glob("protomaps-leaflet/dist/protomaps-leaflet.????????????.js"))) == 1
    assert f'import("./{entry.name}")' in base.read_text()
    assert f"../../../pmtiles/dist/esm/{reader.name}" in entry.read_text()
