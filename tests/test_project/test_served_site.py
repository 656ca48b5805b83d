"""The demo town as `make run` serves it from a fresh clone, after a first start that was killed."""

import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

from scripts.house import PYTHON
from tests.test_project.checkout import fresh_checkout

LOGINS = ("facilitadora", "jefatura", "direccion", "alcaldia", "control", "admin")


@pytest.fixture(scope="module")
def site():
    """(checkout, what the start printed), serving."""
    with fresh_checkout() as checkout:
        checkout.kill_at("Loading the demo")
        with checkout.running(DEMO_PASSWORD="vecinas-y-vecinos") as (_, printed):
            yield checkout, printed


def test_every_page_it_prints_is_there(site):
    checkout, printed = site
    paths = re.findall(rf"  http://127\.0\.0\.1:{checkout.port}(/\S*)  ", printed)
    assert len(paths) >= 6
    assert {path: checkout.get(path)[0] for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize("login", LOGINS)
def test_each_login_it_prints_gets_in_with_the_password_it_prints(site, login):
    checkout, printed = site
    assert "password vecinas-y-vecinos" in printed
    assert re.search(rf"^  {login} ", printed, re.MULTILINE)
    assert signs_in(checkout, login, "vecinas-y-vecinos")
    assert not signs_in(checkout, login, "otra-clave")


def signs_in(checkout, login, password):
    """Whether the sign-in form leads away from itself."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = f"http://127.0.0.1:{checkout.port}{sign_in_path(checkout)}"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.open(form).read().decode())[1]
    data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": login, "password": password})
    return browser.open(form, data.encode()).url != form


def sign_in_path(checkout):
    """Where a page for staff sends a stranger."""
    with urllib.request.urlopen(f"http://127.0.0.1:{checkout.port}/gestion/") as answer:
        return urllib.parse.urlsplit(answer.url).path


def test_it_is_ready_and_in_earnest(site):
    checkout, _ = site
    assert checkout.get("/readyz")[0] == 200
    with pytest.raises(urllib.error.HTTPError) as error:
        checkout.get("/no-such-page/")
    assert "Traceback" not in error.value.read().decode()


def test_static_files_have_hashed_names_and_are_served_for_ever(site):
    checkout, _ = site
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', checkout.get("/")[1])
    assert sheets
    assert all(re.search(r"\.[0-9a-f]{12}\.css$", sheet) for sheet in sheets)
    with urllib.request.urlopen(f"http://127.0.0.1:{checkout.port}{sheets[0]}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_every_import_between_modules_carries_a_hashed_name(site):
    checkout, _ = site
    static = checkout.local / "static"
    manifest = json.loads((static / "staticfiles.json").read_text())["paths"]
    own = [hashed for name, hashed in manifest.items() if name.startswith("js/") and name.endswith(".js")]
    assert own
    for hashed in own:
        text = (static / hashed).read_text()
        imports = re.findall(r"""^(?:import|export)\b[^;]*?["'](\.[^"']+)["']""", text, re.MULTILINE)
        assert text.strip()
        assert [name for name in imports if not re.search(r"\.[0-9a-f]{12}\.m?js$", name)] == [], hashed


def test_a_second_start_in_the_same_folder_is_refused_in_one_sentence(site):
    second = site[0].make("run")
    assert second.returncode != 0
    assert "already at work" in second.stderr
    assert "Traceback" not in second.stderr


def database(checkout, act):
    """`start` or `stop` the site's own database, and nothing else of it."""
    statement = f"from scripts.cluster import private_cluster; private_cluster('postgres').{act}()"
    subprocess.run([PYTHON, "-c", statement], cwd=checkout.folder, check=True, capture_output=True)


@contextlib.contextmanager
def no_database(checkout):
    """The site without its database, while the supervisor, which would start it again, is held."""
    supervisor = int((checkout.local / "run.pid").read_text())
    os.kill(supervisor, signal.SIGSTOP)
    database(checkout, "stop")
    try:
        yield
    finally:
        database(checkout, "start")
        os.kill(supervisor, signal.SIGCONT)


def refusal(checkout, path):
    """(status, seconds to wait before the next try, text) of an address that does not answer 200."""
    with pytest.raises(urllib.error.HTTPError) as error:
        checkout.get(path)
    return error.value.code, error.value.headers["Retry-After"], error.value.read().decode()


def test_while_the_database_is_away_every_door_says_so_and_when_to_come_back(site):
    checkout, _ = site
    with no_database(checkout):
        found = {path: refusal(checkout, path) for path in ("/", "/listas/", "/api/v1/issues/")}
        assert checkout.get("/healthz")[0] == 200
        assert refusal(checkout, "/readyz")[0] == 503
    assert {path: answer[:2] for path, answer in found.items()} == dict.fromkeys(found, (503, "10"))
    assert all("Volvemos en un momento" in text for path, (*_, text) in found.items() if "api" not in path)
    assert json.loads(found["/api/v1/issues/"][2])["detail"]


def test_when_the_database_is_back_the_site_goes_on_without_a_restart(site):
    checkout, _ = site
    with no_database(checkout):
        refusal(checkout, "/")
    assert [checkout.get(path)[0] for path in ("/", "/readyz", "/api/v1/issues/")] == [200] * 3


def test_a_backup_is_made_while_the_site_is_served_and_a_restore_waits_until_it_is_not(site):
    checkout, _ = site
    assert checkout.make("backup").returncode == 0
    made = sorted((checkout.local / "backups").glob("*.tar"))[-1]
    assert "site is running" in checkout.make("restore", f"FILE={made}").stderr
    assert checkout.get("/readyz")[0] == 200
