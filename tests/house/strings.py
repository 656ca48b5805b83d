"""Strings in Python, templates and JavaScript that look like words for people and go through no gettext."""

import ast
import re
from collections.abc import Iterator

# Words of every other Spanish sentence that are no English ones.
SPANISH = re.compile(
    r"[áéíóúñ¿¡«»]|(?<![\w\-.#\[])(el|la|los|las|del|que|un|una|por|para|con|su|sus|este|esta|hay|tu|tus|al|lo|sin"
    r"|desde|hasta|cada|entre|sobre|cuando|todavía|ya|solo|barrio|barrios|problema|problemas|lista|reunión)"
    r"(?![\w\-\]])",
    re.IGNORECASE,
)
THROUGH = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "told"}
JS_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|(?<=[=(,:\[!&|?{};\n])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/[a-z]*"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`",
    re.DOTALL,
)
SHOWN = re.compile(r"\.(?:textContent|title|alt|placeholder|ariaLabel)\s*=\s*$|\"aria-label\",\s*$")
COMMENTS = [r"\{%\s*comment.*?endcomment\s*%\}", r"\{#.*?#\}", r"<!--.*?-->"]
HIDDEN = [
    r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}",
    r"\{%.*?%\}",
    r"\{\{.*?\}\}",
    r"<(script|style|code)\b.*?</\1>",
]
# Blocks that hold names for CSS, not words.
CSS_BLOCK = r"\{%\s*block \w*class\w*\s*%\}.*?\{%\s*endblock\s*\w*\s*%\}"
SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"")
# What formats and standards are called in every language.
NAMES = re.compile(
    r"\b(CSV|XLSX|GeoJSON|GeoPackage|PDF|JSON|Atom|Open311|PMTiles|OpenAPI|OGC API|iCalendar|SHA|Enter)\b"
    r"|\bGATV\b|&nbsp;"
)
WORD = re.compile(r"[A-Za-zÁÉÍÓÚáéíóúñÑ]{2,}")


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """(line, string) of what looks Spanish and is neither a docstring nor within a call of gettext."""
    tree = ast.parse(text)
    spared = {id(node) for call in ast.walk(tree) for node in _spared(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in spared and _is_spanish(node.value):
            yield node.lineno, str(node.value)


def _is_spanish(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip() and bool(SPANISH.search(value))


def _spared(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in THROUGH:
        yield from (inner for part in node.args for inner in ast.walk(part))
    if isinstance(node, ast.Expr):
        yield node.value


def in_javascript(text: str) -> Iterator[tuple[int, str]]:
    """(line, literal) of what looks Spanish, or is put where people read."""
    for token in JS_TOKEN.finditer(text):
        literal = token[0].strip()
        if literal[0] not in "\"'`":
            continue
        spanish = " " in literal and SPANISH.search(literal)
        if spanish or (
            SHOWN.search(text[: token.start()][-60:]) and WORD.search(re.sub(r"\$\{.*?\}", "", literal))
        ):
            yield text.count("\n", 0, token.start()) + 1, literal


def in_template(text: str) -> Iterator[tuple[int, str]]:
    """(line, words) of text and spoken attributes outside the translating tags."""
    text = _without(without_comments(text), [CSS_BLOCK, *HIDDEN])
    for number, line in enumerate(_text_of(text).splitlines(), 1):
        if WORD.search(NAMES.sub("", line)):
            yield number, line.strip()


def without_comments(template: str) -> str:
    """The template with its comments gone and its lines kept."""
    return _without(template, COMMENTS)


def _without(text: str, patterns: list[str]) -> str:
    for pattern in patterns:
        text = re.sub(pattern, lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    return text


def _text_of(html: str) -> str:
    """The text between tags and in attributes that are read aloud, lines kept."""

    def spoken(tag: re.Match[str]) -> str:
        return " ".join(SPOKEN.findall(tag[0])) + "\n" * tag[0].count("\n")

    return re.sub(r"<[^>]*>", spoken, html)
