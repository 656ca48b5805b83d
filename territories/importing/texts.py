"""The Spanish sentences of the import: why a file is refused, what was found in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REFUSALS = {
    "no_file": gettext_lazy("No encuentro el archivo «%(file)s»."),
    "unreadable": gettext_lazy("No se puede abrir «%(file)s»: revisa sus permisos."),
    "empty_file": gettext_lazy("El archivo «%(file)s» está vacío."),
    "too_big": gettext_lazy("El archivo pesa más de %(megabytes)s MB."),
    "unknown_format": gettext_lazy(
        "No reconozco «%(file)s»: sirve un Shapefile (mejor en .zip), GeoJSON, GeoPackage, "
        "KML, KMZ o FlatGeobuf."
    ),
    "packed": gettext_lazy(
        "«%(file)s» está comprimido de una forma que no se acepta: descomprímelo o usa .zip."
    ),
    "html": gettext_lazy("«%(file)s» es una página web, no un mapa: descarga el archivo original."),
    "virtual": gettext_lazy(
        "«%(file)s» solo apunta a otros archivos o direcciones: sube el archivo con los datos mismos."
    ),
    "wrong_ending": gettext_lazy(
        "«%(file)s» no es lo que dice su nombre: por dentro es %(format)s. Sube el archivo original."
    ),
    "missing_part": gettext_lazy(
        "A «%(file)s» le falta la parte %(part)s: un Shapefile necesita .shp, .shx y "
        ".dbf."
    ),
    "truncated": gettext_lazy(
        "«%(file)s» está cortado: promete más datos de los que trae. Cópialo de "
        "nuevo."
    ),
    "rows_differ": gettext_lazy(
        "El Shapefile no calza: trae %(shapes)s dibujos y %(rows)s filas en su tabla."
    ),
    "corrupt": gettext_lazy("No se puede leer «%(file)s»: está dañado o incompleto."),
    "zip_bad": gettext_lazy("El archivo comprimido «%(file)s» está dañado."),
    "zip_path": gettext_lazy("El archivo comprimido trae una ruta que no se acepta: «%(entry)s»."),
    "zip_symlink": gettext_lazy("El archivo comprimido trae un enlace a otro archivo: «%(entry)s»."),
    "zip_nested": gettext_lazy(
        "Hay un archivo comprimido dentro de otro («%(entry)s»): sube solo el de "
        "adentro."
    ),
    "zip_encrypted": gettext_lazy("El archivo comprimido tiene clave: súbelo sin ella."),
    "zip_many": gettext_lazy("El archivo comprimido trae %(entries)s archivos: se aceptan %(limit)s."),
    "zip_bomb": gettext_lazy(
        "El archivo comprimido crece demasiado al abrirse: más de %(megabytes)s MB, o más de %(ratio)s veces."
    ),
    "nothing_inside": gettext_lazy("En «%(file)s» no hay ningún mapa que sepamos leer."),
    "several_layers": gettext_lazy("Hay más de una capa con polígonos (%(layers)s): di cuál con --layer."),
    "no_layer": gettext_lazy("No hay una capa llamada «%(layer)s». Las que hay: %(layers)s."),
    "empty": gettext_lazy("El archivo no trae ningún barrio."),
    "null_geometries": gettext_lazy("El archivo viene sin dibujos (filas: %(features)s)."),
    "too_many": gettext_lazy("El archivo trae %(features)s dibujos: se aceptan %(limit)s."),
    "too_many_columns": gettext_lazy("El archivo trae %(columns)s columnas: se aceptan %(limit)s."),
    "not_polygons": gettext_lazy("Los barrios deben ser polígonos y el archivo trae otra cosa: %(kinds)s."),
    "not_finite": gettext_lazy("Hay coordenadas que no son números (NaN o infinito)."),
    "bad_geometry": gettext_lazy("El dibujo de la fila %(row)s no se entiende."),
    "bad_json": gettext_lazy("«%(file)s» no es un GeoJSON bien formado."),
    "bad_encoding": gettext_lazy("La codificación %(encoding)s no sirve para leer este archivo."),
    "no_crs": gettext_lazy(
        "El archivo no dice en qué sistema de coordenadas está (falta el .prj): indícalo, por "
        "ejemplo --crs EPSG:32719."
    ),
    "bad_crs": gettext_lazy("No se acepta esta definición del sistema de coordenadas: «%(text)s»."),
    "crs_link": gettext_lazy(
        "El sistema de coordenadas del archivo es un enlace, y los enlaces no se "
        "siguen."
    ),
    "outside_crs": gettext_lazy("Las coordenadas no caben en el sistema que dice el archivo (%(crs)s)."),
    "not_degrees": gettext_lazy(
        "El archivo dice estar en grados pero trae valores como %(x)s y %(y)s: indica su sistema, "
        "por ejemplo --crs EPSG:32719."
    ),
    "swapped_axes": gettext_lazy("La latitud y la longitud vienen cambiadas de lugar en el archivo."),
    "wrong_place": gettext_lazy(
        "Hay %(away)s de %(total)s barrios fuera de la comuna, por ejemplo en longitud "
        "%(lng)s y latitud %(lat)s: "
        "revisa el archivo o su sistema de coordenadas."
    ),
    "wrong_count": gettext_lazy(
        "Se esperaban %(expected)s barrios y el archivo trae %(found)s. Faltan: %(missing)s. "
        "Sobran: %(extra)s."
    ),
    "no_name_field": gettext_lazy(
        "No encuentro la columna con el nombre del barrio (hay: %(columns)s): dila con --name-field."
    ),
    "unknown_field": gettext_lazy("No hay una columna «%(field)s». Las que hay: %(columns)s."),
    "nameless": gettext_lazy("La fila %(row)s no tiene nombre en la columna «%(field)s»."),
    "double_names": gettext_lazy("Hay barrios con el mismo nombre: %(names)s."),
    "bad_code": gettext_lazy("El número de «%(name)s» en la columna «%(field)s» no es un entero positivo."),
    "double_codes": gettext_lazy("Hay barrios con el mismo número: %(codes)s."),
    "irreparable": gettext_lazy(
        "El límite de «%(name)s» se cruza a sí mismo y repararlo cambiaría %(area_m2)s m²: "
        "corrígelo en el archivo."
    ),
    "covers_other": gettext_lazy(
        "«%(first)s» y «%(second)s» están dibujados uno sobre otro (%(area_m2)s "
        "m²)."
    ),
    "xml_entity": gettext_lazy("«%(file)s» trae declaraciones XML que no se aceptan."),
    "network_link": gettext_lazy(
        "«%(file)s» solo enlaza a otra dirección (NetworkLink): descarga los datos "
        "mismos."
    ),
    "no_places": gettext_lazy(
        "No se reconoce ningún lugar de la comuna en el archivo: usa etiquetas de OpenStreetMap, "
        "una columna kind, o di el tipo con --kind."
    ),
    "too_slow": gettext_lazy("Revisar el archivo tomó más de %(seconds)s segundos y se detuvo."),
    "too_much_memory": gettext_lazy("El archivo es demasiado complejo para leerlo con la memoria permitida."),
    "no_room": gettext_lazy(
        "El disco del municipio está lleno: no se guardó nada de este archivo. Avisa y vuelve a intentarlo."
    ),
    "died": gettext_lazy("El archivo hizo fallar al lector: no se puede confiar en él."),
}  # fmt: skip

PROBLEMS = {
    "rows_without_drawing": gettext_lazy("Filas sin dibujo, que no se cargan: %(rows)s."),
    "names_missing": gettext_lazy("No aparecen estos barrios conocidos: %(names)s."),
    "names_new": gettext_lazy("Estos nombres no se conocían: %(names)s."),
    "codes_given": gettext_lazy("El archivo no trae números: se dieron por nombre, o en orden."),
    "code_changed": gettext_lazy("«%(name)s» tenía el número %(before)s y ahora tiene el %(after)s."),
    "repaired": gettext_lazy("Se reparó el límite de «%(name)s» (%(reason)s)."),
    "overlap": gettext_lazy("«%(first)s» y «%(second)s» se traslapan."),
    "gap": gettext_lazy("Hay un hueco entre barrios."),
    "hole": gettext_lazy("«%(name)s» tiene un hueco en su interior."),
    "sliver": gettext_lazy("«%(name)s» tiene un pedazo suelto muy pequeño."),
    "outside": gettext_lazy("Parte de «%(name)s» queda fuera de los límites de hoy."),
    "uncovered": gettext_lazy("Una parte de la comuna de hoy queda sin barrio."),
    "area_changed": gettext_lazy(
        "«%(name)s» pasa de %(before_m2)s m² a %(after_m2)s m² (%(percent)s %%)."
    ),
    "z_dropped": gettext_lazy("Se descartó la altura (Z) o la medida (M)."),
    "curves_linearised": gettext_lazy("Las curvas se convirtieron en líneas rectas cortas."),
    "encoding_guessed": gettext_lazy("El archivo no dice su codificación: se leyó como %(encoding)s."),
    "encoding_wrong": gettext_lazy("El archivo dice %(told)s pero no lo es: se leyó como %(encoding)s."),
    "layer_chosen": gettext_lazy("Se tomó la capa «%(layer)s», la única con polígonos."),
    "issues_move": gettext_lazy("%(issues)s problemas cambiarían de barrio al activar estos límites."),
    "issues_leave": gettext_lazy("%(issues)s problemas quedarían fuera de todo barrio."),
}  # fmt: skip


# What GEOS says of a ring.
REASONS = {
    "Self-intersection": gettext_lazy("se cruza a sí mismo"),
    "Ring Self-intersection": gettext_lazy("se toca a sí mismo"),
    "Hole lies outside shell": gettext_lazy("un hueco está afuera"),
    "Holes are nested": gettext_lazy("un hueco está dentro de otro"),
    "Nested shells": gettext_lazy("una parte está dentro de otra"),
    "Interior is disconnected": gettext_lazy("un hueco lo corta en dos"),
    "Duplicate Rings": gettext_lazy("un borde está dos veces"),
    "Too few points in geometry component": gettext_lazy("le faltan puntos"),
}


def refusal(code: str, details: Mapping[str, Any]) -> str:
    """Why a file was refused, in one sentence."""
    return str(REFUSALS[code]) % _shown(details)


def problem(found: Mapping[str, Any]) -> str:
    """What was found, in one sentence, with its size and place when it has them."""
    sentence = str(PROBLEMS[found["kind"]]) % _shown(found["details"])
    if found.get("area_m2") is not None:
        sentence += " " + _("Superficie: %(area)s m².") % {"area": number_format(found["area_m2"], 1)}
    return sentence


def _shown(details: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: _one(REASONS.get(value, value) if key == "reason" else value) for key, value in details.items()
    }


def _one(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or _("ninguno")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(value)
    return str(value)
