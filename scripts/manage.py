"""`make manage CMD="…"`: one of Django's commands on this installation's database."""

import shlex
import subprocess
import sys

from scripts import installation
from scripts.house import PYTHON, ROOT, main


def manage(arguments: list[str]) -> int:
    """Run the command with the environment `make run` has; its exit status is ours."""
    installation.ensure_parts("app")
    words = shlex.split(arguments[0]) if len(arguments) == 1 else arguments
    with installation.database() as urls:
        env = installation.app_environment(urls.of_migrations())
        return subprocess.run([str(PYTHON), "manage.py", *words], env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    main(lambda: manage(sys.argv[1:]))
