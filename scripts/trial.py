"""`make try TESTS="tests/issues -k reopened"`: some of the tests, with the set-up of `make test`."""

import shlex
import subprocess
import sys

from scripts import installation
from scripts.check import FOR_TESTS, PYTEST
from scripts.house import ROOT, Trouble, main


def run(*arguments: str) -> int:
    """Run pytest with these arguments on the database for tests; its exit status is ours."""
    installation.ensure_parts("dev")
    with installation.database(installation.FOR_TESTS, durable=False) as urls:
        env = installation.app_environment(urls.of_tests()) | FOR_TESTS
        return subprocess.run([*PYTEST, *arguments], env=env, cwd=ROOT, check=False).returncode


def trial(wish: str) -> int:
    """Run what TESTS names; raise Trouble when it names nothing, which would be everything."""
    if not wish.strip():
        raise Trouble('Say which tests: make try TESTS="tests/issues -k reopened"; all of them: make test')
    return run(*shlex.split(wish))


if __name__ == "__main__":
    main(lambda: trial(" ".join(sys.argv[1:])))
