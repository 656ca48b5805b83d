"""Dockerfile and docker-compose.yml: checked as far as that goes without an engine."""

import configparser
import re
import shlex
import subprocess

import pytest
import yaml

from core.jobs import Queue
from scripts import restore
from scripts.cluster import PASSWORDS
from scripts.house import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def instructions():
    """(instruction, arguments) of the Dockerfile, continued lines joined, comments dropped."""
    lines = [line for line in DOCKERFILE.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in joined.splitlines()]


def copied():
    """What is copied from the checkout."""
    rows = [shlex.split(rest) for word, rest in instructions() if word == "COPY"]
    return [source for row in rows if not row[0].startswith("--from") for source in row[:-1]]


@pytest.mark.parametrize("source", copied())
def test_every_file_the_dockerfile_copies_exists_in_the_checkout(source):
    assert (ROOT / source).exists()
    assert source == "." or subprocess.check_output(["git", "ls-files", source], cwd=ROOT)


def test_a_later_stage_copies_only_from_an_earlier_one():
    stages = []
    for word, rest in instructions():
        if word == "FROM":
            stages.append(rest.partition(" AS ")[2])
        elif rest.startswith("--from="):
            assert rest.split()[0].removeprefix("--from=") in stages[:-1]


@pytest.mark.parametrize("module", sorted(set(re.findall(r"scripts\.(\w+)", DOCKERFILE))))
def test_every_script_the_image_runs_exists(module):
    assert (ROOT / "scripts" / f"{module}.py").is_file()


def test_image_and_make_run_take_their_packages_from_one_list():
    assert "python3 -m scripts.packages app client" in DOCKERFILE
    installs = re.findall(r"apt-get install -y --no-install-recommends ([^\\\n]*)", DOCKERFILE)
    assert [line.strip() for line in installs] == ["python3"]


def test_the_image_serves_as_nobody_special_and_says_how_it_is():
    words = [word for word, _ in instructions()]
    users = [rest for word, rest in instructions() if word == "USER"]
    assert users == ["mapa"]
    assert words.index("USER") < words.index("CMD")
    assert "HEALTHCHECK" in words


def test_secrets_and_local_data_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".local", ".git", ".venv", "node_modules", "media"} <= set(ignored)


