"""`make run`: set up what is missing, then serve until Ctrl-C, TERM or `make stop`."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import time

from scripts import installation
from scripts.cluster import is_taken
from scripts.house import PYTHON, ROOT, VENV, Trouble, local, main, only_one, say, write_whole

PAGES = {
    "": "Mapa público y lista de problemas",
    "listas/": "Listas de prioridades publicadas",
    "reuniones/": "Reuniones barriales",
    "caminata/": "Caminata (tablet)",
    "gestion/": "Escritorio de las direcciones",
    "alcaldia/": "Alcaldía",
    "admin/": "Administración",
    "api/v1/docs/": "API",
}
TEND_SECONDS = 300
LOGINS = {
    "facilitadora": "caminata/",
    "direccion": "gestion/",
    "alcaldia": "alcaldia/",
    "admin": "admin/",
}


def run() -> int:
    """Serve this checkout in the foreground, or raise Trouble; the exit status is the web server's."""
    port = installation.web_port()
    with only_one("run", "`make run` is already at work in this folder; `make stop` ends it"):
        if is_taken(port):
            raise Trouble(
                f"Port {port} is in use by another program; free it, or choose one: PORT=8080 make run"
            )
        write_whole(local("run.pid"), str(os.getpid()))
        installation.ensure_parts("app")
        with installation.database() as url:
            env = installation.app_environment(url)
            state = _prepare(env)
            # What a demo may leave out (the second factor) no other installation may.
            return _serve(env | {"DEMO": "1" if state["demo"] else "0"}, port, state)


def _prepare(env: dict[str, str]) -> dict:
    """Static files, migrations, base data and demo, in one process; returns what it found."""
    result = local("prepared.json")
    command = [str(PYTHON), "-m", "scripts.prepare", "static", "database", str(result)]
    if subprocess.run(command, env=env, cwd=ROOT, check=False).returncode:
        raise Trouble("The preparation stopped for the reason above; when that is mended, start again")
    return json.loads(result.read_text())


def _serve(env: dict[str, str], port: int, state: dict) -> int:
    say("Starting the web server")
    server = subprocess.Popen(_server_command(), env=env, cwd=ROOT)
    clock = None
    try:
        _wait_until_it_answers(server, port)
        clock = _start_clock(env)
        print(_welcome(port, state), flush=True)
        with contextlib.suppress(KeyboardInterrupt):  # asked to stop: that is how it is meant to end
            return server.wait()
        say("Stopping")
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the database running
        if clock:
            _end(clock)
        _end(server)


def _server_command() -> list[str]:
    gunicorn = [str(VENV / "bin" / "gunicorn"), "--config", "config/gunicorn.py", "config.wsgi:application"]
    return _tied(gunicorn)


def _start_clock(env: dict[str, str]) -> subprocess.Popen:
    """The periodic work: deadlines, the daily seal, mails; its output goes to a log."""
    command = _tied([str(PYTHON), "manage.py", "tend", "--every", str(TEND_SECONDS)])
    logs = local("logs")
    logs.mkdir(exist_ok=True)
    with (logs / "tend.log").open("ab") as log:
        return subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)


def _tied(command: list[str]) -> list[str]:
    # Should this process be killed outright, the kernel ends what it started too.
    return ["setpriv", "--pdeathsig", "TERM", "--", *command] if shutil.which("setpriv") else command


def _wait_until_it_answers(server: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Trouble("The web server ended while starting, for the reason above")
        if _answers(port):
            return
        time.sleep(0.1)
    raise Trouble("The web server did not answer within 90 s")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/healthz")
        return asked.getresponse().status < 500
    return False


def _welcome(port: int, state: dict) -> str:
    site = f"http://127.0.0.1:{port}/"
    lines = ["", f"Mapa Barrial: {site}", ""]
    lines += [f"  {site + path:<42} {title}" for path, title in PAGES.items()]
    lines += ["", *_logins(site, state), "", "Ctrl-C or `make stop` ends it."]
    return "\n".join(lines)


def _logins(site: str, state: dict) -> list[str]:
    if not state["demo"]:
        return ["No demo data in this database. First account: make manage CMD=createsuperuser"]
    lines = [f"  {name:<14} {site}{page}" for name, page in LOGINS.items()]
    return [f"Demo logins, password {state['password']}", *lines]


def _end(server: subprocess.Popen) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    os.chdir(ROOT)
    main(run)
