"""`make run`: set up what is missing, then serve until Ctrl-C, TERM or `make stop`."""

import contextlib
import http.client
import json
import os
import signal
import subprocess

from scripts import installation
from scripts.cluster import free_port, is_taken, private_cluster
from scripts.house import PYTHON, ROOT, VENV, Trouble, local, main, only_one, say, write_whole
from scripts.libpq import Urls
from scripts.supervise import House, Program, wait_until

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
FIRST_METRICS_PORT = 9464
WORKERS = (("chores", "long"), ("mail",))
LOGINS = {
    "facilitadora": "caminata/",
    "jefatura": "gestion/puntajes/",
    "direccion": "gestion/",
    "alcaldia": "alcaldia/",
    "control": "gestion/puntajes/",
    "admin": "admin/",
}


def run() -> int:
    """Serve in the foreground and start again what ends, until asked to stop; raise Trouble if it cannot."""
    port = installation.web_port()
    with only_one("run", "`make run` is already at work in this folder; `make stop` ends it"):
        if is_taken(port):
            raise Trouble(
                f"Port {port} is in use by another program; free it, or choose one: PORT=8080 make run"
            )
        write_whole(local("run.pid"), str(os.getpid()))
        installation.ensure_parts("app")
        with installation.database() as urls:
            state = _prepare(installation.app_environment(urls.of_migrations()))
            env = installation.app_environment(urls.of_pages())
            # What a demo may leave out (the second factor) no other installation may.
            env |= {"DEMO": "1" if state["demo"] else "0", "METRICS_PORT": _metrics_port()}
            return _serve(env, port, state, urls)


def _metrics_port() -> str:
    """METRICS_PORT of the environment, even an empty one, else the first that is free."""
    given = os.environ.get("METRICS_PORT")
    return str(free_port(FIRST_METRICS_PORT)) if given is None else given


def _prepare(env: dict[str, str]) -> dict:
    """Static files, migrations, base data and demo, in one process; returns what it found."""
    result = local("prepared.json")
    command = [str(PYTHON), "-m", "scripts.prepare", "static", "database", str(result)]
    if subprocess.run(command, env=env, cwd=ROOT, check=False).returncode:
        raise Trouble("The preparation stopped for the reason above; when that is mended, start again")
    return json.loads(result.read_text())


def _serve(env: dict[str, str], port: int, state: dict, urls: Urls) -> int:
    say("Starting the web server")
    web = Program("web server", _server_command(), env, str(ROOT))
    house = House([web], None if installation.given_database() else private_cluster(installation.PRIVATE))
    try:
        web.start()
        _wait_until_it_answers(web, port)
        house.programs += _workers(env | urls.of_workers())
        print(_welcome(port, env, state), flush=True)
        with contextlib.suppress(KeyboardInterrupt):  # asked to stop: that is how it is meant to end
            house.watch()
        say("Stopping")
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave the database running
        house.end()


def _server_command() -> list[str]:
    return [str(VENV / "bin" / "gunicorn"), "--config", "config/gunicorn.py", "config.wsgi:application"]


def _workers(env: dict[str, str]) -> list[Program]:
    """What nobody has to press a button for, long files and mails; their words go to logs that turn over."""
    made = []
    for queues in WORKERS:
        name = "-".join(queues)
        command = [str(PYTHON), "manage.py", "work", *queues]
        told = env | {"LOG_FILE": str(local("logs") / f"worker-{name}.log")}
        made.append(Program(f"worker of {' and '.join(queues)}", command, told, str(ROOT)))
    for program in made:
        program.start()
    return made


def _wait_until_it_answers(server: Program, port: int) -> None:
    if not wait_until(lambda: not server.is_alive() or _answers(port), 90):
        raise Trouble("The web server did not answer within 90 s")
    if not server.is_alive():
        raise Trouble("The web server ended while starting, for the reason above")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", "/healthz")
        return asked.getresponse().status < 500
    return False


def _welcome(port: int, env: dict[str, str], state: dict) -> str:
    site = f"http://127.0.0.1:{port}/"
    lines = ["", f"Mapa Barrial: {site}", ""]
    lines += [f"  {site + path:<42} {title}" for path, title in PAGES.items()]
    if env.get("METRICS_PORT"):
        lines.append(f"  http://127.0.0.1:{env['METRICS_PORT']}/metrics{'':<9} Medidas (Prometheus)")
    lines += ["", *_logins(site, state), "", "Ctrl-C or `make stop` ends it."]
    return "\n".join(lines)


def _logins(site: str, state: dict) -> list[str]:
    if not state["demo"]:
        return ["No demo data in this database. First account: make manage CMD=createsuperuser"]
    lines = [f"  {name:<14} {site}{page}" for name, page in LOGINS.items()]
    return [f"Demo logins, password {state['password']}", *lines]


if __name__ == "__main__":
    os.chdir(ROOT)
    main(run)
