"""The rules run without Django and without a database."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = sorted(f"rankings.rules.{path.stem}" for path in (ROOT / "rankings/rules").glob("[!_]*.py"))
PURE = ["issues.index", "issues.reference", "gatherings.tokens", "rankings.verify", *RULES]
PROBE = (
    "import sys; sys.path.insert(0, sys.argv[1]); __import__(sys.argv[2]);"
    "print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')])"
)


@pytest.mark.parametrize("module", PURE)
def test_it_imports_no_django(module):
    command = [sys.executable, "-I", "-c", PROBE, str(ROOT), module]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_there_are_rules_to_look_at():
    assert len(RULES) >= 6


def test_the_verifier_uses_the_standard_library_alone():
    source = (ROOT / "rankings/verify.py").read_text()
    imported = {
        line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))
    }
    assert imported <= sys.stdlib_module_names
