"""The one list of system packages: each line can be checked; without apt the missing ones are named."""

import os
import subprocess
import sys

import pytest

from scripts.house import ROOT
from scripts.packages import PROBES, Need, is_there, needs

GROUPS = {"app", "client", "cluster", "test"}


def test_every_line_has_a_known_group_a_known_probe_and_a_package():
    listed = needs(GROUPS)
    assert len(listed) >= 10
    assert {need.group for need in listed} == GROUPS
    assert {need.probe.partition(":")[0] for need in listed} <= set(PROBES)


def test_comments_and_empty_lines_are_no_needs():
    assert needs({"app"}, "# app cmd:x y\n\napp cmd:sh dash|bash\n") == [
        Need("app", "cmd:sh", ("dash", "bash"))
    ]


def test_only_the_asked_groups_are_returned():
    assert {need.group for need in needs({"app", "cluster"})} == {"app", "cluster"}


@pytest.mark.parametrize(
    ("probe", "there"),
    [
        ("cmd:sh", True),
        ("cmd:no-such-command|sh", True),
        ("cmd:no-such-command", False),
        ("module:json", True),
        ("module:no_such_module", False),
        ("lib:libc.so.6", True),
        ("lib:libnone.so.1", False),
        ("glob:/etc/pass*", True),
        ("glob:/etc/none/*", False),
    ],
)
def test_a_probe_looks_at_the_thing_itself(probe, there):
    assert is_there(Need("app", probe, ("x",))) is there


def test_a_machine_without_apt_gets_a_list_and_the_other_way(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.packages", "client", "test"],
        cwd=ROOT,
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pg_dump   (Debian: postgresql-client)" in done.stderr
    assert "docker compose up" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("named", "there"), [("/bin/sh", True), ("/nowhere/chrome", False), ("", False)])
def test_a_browser_somebody_names_is_as_good_as_one_of_apt(monkeypatch, named, there):
    monkeypatch.setenv("CHROMIUM", named)
    assert is_there(Need("test", "browser:no-such-browser", ("x",))) is there
