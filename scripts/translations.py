"""Compile the translations (locale/*/LC_MESSAGES/*.po) that changed since the last time."""

from pathlib import Path

from scripts.house import ROOT, main, quietly


def ensure(root: Path = ROOT) -> None:
    """Make every .mo file at least as new as its .po file; one that does not compile stops the start."""
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    half = compiled.with_suffix(".half")
    command = ["msgfmt", "--check-format", "-o", str(half), str(source)]
    quietly(command, log="msgfmt", or_else=f"The translation {source} does not compile")
    half.replace(compiled)


if __name__ == "__main__":
    main(ensure)
