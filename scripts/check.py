"""`make test`: lint, checks, migrations, the API's description, every test; last, what failed."""

import os
import subprocess
import time

from scripts import installation
from scripts.house import LOCAL, PYTHON, ROOT, VENV, main, only_one, say

BIN = VENV / "bin"
TOOLS = ROOT / "node_modules" / ".bin"
MANAGE = [str(PYTHON), "manage.py"]
# Named one by one: what a folder means to `node --test` differs from version to version.
UNITS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests" / "js").rglob("*.test.js"))]
PYTEST = [str(PYTHON), "-m", "pytest", "-p", "no:cacheprovider", "-q"]
WORKERS = ["-m", "not browser", "-n", "2", "--dist", "loadfile"]
# Where nine of ten branches have to be reached by the tests without a browser.
FLOORED = ("accounts", "issues", "rankings", "walks")
MEASURED = ["--cov", "--cov-report="]
# What tests write is not the site's.
FOR_TESTS = {
    "TESTING": "1",
    "DEMO": "0",
    "MEDIA_ROOT": str(LOCAL / "test" / "media"),
    "COVERAGE_FILE": str(LOCAL / "test" / "coverage"),
}
# The settings of production: `check --deploy` examines them.
IN_EARNEST = {
    "TESTING": "0",
    "DEBUG": "0",
    "DEMO": "0",
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "ALLOWED_HOSTS": "mapa.example",
}
STEPS: tuple[tuple[str, list[str], dict[str, str]], ...] = (
    ("ruff check", [str(BIN / "ruff"), "check", "."], {}),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("types", [str(BIN / "mypy"), "--cache-dir", str(LOCAL / "mypy")], {}),
    ("security", [str(BIN / "bandit"), "-q", "-r", "-c", "pyproject.toml", "."], {}),
    ("scripts of pages", [str(TOOLS / "biome"), "check", "--error-on-warnings"], {}),
    ("types of scripts", [str(TOOLS / "tsc"), "--project", "."], {}),
    ("types of the worker", [str(TOOLS / "tsc"), "--project", "tsconfig.worker.json"], {}),
    ("units of scripts", ["node", "--import", "./tests/js/libraries.js", "--test", *UNITS], {}),
    ("styles", [str(TOOLS / "stylelint"), "static/css/**/*.css"], {}),
    ("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"], {}),
    ("checks", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], IN_EARNEST),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    (
        "API description",
        [*MANAGE, "spectacular", "--fail-on-warn", "--validate", "--file", os.devnull],
        {},
    ),
    ("tests", [*PYTEST, *MEASURED, *WORKERS], {}),
    ("coverage", [str(PYTHON), "-m", "scripts.coverage"], {}),
    ("browser tests", [*PYTEST, "-m", "browser"], {}),
)


def check() -> int:
    """Run every step, also after one failed; 0 when all passed."""
    with only_one("test", "`make test` is already at work in this folder"):
        installation.ensure_parts("dev")
        with installation.database(installation.FOR_TESTS, durable=False) as urls:
            env = installation.app_environment(urls.of_tests()) | FOR_TESTS
            failed = [name for name, command, extra in STEPS if not _passes(name, command, env | extra)]
    say(f"Failed: {', '.join(failed)}" if failed else "Everything passed")
    return 1 if failed else 0


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    """Whether the step exits with 0; pytest's 5, "no test ran", is a failure too."""
    say(f"{name} …")
    since = time.monotonic()
    status = subprocess.run(command, env=env, cwd=ROOT, check=False).returncode
    say(f"{name}: {'passed' if status == 0 else f'FAILED ({status})'} after {time.monotonic() - since:.0f} s")
    return status == 0


if __name__ == "__main__":
    main(check)
