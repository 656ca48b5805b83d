"""`make bench`: the measurements of tests/bench on a separate database."""

import subprocess

from scripts import installation
from scripts.house import PYTHON, ROOT, main


def bench() -> int:
    """Run them all; the exit status is theirs."""
    installation.ensure_parts("dev")
    with installation.database(installation.FOR_BENCH) as urls:
        env = installation.app_environment(urls.of_migrations() | {"DATABASE_URL": urls.owner})
        return subprocess.run([str(PYTHON), "-m", "tests.bench"], env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main(bench)