def test_the_parts_of_an_installation_are_there():
    assert {"db", "web", "proxy", "backup"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_an_image_that_names_its_version(name):
    image = SERVICES[name]["image"]
    assert image.startswith("mapa-barrial:") or re.search(r":\d+(\.\d+|-\d)", image)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_volumes_networks_and_dependencies_of_a_service_are_declared(name):
    service = SERVICES[name]
    sources = [mount.split(":")[0] for mount in service.get("volumes", [])]
    for source in sources:
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_the_database_is_postgis_on_a_named_volume_reachable_from_inside_only():
    major = re.fullmatch(r"postgis/postgis:(\d+)-\d\.\d", SERVICES["db"]["image"])[1]
    # A data folder of another major version would keep the database from starting.
    assert f"database-{major}:/var/lib/postgresql/data" in SERVICES["db"]["volumes"]
    assert SERVICES["db"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "ports" not in SERVICES["db"]


def test_the_image_restores_into_the_database_it_is_served_with():
    """pg_restore of Debian N writes what an older server than its own refuses: docs/decisions/base.md."""
    debian = int(re.search(r"^FROM debian:(\d+)-slim", DOCKERFILE, re.MULTILINE)[1])
    client = {12: 15, 13: 17}[debian]
    assert int(re.search(r":(\d+)-", SERVICES["db"]["image"])[1]) >= client


def test_only_the_proxy_opens_ports_and_it_speaks_tls():
    opened = {name for name, service in SERVICES.items() if "ports" in service}
    assert opened == {"proxy"}
    assert "443:443" in SERVICES["proxy"]["ports"]
    assert "reverse_proxy {$SITE_UPSTREAM:web:8000}" in (ROOT / "deploy" / "Caddyfile").read_text()


def test_the_site_waits_for_the_database_and_the_proxy_for_the_site():
    assert SERVICES["web"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert SERVICES["web"]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert SERVICES["proxy"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert SERVICES["web"]["healthcheck"]["test"][-1] == "scripts.healthcheck"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"restore", "prepare"}))
def test_every_service_that_runs_says_how_it_is_turns_its_logs_over_and_starts_again(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert int(service["logging"]["options"]["max-file"]) > 1


def test_the_queues_have_a_worker_each():
    commands = [SERVICES[name]["command"] for name in ("worker", "mail")]
    served = [word for command in commands for word in command if word in set(Queue)]
    assert sorted(served) == sorted(Queue)


def test_metrics_are_not_led_to_from_outside():
    assert "9464" not in (ROOT / "deploy" / "Caddyfile").read_text()
    assert "ports" not in SERVICES["web"]


# The one role that each container signs in as; a second is named only to migrate.
SIGNED_IN = {
    "prepare": {"DATABASE_URL": "mapa_worker", "DATABASE_OWNER_URL": "mapa"},
    "web": {"DATABASE_URL": "mapa_web"},
    "worker": {"DATABASE_URL": "mapa_worker"},
    "mail": {"DATABASE_URL": "mapa_worker"},
    "backup": {"DATABASE_URL": "mapa_backup"},
    "restore": {"DATABASE_URL": "mapa"},
}


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_container_signs_in_as_its_role_and_knows_no_other_s_password(name):
    told = {key: str(value) for key, value in SERVICES[name]["environment"].items()}
    urls = {key: re.match(r"postgis://(\w+):", value) for key, value in told.items()}
    assert {key: found[1] for key, found in urls.items() if found} == SIGNED_IN[name]
    passwords = {PASSWORDS[role][1] for role in SIGNED_IN[name].values()}
    assert set(re.findall(r"MAPA_\w*PASSWORD", " ".join(told.values()))) == passwords


def test_the_server_makes_the_roles_before_their_database():
    mounts = [mount.split(":") for mount in SERVICES["db"]["volumes"] if mount.startswith("./deploy/")]
    assert [source for source, _target, _how in sorted(mounts, key=lambda mount: mount[1])] == [
        "./deploy/roles.sql",
        "./deploy/database.sql",
    ]
    assert {PASSWORDS[role][1] for role in PASSWORDS} <= set(SERVICES["db"]["environment"])


UNITS = sorted((ROOT / "deploy" / "systemd").glob("mapa-*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_what_there_is_and_starts_again(unit):
    told = configparser.RawConfigParser(strict=False)
    told.optionxform = str
    told.read_string(unit.read_text())
    words = told["Service"]["ExecStart"].split()
    inside = words[0].removeprefix("/srv/mapa-barrial/")
    assert inside.startswith(".venv/bin/")
    assert told["Service"].get("Type") == "oneshot" or told["Service"]["Restart"] == "always"
    if words[1] == "-m":
        assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").is_file()


@pytest.mark.parametrize("name", ["prepare", "web", "worker", "mail", "backup", "restore"])
def test_our_containers_can_do_no_more_than_they_need(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_backup_reads_the_photos_and_the_site_never_sees_the_backups():
    assert "data:/data:ro" in SERVICES["backup"]["volumes"]
    assert "scripts.nightly" in SERVICES["backup"]["command"]
    assert not any(mount.startswith("backups:") for mount in SERVICES["web"]["volumes"])


def test_every_secret_comes_from_the_environment_and_is_asked_for():
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / "deploy" / "env.example").read_text()
    roles = [name for _file, name in PASSWORDS.values()]
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", *roles):
        assert f"${{{secret}:?" in text
        assert f"\n{secret}=\n" in example


def test_every_variable_of_the_example_is_used():
    text = (ROOT / "docker-compose.yml").read_text()
    names = re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE)
    assert len(names) >= 5
    assert all(f"${{{name}:" in text for name in names)


def test_what_the_site_is_told_is_what_the_settings_read():
    settings = (ROOT / "config" / "settings.py").read_text() + (ROOT / "config" / "gunicorn.py").read_text()
    for name in SERVICES["web"]["environment"]:
        assert re.search(rf"""["']{name}["']""", settings) or name == "DEMO_PASSWORD"


def test_whoever_holds_a_connection_is_ended_before_a_restore():
    """Said by the restore itself, the guide and the file: all services of ours that know the database."""
    known = {name for name, one in SERVICES.items() if "DATABASE_URL" in (one.get("environment") or {})}
    told = (
        f"docker compose stop {' '.join(name for name in SERVICES if name in known - {'restore', 'prepare'})}"
    )
    assert told in restore.IN_USE
    for file in ("docs/operations.md", "docker-compose.yml"):
        assert told in (ROOT / file).read_text()
