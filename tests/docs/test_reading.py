"""How a page is read: what it names in code, where it links to, what its headings become in an address."""

import pytest

from tests.docs.pages import Page, exists, paths_of, slug

TEXT = """# Title

See `docs/operations.md` and [a page](other.md#some-part), not [elsewhere](https://example.org/a.md).

```
make run
```

## Some part
## Some part
"""
PAGE = Page("docs/page.md", TEXT)


def test_code_is_what_stands_in_spans_and_blocks():
    assert "make run" in PAGE.code
    assert "docs/operations.md" in PAGE.code
    assert "See" not in PAGE.code


def test_links_within_the_project_only():
    assert PAGE.links == ["other.md#some-part"]


def test_the_second_heading_of_a_name_gets_a_number():
    assert PAGE.anchors == {"title", "some-part", "some-part-1"}


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("On one machine: `make run`", "on-one-machine-make-run"),
        ("What the database itself guarantees", "what-the-database-itself-guarantees"),
        ("Qué pasó, y cuándo", "qué-pasó-y-cuándo"),
        ("[0.1.0]", "010"),
    ],
)
def test_a_heading_becomes_an_anchor(heading, anchor):
    assert slug(heading) == anchor


@pytest.mark.parametrize(
    ("span", "there"),
    [
        ("docs/operations.md", True),
        ("docs/gone.md", False),
        ("scripts/house.py: say", True),
        ("static/js/{pages,map}", True),
        ("static/js/{pages,gone}", False),
        ("maps/migrations/0002", True),
        ("maps/migrations/9999", False),
        ("scripts/*.py", True),
    ],
)
def test_a_file_that_a_page_names_is_looked_for(span, there):
    named = list(paths_of(Page("page.md", f"see `{span}`")))
    assert named
    assert all(exists(path) for path in named) is there


@pytest.mark.parametrize("span", ["docs/<name>.md", ".local/postgres", "application/json", "a/b", "tests"])
def test_what_is_no_file_of_the_project_is_left_alone(span):
    assert list(paths_of(Page("page.md", f"see `{span}`"))) == []
