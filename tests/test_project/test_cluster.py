"""The private database cluster: made once, durable, and able to go on after any kill."""

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from scripts import cluster as clusters
from scripts.cluster import SOCKET_PATH_LIMIT, Cluster


@contextlib.contextmanager
def folder_for_a_cluster():
    """A folder in /tmp that the database's own user can reach, also when root runs the tests."""
    above = Path(tempfile.mkdtemp(prefix="mapa-cluster-"))
    above.chmod(0o711)
    folder = above / "home"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, clusters._owner())
    yield folder
    Cluster(folder, clusters._owner()).stop()
    shutil.rmtree(above)


@pytest.fixture
def home():
    with folder_for_a_cluster() as folder:
        yield folder


@pytest.fixture
def other_home():
    with folder_for_a_cluster() as folder:
        yield folder


@pytest.fixture
def cluster(home):
    """A cluster that was never made."""
    return Cluster(home, clusters._owner())


def ask(cluster, statement):
    with psycopg.connect(cluster.url().replace("postgis://", "postgresql://")) as db:
        answer = db.execute(statement)
        return answer.fetchone()[0] if answer.description else None


def kill(cluster):
    """SIGKILL to the server, and the wait until the kernel has buried it."""
    os.kill(cluster._recorded_pid(), signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < until:
        time.sleep(0.05)


def test_a_new_cluster_serves_the_application_without_superuser(cluster):
    cluster.start()
    assert ask(cluster, "SELECT postgis_lib_version()")
    assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(cluster, "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')") == 2


@pytest.mark.parametrize("role", ["mapa_web", "mapa_worker", "mapa_backup"])
def test_a_new_cluster_has_a_role_for_each_work_with_a_password_of_its_own(cluster, role):
    cluster.start()
    with psycopg.connect(cluster.url(role).replace("postgis://", "postgresql://")) as db:
        assert db.execute("SELECT current_user").fetchone()[0] == role
        bypasses = "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert db.execute(bypasses).fetchone()[0] is (role == "mapa_backup")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("CREATE TABLE mine (id int)")
    assert cluster.url(role).split("@")[0] != cluster.url().split("@")[0]


def test_a_cluster_of_before_gets_the_roles_it_lacks_and_keeps_its_data(cluster, home):
    cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    drop = "REVOKE mapa_web FROM mapa; DROP ROLE mapa_web"
    where = ["-h", str(cluster.sockets), "-p", str(cluster.port), "-d", "postgres"]
    cluster._run("psql", "-X", "-q", *where, "-c", drop)
    cluster.stop()
    (home / "roles").unlink()
    cluster.start()
    with psycopg.connect(cluster.url("mapa_web").replace("postgis://", "postgresql://")) as db:
        assert db.execute("SELECT current_user").fetchone()[0] == "mapa_web"
    assert ask(cluster, "SELECT n FROM kept") == 7


def test_the_site_s_cluster_is_durable_and_the_tests_own_is_not(cluster, home):
    cluster.start()
    assert [ask(cluster, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
        "on"
    ] * 3
    cluster.stop()
    forgetful = Cluster(home, cluster.owner, durable=False)
    forgetful.start()
    assert ask(forgetful, "SHOW fsync") == "off"


def test_nobody_gets_in_without_the_password(cluster):
    cluster.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host="127.0.0.1", port=cluster.port, user="mapa", password="guess", dbname="mapa")


def test_starting_and_stopping_twice_is_harmless(cluster):
    cluster.start()
    cluster.start()
    assert cluster.is_running()
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()


def test_a_half_made_cluster_is_made_again(cluster, home):
    cluster.start()
    cluster.stop()
    (home / "made").unlink()
    (home / "data" / "PG_VERSION").unlink()
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_a_making_that_was_killed_while_the_server_ran_is_made_again(cluster, home):
    cluster.start()
    (home / "made").unlink()
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_a_killed_server_starts_again_with_what_was_committed(cluster):
    cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    kill(cluster)
    cluster.start()
    assert ask(cluster, "SELECT n FROM kept") == 7


def test_a_process_number_that_is_now_another_programs_does_not_hinder(cluster, home):
    cluster.start()
    cluster.stop()
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/data\n")
    assert not cluster.is_running()
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_a_port_that_was_taken_meanwhile_is_left_to_its_taker(cluster):
    cluster.start()
    before = cluster.port
    cluster.stop()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", before))
        taker.listen()
        cluster.start()
        assert cluster.port != before
        assert ask(cluster, "SELECT 1") == 1


def test_clusters_that_start_at_the_same_moment_part_their_ports(cluster, other_home):
    both = [cluster, Cluster(other_home, cluster.owner)]
    for one in both:
        one.start()
        one.stop()
        (one.home / "port").unlink()
    with ThreadPoolExecutor() as together:
        list(together.map(Cluster.start, both))
    assert both[0].port != both[1].port
    assert [ask(one, "SELECT 1") for one in both] == [1, 1]


@pytest.mark.parametrize("length", [10, 80, 100, 300])
def test_the_socket_s_path_always_fits_the_kernel(length):
    made = Cluster(Path("/srv") / ("ñ" * length), "postgres")
    assert len(os.fsencode(made.sockets / ".s.PGSQL.65535")) <= SOCKET_PATH_LIMIT
