"""A backup's file: what goes in comes out, and nothing that was altered comes out at all."""

import hashlib
import io
import json
import stat
import tarfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts import archive
from scripts.house import Trouble

FACTS = {"made": "2026-11-22T07:00:00+00:00"}


@pytest.fixture
def sealed(tmp_path):
    """A small archive with a dump and two photos, one in a folder."""
    media = tmp_path / "media"
    (media / "2026" / "11").mkdir(parents=True)
    (media / "2026" / "11" / "bache ñandú.jpg").write_bytes(b"\xff\xd8 hole")
    (media / "acta.pdf").write_bytes(b"")
    dump = tmp_path / "dump"
    dump.write_bytes(b"PGDMP rows")
    path = tmp_path / "one.backup.tar"
    archive.write(path, dump, media, FACTS)
    return path


def unpacked(path, target):
    target.mkdir(exist_ok=True)
    manifest = archive.unpack(path, target)
    return manifest, {
        p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()
    }


def with_seal(content):
    return content + b"\n" + hashlib.sha256(content).hexdigest().encode()


def test_what_goes_in_comes_out(sealed, tmp_path):
    manifest, files = unpacked(sealed, tmp_path / "out")
    assert files.pop("manifest.json")
    assert files == {
        "database.dump": b"PGDMP rows",
        "media/2026/11/bache ñandú.jpg": b"\xff\xd8 hole",
        "media/acta.pdf": b"",
    }
    assert manifest["made"] == FACTS["made"]
    assert manifest["files"]["media/acta.pdf"] == {"sha256": hashlib.sha256(b"").hexdigest(), "bytes": 0}


def test_only_its_owner_may_read_it(sealed):
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


def test_any_tar_program_can_read_it(sealed):
    with tarfile.open(sealed) as tar:
        assert "media/acta.pdf" in tar.getnames()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_one_altered_bit_anywhere_is_refused(sealed, tmp_path, data):
    content = bytearray(sealed.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    altered = tmp_path / "altered.tar"
    altered.write_bytes(content)
    with pytest.raises(Trouble, match="altered"):
        unpacked(altered, tmp_path / "none")


@pytest.mark.parametrize("length", [0, 1, 64, 65, 66, 512, 5000])
def test_a_cut_archive_is_refused(sealed, tmp_path, length):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(sealed.read_bytes()[:length])
    with pytest.raises(Trouble, match="not a whole backup"):
        unpacked(cut, tmp_path / "none")


def hostile(name, kind=tarfile.REGTYPE):
    """A correctly sealed archive with one more member than its manifest says, made by someone else."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.size = kind, "/etc/passwd", 4 if kind == tarfile.REGTYPE else 0
        tar.addfile(entry, io.BytesIO(b"evil"))
        manifest = json.dumps({"format": 1, "files": {}}).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(manifest)
        tar.addfile(entry, io.BytesIO(manifest))
    return with_seal(out.getvalue())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("media/../../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("other/file", tarfile.REGTYPE),
        ("media/link", tarfile.SYMTYPE),
        ("media/link", tarfile.LNKTYPE),
        ("media/pipe", tarfile.FIFOTYPE),
        ("media/unlisted.jpg", tarfile.REGTYPE),
    ],
)
def test_a_sealed_archive_with_a_foreign_member_is_refused(tmp_path, name, kind):
    path = tmp_path / "hostile.tar"
    path.write_bytes(hostile(name, kind))
    target = tmp_path / "deep" / "out"
    target.mkdir(parents=True)
    with pytest.raises(Trouble, match="nothing was restored"):
        archive.unpack(path, target)
    assert not (tmp_path / "deep" / "outside").exists()
    assert not (tmp_path / "outside").exists()


def test_a_failure_while_writing_leaves_no_archive(tmp_path):
    with pytest.raises(FileNotFoundError):
        archive.write(tmp_path / "one.tar", tmp_path / "no-dump", tmp_path, FACTS)
    assert not (tmp_path / "one.tar").exists()
