"""The addresses this project answers, as a page would write them."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

LIBRARIES = ("django.", "allauth.")


def served() -> list[tuple[str, str]]:
    """(address, name with its namespace) of every address of ours, `/api/v1/issues/<id>/` say."""
    return [(_readable(route), name) for route, name in _walk(get_resolver(), "", "")]


def _walk(resolver: URLResolver, route: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, here, f"{entry.namespace}:" if entry.namespace else space)
        elif not entry.callback.__module__.startswith(LIBRARIES) and not space.startswith("admin"):
            yield here, space + _name(entry)


def _name(entry: URLPattern) -> str:
    return entry.name or entry.callback.__name__


def _readable(route: str) -> str:
    bare = re.sub(r"(?<!\[)\^|\$", "", route).replace("\\.", ".")
    named = re.sub(r"\(\?P(<\w+>)(?:[^()\[\]]|\[[^\]]*\])*\)", r"\1", bare)
    return "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", named)
