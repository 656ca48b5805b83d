"""Pictures are opened by a child that knows nothing: within limits, one dead fork hurts nobody else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from issues.photos import darkroom as rooms
from issues.photos.darkroom import Darkroom, DarkroomBusy, PhotoRefused


@pytest.fixture
def room():
    made = Darkroom()
    yield made
    made.close()


def picture(size=(800, 600), mode="RGB", kind="JPEG", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


# What is refused, with which status for a program. The first is the file that once took 580 MB.
@pytest.mark.parametrize(
    ("size", "kind", "status", "word"),
    [
        ((18_500, 18_500), "PNG", 413, "píxeles"),
        ((6_001, 4_000), "PNG", 413, "píxeles"),
        ((4_900, 4_900), "WEBP", 413, "píxeles"),
        ((8_001, 8_000), "JPEG", 413, "píxeles"),
    ],
)
def test_too_many_pixels_are_refused_before_they_are_opened(room, size, kind, status, word):
    with pytest.raises(PhotoRefused, match=word) as refusal:
        room.ask("develop", picture(size, kind=kind))
    assert refusal.value.status == status


@pytest.mark.parametrize(
    ("size", "mode", "kind", "most_mb"),
    [
        ((8_000, 8_000), "RGB", "JPEG", 120),
        ((6_000, 4_000), "RGBA", "PNG", 320),
        ((6_000, 4_000), "I;16", "PNG", 320),
        ((6_000, 4_000), "P", "PNG", 320),
        ((6_000, 4_000), "RGB", "WEBP", 480),
    ],
)
def test_the_largest_that_are_taken_need_so_much_memory_in_the_child(room, size, mode, kind, most_mb):
    facts, made = room.ask("develop", picture(size, mode, kind))
    assert max(facts["size"]) == 1600
    assert facts["peak_mb"] < most_mb
    assert len(made) == 2


def test_who_asks_needs_no_memory_for_it():
    """A process of its own opens the largest PNG by the child: its own memory stays where it was."""
    program = (
        "import os, resource, django; django.setup()\n"
        "from issues.photos.darkroom import darkroom; import io; from PIL import Image\n"
        "room = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "darkroom.ask('develop', open(os.environ['SMALL'], 'rb').read()); before = room()\n"
        "darkroom.ask('develop', open(os.environ['LARGE'], 'rb').read())\n"
        "print(room() - before); darkroom.close()"
    )
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    small, large = folder / "small.jpg", folder / "large.png"
    small.write_bytes(picture())
    large.write_bytes(picture((6_000, 4_000), "RGBA", "PNG"))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.BASE_DIR),
        "SMALL": str(small), "LARGE": str(large),
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < 20


def test_what_needs_more_memory_than_there_is_is_refused_and_the_next_one_is_not(room, settings):
    settings.PHOTO_MEMORY_MB = 120
    with pytest.raises(PhotoRefused, match="memoria") as refusal:
        room.ask("develop", picture((6_000, 4_000), "RGBA", "PNG"))
    assert refusal.value.status == 413
    assert room.ask("develop", picture())[0]["size"] == [800, 600]


def test_what_takes_too_long_is_refused_and_the_next_one_is_not(room, settings):
    room.ask("develop", picture())
    settings.PHOTO_SECONDS = 0
    with pytest.raises(PhotoRefused, match="tarda demasiado"):
        room.ask("develop", picture((6_000, 4_000), "RGBA", "PNG"))
    settings.PHOTO_SECONDS = 10
    assert room.ask("develop", picture())[0]["size"] == [800, 600]


def test_the_child_stays_warm_and_is_started_again_when_it_was_killed(room):
    room.ask("develop", picture())
    first = room._child.pid
    room.ask("develop", picture())
    assert room._child.pid == first
    room._child.kill()
    room._child.wait()
    assert room.ask("develop", picture())[0]["size"] == [800, 600]
    assert room._child.pid != first


def test_after_a_fork_of_the_site_each_process_has_a_child_of_its_own(room):
    room.ask("develop", picture())
    first, room._owner = room._child, -1
    room.ask("develop", picture())
    assert room._child.pid != first.pid
    first.kill()
    first.wait()


def test_the_child_ends_by_itself_when_nothing_comes(room, monkeypatch):
    monkeypatch.setattr(rooms, "IDLE_SECONDS", 0.2)
    room.ask("develop", picture())
    assert room._child.wait(10) == 0
    assert room.ask("develop", picture())[0]["size"] == [800, 600]


def test_the_child_has_no_secret_no_network_and_no_other_files(room):
    room.ask("develop", picture())
    inside = Path(f"/proc/{room._child.pid}")
    names = {entry.split(b"=")[0] for entry in (inside / "environ").read_bytes().split(b"\0") if entry}
    assert not names & {b"SECRET_KEY", b"DATABASE_URL", b"DATABASE_OWNER_URL", b"MEDIA_ROOT"}
    assert (inside / "ns" / "net").readlink() != Path("/proc/self/ns/net").readlink()


def test_many_threads_of_one_process_get_their_own_pictures(room):
    sizes = [(100 + n, 50 + n) for n in range(12)]
    found: dict[tuple[int, int], list[int]] = {}

    def ask(size):
        found[size] = room.ask("develop", picture(size))[0]["size"]

    threads = [threading.Thread(target=ask, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {size: list(size) for size in sizes}


def test_a_machine_opens_so_many_at_once_and_tells_who_waits_too_long(room, settings, monkeypatch):
    monkeypatch.setattr(rooms, "PATIENCE", 0.1)
    settings.PHOTO_CHILDREN = 1
    with rooms._one_of_the_machine("open", 1), pytest.raises(DarkroomBusy):
        room.ask("develop", picture())
    assert room.ask("develop", picture())[0]["size"] == [800, 600]
