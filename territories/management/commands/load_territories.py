"""`manage.py load_territories PATH`: examine a file of neighbourhood boundaries, load it, put it in force."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from territories.boundaries import activation, loading, reports
from territories.boundaries.metadata import BadMetadata, Metadata, read_sidecar
from territories.boundaries.vanished import hanging
from territories.importing.refusal import FileRefused, shown
from territories.models import BoundarySet


class _ByTenths:
    """Progress for a log: a line whenever another tenth is through."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write
        self.shown = 0

    def __call__(self, done: int, total: int) -> None:
        tenths = 10 * done // total if total else 0
        if tenths > self.shown:
            self.shown = tenths
            self.write(f"{done:,} / {total:,}")


class BadOption(ValueError):
    """An option that cannot be followed; the text is one sentence."""


def _refuse_impossible(options: dict[str, Any]) -> None:
    """Raise BadOption for what would fail only after the file is stored."""
    if not 0 <= options["tolerance"] < float("inf"):
        raise BadOption(_("La tolerancia es un número de m², cero o más."))
    if options["expect"] < 0:
        raise BadOption(_("La cantidad esperada de barrios es cero o más."))
    picture = options["picture"]
    if picture and (picture.is_dir() or not os.access(picture.parent, os.W_OK)):
        raise BadOption(_("No se puede escribir la imagen en «%(path)s».") % {"path": shown(str(picture))})


class Command(BaseCommand):
    """Exit code 0: loaded (or already there). Exit code 1: refused, and nothing was changed."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        for name in ("--layer", "--name-field", "--code-field", "--encoding", "--crs"):
            parser.add_argument(name)
        parser.add_argument(
            "--expect", type=int, default=settings.EXPECTED_TERRITORIES, help="how many; 0: any number"
        )
        parser.add_argument("--tolerance", type=float, default=1.0, help="m² of overlap or gap to ignore")
        parser.add_argument("--dry-run", action="store_true", help="report only")
        parser.add_argument("--activate", action="store_true", help="put the set in force from today on")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument("--picture", type=Path, help="write the report's picture (SVG) here")
        for name in ("--name", "--source", "--licence", "--population-source"):
            parser.add_argument(name, default="")
        parser.add_argument("--drawn-on", type=dt.date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--approximate", action="store_true", help="label the limits as approximate")

    def handle(self, *, path: Path, **options: Any) -> None:
        try:
            _refuse_impossible(options)
            metadata = read_sidecar(path).updated(
                **{key: options[key] for key in Metadata.__dataclass_fields__}
            )
            loaded = loading.load(path, self._options(options), metadata, dry_run=options["dry_run"])
        except FileRefused as refused:
            self._refuse(reports.of_refusal(refused), as_json=options["json"])
        except (BadMetadata, BadOption) as refused:
            self._refuse(reports.of_option(str(refused)), as_json=options["json"])
        if options["picture"]:
            options["picture"].write_text(loaded.picture, encoding="utf-8")
        state = self._activate(loaded, options)
        self._tell(loaded, state, as_json=options["json"])

    def _options(self, options: dict[str, Any]) -> loading.Options:
        return loading.Options(
            layer=options["layer"],
            name_field=options["name_field"],
            code_field=options["code_field"],
            encoding=options["encoding"],
            crs=options["crs"],
            expect=options["expect"] or None,
            tolerance_m2=options["tolerance"],
        )

    def _activate(self, loaded: loading.Loaded, options: dict[str, Any]) -> str:
        made = loaded.boundary_set
        if made is None:
            return _("Prueba: no se guardó nada.")
        if not options["activate"]:
            return _state(loaded.is_new, made)
        show = (
            None if options["json"] else self._show if sys.stderr.isatty() else _ByTenths(self.stderr.write)
        )
        try:
            done = activation.activate(made, actor="load_territories", progress=show)
        except activation.ActivationRefused as refused:
            self._stop(
                reports.of_option(str(refused)) | {"loaded": True}, str(refused), as_json=options["json"]
            )
        return _("Estos límites ya estaban en uso.") if done is None else _("Límites en uso desde hoy.")

    def _show(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done:>12,} / {total:,}", ending="\n" if done == total else "")

    def _tell(self, loaded: loading.Loaded, state: str, *, as_json: bool) -> None:
        if as_json:
            document = reports.as_json(loaded.report) | {
                "state": state,
                "loaded": loaded.boundary_set is not None,
                "left_behind": [asdict(one) for one in hanging()],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            "\n".join([*reports.as_lines(loaded.report), state, *reports.left_behind(hanging())])
        )

    def _refuse(self, report: dict[str, Any], *, as_json: bool) -> NoReturn:
        sentence = _("No se cargó nada. %(reason)s") % {"reason": report["refused"]["text"]}
        self._stop(report, sentence, as_json=as_json)

    def _stop(self, report: dict[str, Any], sentence: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            sys.exit(1)
        raise CommandError(sentence)


def _state(is_new: bool, made: BoundarySet) -> str:
    if is_new:
        return _("Cargado sin activar: número %(id)s.") % {"id": made.pk}
    if made.is_active:
        return _("Ya estaba cargado y está en uso: número %(id)s.") % {"id": made.pk}
    return _("Ya estaba cargado, sin activar: número %(id)s.") % {"id": made.pk}
