"""Facts of one commune or one country in code, where data and settings should tell them."""

import ast
import re
from collections.abc import Iterator

from tests.house.strings import JS_TOKEN, without_comments

FACT = re.compile(
    r"maip[uú]|\bchile\b|\bchilen[oa]s?\b|america/santiago|\bes-CL\b|^CL$|\bRUT\b|\bSERVIU\b|\bEnel\b"
    r"|\b327(?:18|19)\b|-7[01]\.\d|-3[34]\.\d",
    re.IGNORECASE,
)
LONGITUDES, LATITUDES = (70.0, 72.0), (33.0, 34.0)


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """(line, constant) of what is true in one place only; docstrings are no code."""
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings and is_fact(node.value):
            yield node.lineno, str(node.value)


def is_fact(value: object) -> bool:
    if isinstance(value, str):
        return bool(FACT.search(value))
    if isinstance(value, float):
        return LONGITUDES[0] < value < LONGITUDES[1] or LATITUDES[0] < value < LATITUDES[1]
    return value in (32718, 32719)


def in_javascript(text: str) -> Iterator[tuple[int, str]]:
    """(line, literal) of strings that hold a fact."""
    for token in JS_TOKEN.finditer(text):
        literal = token[0].strip()
        if literal[0] in "\"'`" and (FACT.search(literal) or literal.strip("\"'`") == "CL"):
            yield text.count("\n", 0, token.start()) + 1, literal


def in_template(text: str) -> Iterator[tuple[int, str]]:
    """(line, line itself) of what a template says, in translating tags too."""
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        if FACT.search(line):
            yield number, line.strip()
