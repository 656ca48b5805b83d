"""Every address of the project, from the URLconf itself, so that new ones are walked too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# The administration is Django's own and asks for a session at every door.
NOT_WALKED = ("admin/",)
CONVERTER = re.compile(r"<(?:(?P<kind>[^:>]+):)?(?P<name>[^>]+)>")
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def addresses(values: dict[str, list[str]]) -> list[str]:
    """Addresses (with a leading slash) filled with `values`, several where a name has several."""
    found = []
    for route in routes():
        names = _names(route)
        missing = [name for name in names if name not in values]
        assert not missing, f"{route}: give tests/maps a value for {missing}"
        longest = max((len(values[name]) for name in names), default=1)
        found += [_filled(route, values, at) for at in range(longest)]
    return sorted(set(found))


def routes() -> list[str]:
    """Every route as it is written in the URLconf, joined."""
    return [route for route in _walk(get_resolver().url_patterns) if not route.startswith(NOT_WALKED)]


def _walk(patterns: list, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and "format" not in route:
            yield route


def _names(route: str) -> list[str]:
    if _is_regex(route):
        return GROUP.findall(route)
    return [match["name"] for match in CONVERTER.finditer(route)]


def _is_regex(route: str) -> bool:
    return "(?P<" in route or "^" in route or "$" in route or "\\" in route


def _filled(route: str, values: dict[str, list[str]], at: int) -> str:
    def value(name: str) -> str:
        return values[name][min(at, len(values[name]) - 1)]

    if _is_regex(route):
        plain = GROUP.sub(lambda match: value(match[1]), route)
        plain = re.sub(r"\\([./])", r"\1", plain)
        return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/")
    return "/" + CONVERTER.sub(lambda match: value(match["name"]), route)


def names() -> set[str]:
    return {name for route in routes() for name in re.findall(r"<(?:[^:<>]+:)?(\w+)>", route)}


def uuid_names() -> set[str]:
    return {name for route in routes() for name in re.findall(r"<uuid:(\w+)>", route)}
