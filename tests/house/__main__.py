"""`python -m tests.house`: write the lists anew after files moved or were mended; new ones are only told.

A file that moved keeps its reason when its name tells which one it was.
"""

from collections import Counter
from pathlib import PurePosixPath

from tests.house.allowed import Spared, read
from tests.house.test_strings import HERE, READERS, offences


def renewed(found: Counter[str], spared: dict[str, Spared]) -> tuple[list[str], list[str]]:
    """(the lines of the list, sentences about what it does not hold yet)."""
    by_name = {PurePosixPath(path).name: one for path, one in spared.items()}
    lines, unknown = [], []
    for path, count in sorted(found.items()):
        one = spared.get(path) or by_name.get(PurePosixPath(path).name)
        if one is None or (one.count is not None and count > one.count):
            unknown.append(f"{path}: {count}, mend it")
        if one is not None:
            kept = "*" if one.count is None else min(count, one.count)
            lines.append(f"{kept} {path}  {one.why}")
    return lines, unknown


if __name__ == "__main__":
    for rule in READERS:
        target = HERE / rule
        head = [line for line in target.read_text().splitlines() if line.startswith("#")]
        lines, unknown = renewed(offences(rule), read(target))
        target.write_text("\n".join([*head, *lines, ""]))
        print(f"{rule}: {len(lines)} files", *unknown, sep="\n  ")
