"""The upload of a boundary file in the administration."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from territories.boundaries.loading import Options
from territories.boundaries.metadata import Metadata
from territories.importing.intake import MAX_BYTES, MAX_PARTS, SHAPE_PARTS


class ManyFilesInput(forms.ClearableFileInput):
    """A file picker for the parts of a loose Shapefile."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The uploaded parts; raises ValidationError beyond MAX_PARTS."""
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MAX_PARTS:
            raise forms.ValidationError(_("Son demasiados archivos: elige uno solo."))
        return [super(ManyFilesField, self).clean(one, initial) for one in files]


class UploadForm(forms.Form):
    """A file, what it does not say about itself, and how to read it when guessing is not enough."""

    files = ManyFilesField(  # type: ignore[assignment]  # a field, not the `files` of a form that was sent
        label=_("Archivo"),
        widget=ManyFilesInput,
        help_text=_(
            "Shapefile en .zip (o sus partes juntas), GeoJSON, GeoPackage, KML, KMZ o FlatGeobuf. "
            "Hasta 200 MB."
        ),
    )
    name = forms.CharField(
        label=_("Nombre"), max_length=120, help_text=_("Por ejemplo: Barrios oficiales 2026")
    )
    source = forms.CharField(label=_("Fuente"), max_length=300)
    licence = forms.CharField(label=_("Licencia"), max_length=120, required=False)
    drawn_on = forms.DateField(
        label=_("Fecha de los límites"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    approximate = forms.BooleanField(label=_("Son límites aproximados"), required=False)
    expect = forms.IntegerField(
        label=_("Cuántos barrios deben ser"), min_value=0, max_value=50_000, help_text=_("0: los que haya")
    )
    crs = forms.CharField(
        label=_("Sistema de coordenadas"),
        max_length=200,
        required=False,
        help_text=_("Solo si el archivo no lo dice. Por ejemplo: EPSG:32719"),
    )
    layer = forms.CharField(label=_("Capa"), max_length=200, required=False)
    name_field = forms.CharField(label=_("Columna del nombre"), max_length=100, required=False)
    code_field = forms.CharField(label=_("Columna del número"), max_length=100, required=False)
    encoding = forms.CharField(label=_("Codificación"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expect"].initial = settings.EXPECTED_TERRITORIES

    def clean_files(self) -> list[UploadedFile]:
        """Raises ValidationError for what is too large, before it is read."""
        files = self.cleaned_data["files"]
        if sum(one.size for one in files) > MAX_BYTES:
            raise forms.ValidationError(_("El archivo pesa más de 200 MB."))
        return files

    def options(self) -> Options:
        """How to read the file."""
        given: dict[str, Any] = {key: value or None for key, value in self._given(Options).items()}
        return Options(**given)

    def metadata(self) -> Metadata:
        """What is written about the set."""
        return Metadata(**self._given(Metadata))

    def _given(self, kind: type[Options] | type[Metadata]) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in kind.__dataclass_fields__ if key in self.fields}


def save_into(folder: Path, files: list[UploadedFile]) -> Path:
    """Write uploads below `folder` under names made of letters we know; returns the one to open."""
    written = [_save(folder, one) for one in files]
    shapes = [one for one in written if one.suffix == ".shp"]
    return (shapes or written)[0]


def _save(folder: Path, file: UploadedFile) -> Path:
    name = PurePath((file.name or "").replace("\\", "/"))
    suffix = re.sub(r"[^a-z0-9.]", "", name.suffix.lower())[:12]
    stem = re.sub(r"[^\w -]", "_", name.stem)[:80] or "archivo"
    # The parts of a Shapefile belong together by their name, whatever its case.
    target = folder / f"{stem.casefold() if suffix in SHAPE_PARTS else stem}{suffix}"
    with target.open("wb") as sink:
        for piece in file.chunks():
            sink.write(piece)
    return target
