"""A private PostgreSQL + PostGIS cluster of this checkout: made once, started and stopped by its own folder.

The operating system user that owns the cluster is its administrator (peer, over the socket); the application
comes over 127.0.0.1 with a random password for each role. Run as root, the cluster belongs to an unprivileged
user.
"""

import contextlib
import hashlib
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.house import (
    ROOT,
    Trouble,
    fingerprint,
    is_process,
    is_stamped,
    kept_secret,
    local,
    say,
    write_whole,
)
from scripts.libpq import Urls

DATABASE = "mapa"
# Of each role: the file that keeps its password, and the variable that deploy/roles.sql reads.
PASSWORDS = {
    "mapa": ("password", "MAPA_DB_PASSWORD"),
    "mapa_web": ("password-web", "MAPA_WEB_PASSWORD"),
    "mapa_worker": ("password-worker", "MAPA_WORKER_PASSWORD"),
    "mapa_backup": ("password-backup", "MAPA_BACKUP_PASSWORD"),
}
ROLES, FIRST_STATEMENTS = ROOT / "deploy" / "roles.sql", ROOT / "deploy" / "database.sql"
SOCKET_PATH_LIMIT = 107  # bytes, of the kernel's sockaddr_un
FIRST_PORT = 54320
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A client that vanished holds its locks no longer than this.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "2s",
    # A week of logs, each day over the one of the week before.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    # What people wrote stands in no log: neither statements with their values nor rows that were refused.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Nothing in a test database outlives the test run, so its writes need not reach the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """One data folder with its owner. `durable`: writes are on the disk before they are acknowledged."""

    home: Path
    owner: str
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def sockets(self) -> Path:
        """The socket's folder: in the cluster's home, or a short one in /tmp where that path is too long."""
        inside = self.home / "socket"
        if len(os.fsencode(inside / ".s.PGSQL.65535")) <= SOCKET_PATH_LIMIT:
            return inside
        return Path("/tmp") / f"mapa-barrial-{_short_hash(self.home)}"  # noqa: S108  # nosec B108 # made 0700

    @property
    def port(self) -> int:
        """The port of the last start."""
        return int((self.home / "port").read_text())

    def url(self, role: str = "mapa") -> str:
        """The address of its database for one of the roles; its password is made once and kept."""
        password = kept_secret(self.home / PASSWORDS[role][0])
        return f"postgis://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def urls(self) -> Urls:
        """The addresses for all of them."""
        return Urls(*(self.url(role) for role in ("mapa_web", "mapa_worker", "mapa", "mapa_backup")))

    def start(self) -> None:
        """Make the cluster if it was never finished, start it unless it runs; Trouble if it cannot."""
        if not is_stamped(self.home / "made", "yes"):
            self._make()
        elif not self.is_running():
            self._start()
        self._ensure_roles()

    def is_running(self) -> bool:
        """Whether the server of exactly this data folder runs."""
        pid = self._recorded_pid()
        return pid is not None and is_process(pid, "postgres", str(self.data))

    def stop(self) -> None:
        """End the server if it runs: clients are cut off, nothing committed is lost."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    def _make(self) -> None:
        say(f"Making the database cluster in {self.home}")
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        (self.home / "roles").unlink(missing_ok=True)
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            self.owner,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--auth-local=peer",
            "--auth-host=scram-sha-256",
            *([] if self.durable else ["--no-sync"]),
        )
        self._start()
        self._ensure_roles()
        self._tell(FIRST_STATEMENTS)
        write_whole(self.home / "made", "yes")

    def _start(self) -> None:
        say("Starting the database")
        self._forget_foreign_pid()
        subprocess.run(
            [*become(self.owner), "mkdir", "-p", "-m", "700", str(self.sockets)], cwd="/", check=True
        )
        self._patiently(self._serve)

    def _serve(self) -> None:
        """One attempt, on a port looked up for it: another program may take the port in the last moment."""
        port = free_port(self._last_port())
        self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.home / "postgresql.log"),
                  "-w", "-t", "120", "-o", self._options(port))  # fmt: skip
        write_whole(self.home / "port", str(port))

    def _options(self, port: int) -> str:
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        settings |= {"port": str(port), "unix_socket_directories": shlex.quote(str(self.sockets))}
        return " ".join(f"-c {name}={value}" for name, value in settings.items())

    def _forget_foreign_pid(self) -> None:
        """After a restart of the machine the recorded number may be another program's: then it is removed.

        A number without a process stays: the server notices, and looks for orphans of its earlier run.
        """
        pid = self._recorded_pid()
        if pid and is_process(pid) and not is_process(pid, "postgres"):
            (self.data / "postmaster.pid").unlink()

    @staticmethod
    def _patiently(attempt: Callable[[], None]) -> None:
        """Try again for some seconds: after a kill, the server's orphans need a moment to notice and end."""
        for pause in (1, 2, 4, 8):
            try:
                return attempt()
            except Trouble:
                time.sleep(pause)
        return attempt()

    def _last_port(self) -> int:
        return self.port if (self.home / "port").exists() else FIRST_PORT

    def _ensure_roles(self) -> None:
        """Make the roles, once for each version of the statements: an older cluster gets those it lacks."""
        stamp, value = self.home / "roles", fingerprint([ROLES])
        if is_stamped(stamp, value):
            return
        self._tell(ROLES)
        write_whole(stamp, value)

    def _tell(self, statements: Path) -> None:
        """The same statements as in a container, as the administrator."""
        where = ["-h", str(self.sockets), "-p", str(self.port), "-U", self.owner, "-d", "postgres"]
        passwords = {name: kept_secret(self.home / file) for file, name in PASSWORDS.values()}
        self._run("psql", "-X", "-q", *where, input=statements.read_text(), told=passwords)

    def _recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    def _run(
        self, program: str, *arguments: str, input: str = "", told: Mapping[str, str] | None = None
    ) -> None:
        done = subprocess.run(
            [*become(self.owner), str(programs(self.data) / program), *arguments],
            env=os.environ | {"LC_ALL": "C.UTF-8", **(told or {})},
            input=input,
            text=True,
            cwd="/",
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(
                f"The database: {program} failed: {_last_words(done.stderr or done.stdout, self.home)}"
            )


def private_cluster(name: str, *, durable: bool = True) -> Cluster:
    """The cluster with that name: in .local/, or in /var/lib where its owner cannot reach that.

    Raises Trouble if its owner can write in neither.
    """
    owner = _owner()
    outside = Path("/var/lib/mapa-barrial") / _short_hash(ROOT) / name
    for home in (local(name), outside):
        if _can_live_in(home, owner):
            return Cluster(home, owner, durable)
    raise Trouble(
        f"The user {owner} cannot write in {local(name)}: go on as the user who ran `make` here first "
        "(root or you), or remove .local to start over"
    )


def _owner() -> str:
    """Who runs the server: the person at the keyboard; for root, who may not, an unprivileged user."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _can_live_in(home: Path, owner: str) -> bool:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(home, owner)
    except OSError:
        return False
    return subprocess.run([*become(owner), "test", "-w", str(home)], check=False, cwd="/").returncode == 0


def become(owner: str) -> list[str]:
    """The words before a command that make root run it as this user; none for anybody else."""
    if os.geteuid() != 0:
        return []
    group = str(pwd.getpwnam(owner).pw_gid)
    return ["setpriv", "--reuid", owner, "--regid", group, "--init-groups", "--"]


def programs(data: Path | None = None) -> Path:
    """PostgreSQL's programs: of the data's version, else the newest with PostGIS; raises Trouble if none."""
    installed = {p.parents[1].name: p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    wanted = data and data / "PG_VERSION"
    if wanted and wanted.is_file():
        return _of_version(installed, wanted.read_text().strip())
    with_postgis = [version for version in installed if _has_postgis(version)]
    if not with_postgis:
        raise Trouble(
            "No PostgreSQL with PostGIS in /usr/lib/postgresql: set DATABASE_URL to use a database elsewhere"
        )
    return installed[max(with_postgis, key=float)]


def _of_version(installed: dict[str, Path], version: str) -> Path:
    if version not in installed:
        raise Trouble(f"The data is of PostgreSQL {version}: apt-get install postgresql-{version}-postgis-3")
    return installed[version]


def _has_postgis(version: str) -> bool:
    return Path(f"/usr/share/postgresql/{version}/extension/postgis.control").is_file()


def free_port(first: int) -> int:
    """The first free port at 127.0.0.1 from `first` on; raises Trouble if there is none."""
    for port in range(first, first + 200):
        if not is_taken(port):
            return port
    raise Trouble(f"No free port between {first} and {first + 199} for the database")


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether another program holds this TCP port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _last_words(output: str, home: Path) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"{lines[-1] if lines else 'no message'} (details: {home / 'postgresql.log'})"
