"""RUT, telephones, e-mail and the home of somebody, by their form. Imports no Django.

Everything is looked for in the plain text (`plain.py`), whose letters stand where those of the text stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from issues.glance.hints import Hint, Kind

_APART = r"[.,·'’_/\s]?"
_DASH = r"\s?(?:[-–—‐_/]|guion|raya)\s?"
_RUT = re.compile(rf"(?<![\d-])\d{{1,2}}{_APART}\d{{3}}{_APART}\d{{3}}{_DASH}[\dk](?![\da-z/])")
_RUT_SPACED = re.compile(rf"(?<![\d-])(?:\d[\s.]){{7,8}}{_DASH}[\dk](?![\da-z])")
_RUT_NAMED = re.compile(
    rf"\b(?:r\.?\s?u\.?\s?[tn]\.?|cedula|carnet|identidad|dni|pasaporte|c\.\s?i\.)(?!\w)[^\d\n]{{0,45}}"
    rf"(?:\d[\d.,\s]{{5,12}}(?:{_DASH}?[\dk])?)(?![\da-z])"
)
_RUT_DOTTED = re.compile(
    r"(?<![\d.$])(?<!\$ )\d{1,2}\.\d{3}\.\d{3}[\s.]?(?:k|\d)(?![\w.])|(?<![\d-])\d{1,2}\s?\d{3}\s?\d{3}\s?k\b"
)
_RUT_TOLD = re.compile(
    r"\br\.?u\.?t\b[^.\n]{0,30}\b(?:millones|termina\w*|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b"
)
_ABROAD = re.compile(
    r"\+\s?\d(?:[\s.()-]{0,2}\d){9,13}(?!\d)|(?<![\d.,:-])[789]\d{3}[\s-]\d{4}(?![\d-]|[.,:/]\d)"
)
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\barroba\b)\s?[\w-]+\s?(?:\.|\bpunto\b)\s?[a-z]{2,}"
)
_HANDLE = re.compile(
    r"(?<![\w.])@[a-z_][\w.]{3,}|\b(?:instagram|facebook|insta|ig|face|tiktok)\s?(?:es|:)\s?\w[\w.]{3,}"
)
_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,:/-])(?<![$#])(?<!\$ )(?:\(?\+?\s?\(?(?:00)?56\)?[\s.\-–]*)?"
    r"\(?\d(?:[\s.()\-–_*·/]{0,3}\d){6,12}(?![\d:/]|[.,]\d)"
)
_CALL = re.compile(
    r"\b(?:fono|fonos|tel|tels|telefon\w*|cel|celu\w*|movil|numero|nro|llam\w*|wsp|wasap|whatsap\w*|wtsp|wa|"
    r"contact\w*|ubic\w*|escrib\w*|marcar|avisar|mensaje\w*|hablar|comunic\w*|responde\w*)\b"
)
NEAR = 45
_COUNTED = re.compile(
    r"(?:postes?|luminarias?|medidor|empalme|patente|serie|codigo|rotulo|placa|cliente|folio|camara|oficio|orden|"
    r"ticket|solicitud|reclamo|boleta|\$|decreto|rol|caso|ingreso|expediente|tarro|contenedor|grifo|transformador|"
    r"atencion|seguimiento|requerimiento|incidencia|contrato|suministro|tramite|factura|correlativo|presupuesto)"
    r"\s*(?:n[°º.]?|nro\.?|numero|de cliente|de atencion|de ingreso|es el|es)?\s*[:#]?\s*$"
)
_DATES = re.compile(
    r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|-?(?:33|70)\.\d{4,}"
)
_DIGITS = dict(
    zip(
        ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
        "0123456789",
        strict=True,
    )
)
_TENS = r"diez|once|doce|trece|catorce|quince|dieci\w+|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
_SPOKEN = re.compile(rf"(?:\b(?:{'|'.join(_DIGITS)}|\d{{1,4}})\b[\s,.-]*){{3,}}")
_TOLD = re.compile(rf"(?:\b(?:{'|'.join(_DIGITS)}|{_TENS})\b[\s,.-]*(?:y\s)?){{6,}}")

_HOUSE = (
    r"(?:n[°º.]\s?|nro\.?\s?|numero\s|#\s?)?(?<![\d:/$.-])\d{1,5}(?!\d|[:/-]\d|[.,]\d|"
    r"\s?(?:dias?|semanas?|meses|mes|anos?|metros?|mts?|m|cm|km|horas?|hrs?|minutos?|veces|personas|postes?|luminarias|"
    r"arboles|autos|casas|cuadras?|perros|ninos|familias|vecinos|y\s?media|%|pm|am|de\s(?:enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre))\b)"
)
_SOMEBODY = (
    r"(?:vecin[oa]|senor[a]?|senorita|sr|sra|srta|don|dona|familia|duen[oa]|propietari[oa]|viej[oa]|viejit[oa]|caballero|"
    r"tip[oa]|arrendatari[oa]|joven|abuelit[oa]|abuel[oa]|adulto mayor|enferm[oa]|postrad[oa]|mujer|hombre|hij[oa]|"
    r"cabr[oa]|nin[oa]|wn|mama|papa|tia|tio|sujeto|individuo|narco|traficante|sapo|conserje|herman[oa]|profesor[a]?|"
    r"concejal[a]?|alcalde|alcaldesa|dirigent[ae]|president[ae]|polol[oa]|hij[oa]s|inquilin[oa]|dealer|flaite)"
)
_DOOR = r"(?:casa|depto|dpto|departamento|block|blok|parcela|sitio|lote|local|numero|nro|n[°º])"
_LIVING = (
    r"(?:vecin[oa]|senor[a]?|don|dona|familia|duen[oa]s?|propietari[oa]s?|arrendatari[oa]s?|inquilin[oa]s?|moradores|"
    r"ocupantes|narcos?|traficantes?|sujetos?|individuos?|viej[oa]s?|caballero|tip[oa]s?)"
)
_STREET = r"(?:calle|pasaje|pje|psje|psj|avenida|avda|av|villa|poblacion|block|torre|condominio|casa|depto|dpto|departamento|parcela)"
_SHORT = re.compile(
    r"\b(?:av|avda|pje|psje|psj|pob|sr|sra|srta|dpto|depto|dr|dra|prof|gral|pdte|sta|sto|esq|blk|num|nro)\."
)
_LIVES = (
    r"\b(?:vive[ns]?|viviendo|vivimos|vivo|vivia|resid(?:e[n]?|o|imos|iendo|entes?)|domiciliad[oa]s?|arrienda[n]?|"
    r"arrend(?:o|amos)|habit(?:a|o|an|amos)|(?:se )?aloja[n]?|me alojo|duerme[n]?|se queda a dormir)\b"
)
# What people say of a house when they mean those who live in it.
_WRONGS = (
    r"venden?|trafican?|hacen fiestas|crian?|pegan?|golpean?|maltratan?|ponen musica|guardan?|roban?|arriendan?|"
    r"consumen|se drogan|amenazan?|gritan?|esconden?"
)
_HOMES = tuple(
    re.compile(form)
    for form in (
        rf"{_LIVES}[^.;\n\d]{{0,60}}?{_HOUSE}",
        rf"{_LIVES}\s(?:ahi\s)?(?:en|al lado de|frente a)(?:\sel|\sla)?\s(?:{_STREET})\b(?<!la calle)[^.;\n]{{2,40}}",
        r"\b(?:domicilio|direccion)\s(?:particular|personal|de\s(?:el|la|su|don|dona|mi)\b|del\b|es\b|:)[^.;\n]{0,60}?\d{2,5}",
        r"\bdireccion\s?:[^;\n]{0,60}?\d{2,5}",
        rf"\bvecin[oa]s\s(?:del|de\sla\scasa|de\sla)\s(?:numero\s|n[°º]\s?|depto\s)?{_HOUSE}(?!\s(?:al|a|y|hasta|-)\s?\d)",
        rf"[a-z]\s{_HOUSE},?\s(?:hay\s|esta\s|vive\s)?(?:un|una|unos|el|la|mi|los)\s(?:{_LIVING}|pareja|matrimonio|mujer|hombre|joven)\b",
        rf"[a-z]\s{_HOUSE},?\s(?:es\s)?(?:(?:mi|su|la|nuestra)\s)?casa(?:\s(?:de|del)\b|[,.]|$)",
        rf"\b(?:es|son)\s(?:del|de\sl[oa]s?\s(?:del?|de\sla))\s[^;\n\d,]{{0,30}}{_HOUSE}(?!\s(?:al|a|y|hasta)\s\d)",
        rf"\b(?:postrad[oa]s?|enferm[oa]|adult[oa]\smayor\ssol[oa]|nin[oa]s?\ssol[oa]s?|maltratador\w*|violador\w*|okupas?|tomada|"
        rf"haitian[oa]s|venezolan[oa]s|colombian[oa]s|peruan[oa]s|bolivian[oa]s)\b[^.;\n\d]{{0,25}}\b(?:en|de)\s[^;\n\d,]{{2,40}}\s{_HOUSE}",
        rf"\b(?:soy\sde|somos\sde|somos\sl[oa]s\svecin[oa]s\sde|visitar\w*\sen|buscar\sa|retirar\sen|ubican?\sen|encontrar\w*\sen|"
        rf"casa\sde\s(?:mi|mis|su|sus|un[oa]?)\s\w+)\b[^.;\n\d]{{2,40}}\s{_HOUSE}",
        rf"\b(?:mi|su|tu)\s(?:suegr[oa]|mama|papa|madre|padre|abuel[oa]|hij[oa]|herman[oa]|ti[oa]|prim[oa]|polol[oa]|vecin[oa]|amig[oa])\s"
        rf"(?:\w+\s)?(?:en|de)\s[^.;\n\d]{{2,40}}\s{_HOUSE}",
        r"\bcasa\s(?:con\sel\s)?(?:numero\s|n[°º.]\s?|nro\.?\s)\d{1,5}\b",
        rf"\b(?:carta|respuesta|paquete|notificacion|correspondencia|mandenmela|enviar|mandar)\s(?:a|al|en)\s[^.;\n\d]{{2,40}}\s{_HOUSE}",
        rf"\b(?:el|la|l[oa]s)\sdel?\s(?:\w+\s)?piso\b[^.;\n]{{0,20}}\b{_DOOR}\b",
        rf"\ben\sel\s(?:numero\s|n[°º.]\s?)?\d{{2,5}}\b[^.;\n]{{0,40}}\b(?:{_WRONGS}|clandestin\w+|(?:punto|venta)\sde\sdrogas?)\b",
        rf"\b(?:el|la)\s\d{{2,5}}\sde\s[^.;\n\d]{{2,40}}\b(?:es|son|hay|{_WRONGS})\b[^.;\n]{{0,25}}(?:droga|clandestin|traficant|narco|ladron|casa)",
        rf"\b(?:electrodependiente|discapacidad|demencia|alzheimer|abuelit[oa]|postrad[oa])\b[^.;\n\d]{{0,20}}\ben\s[^.;\n\d]{{2,40}}\s{_HOUSE}",
        rf"\b(?:casa|vivienda|propiedad|inmueble)\s(?:de|en)\s[^.;\n\d]{{2,40}}\s{_HOUSE}",
        rf"\bcondominio\s[^.;\n\d]{{2,25}}\scasa\s{_HOUSE}",
        rf"\b(?:se esconde[n]?|se guarda[n]?|esconden?|ocultan?|venden? (?:droga|pasta|falopa|paco|pitos|marihuana|mercaderia)s?|trafican?|"
        rf"microtrafico|narcotrafico|punto de venta|casa de citas|clandestino)\b[^.;\n\d]{{0,30}}\b(?:en|de)\s[^.;\n\d]{{2,40}}\s{_HOUSE}",
        rf"\bdomicilio\b[^.;\n\d]{{0,50}}{_HOUSE}",
        rf"\b(?:su|mi|tu|nuestra|nuestro)\s(?:casa|domicilio|depto|dpto|departamento|direccion|hogar|vivienda|parcela)\b"
        rf"[^.;\n\d]{{0,45}}?{_HOUSE}",
        rf"\b{_SOMEBODY}\b[^.;\n\d]{{0,25}}\b(?:del|de\sla|de\sel|en\sel|en\sla|al)\s(?:{_DOOR}\s)?{_HOUSE}",
        rf"\b(?:casa|depto|departamento|domicilio|direccion|hogar)\sde(?:l|\sla|\sun|\suna|\slos)?\s{_SOMEBODY}s?\b[^.;\n\d]{{0,50}}{_HOUSE}",
        r"\b(?:depto|dpto|dept|departamento|apartamento|apto)\.?\s(?:n[°º.]\s?|numero\s)?(?:[a-z]?-?\d{1,4}(?:-?[a-z])?|[a-h])\b",
        r"\b(?:mi|su|nuestra)\scasa\s(?:esta|queda|es)\s(?:en|la|ubicada|al\slado|frente)\b",
        r"\bviven\s(?:en\s)?(?:la|esa|una)\scasa\b",
        rf"\bcasa\s(?:amarilla|verde|roja|azul|blanca|celeste|rosada|naranja|de\s(?:la\sesquina|(?:dos|2|tres|3)\spisos|rejas?|porton))\b"
        rf"[^.;\n]{{0,40}}\b(?:{_WRONGS}|es\sde|vive|duen[oa])\b",
        rf"\b(?:el|la|los|las)\s(?:del|de\sla|de\sal\slado\sdel)\s(?:{_DOOR}\s)?{_HOUSE}(?!\s(?:al|a|y|hasta)\s\d)",
        rf"\b{_LIVING}\s(?:que\s\w+\s)?(?:de|del|en)\s[^;\n\d,]{{2,45}}\s{_HOUSE}",
        rf"[a-z]\s{_HOUSE}[^;\n]{{0,40}}{_LIVES}",
        rf"[a-z]\s{_HOUSE},?\s(?:que\s)?(?:es|son|pertenece|era)\s(?:la\scasa|el\sdomicilio|el\shogar|de\s(?:don|dona|la\s{_SOMEBODY}|l[oa]s\s{_SOMEBODY}s?)|del\s{_SOMEBODY})",
        rf"[a-z]\s{_HOUSE},?\s(?:es\s)?(?:donde|ahi|en\sesa\scasa|esa\scasa)\b",
        rf"[a-z]\s{_HOUSE}[,:]?\s(?:\w+\s){{0,2}}?(?:{_WRONGS})\b",
        rf"(?<!frente a )(?<!afuera de )(?<!fuera de )(?<!lado de )(?<!altura de )(?<!cerca de )(?<!frente de )"
        rf"\b(?:la|esa|esta|su)\scasa\s{_HOUSE}",
        r"\bvive\s(?:en|al\slado|al\sfrente|frente|justo|a\sla\svuelta|arriba|abajo|detras)\b"
        r"(?!\s(?:en\s)?(?:la\s|el\s|un\s|una\s|este\s|esta\s|nuestro\s|nuestra\s)?"
        r"(?:calle|plaza|parque|ruco|sitio|sector|barrio|comuna|condominio|cuadra|edificio|situacion|carpa|bandejon|rio|canal)\b)"
        r"(?<!gente que vive en)(?<!gente que vive frente)(?<!uno vive en)(?<!quien vive en)",
        rf"\b{_SOMEBODY}\b[^.;\n\d]{{0,35}}\b{_DOOR}\.?\s{_HOUSE}",
    )
)


def ruts(text: str) -> Iterator[Hint]:
    """National numbers, written with their dash or named so; a wrong check digit is one too."""
    for form in (_RUT, _RUT_SPACED, _RUT_NAMED, _RUT_DOTTED, _RUT_TOLD):
        for found in form.finditer(text):
            is_number = "." not in found[0] and _is_counted(text, found.start())
            if not (is_number or _DATES.search(found[0])):
                yield Hint(*found.span(), Kind.RUT)


def contacts(text: str) -> Iterator[Hint]:
    """Telephones in figures or words, e-mail, names in social networks."""
    for form in (_MAIL, _HANDLE, _TOLD, _ABROAD):
        for found in form.finditer(text):
            if not _is_counted(text, found.start()):
                yield Hint(*found.span(), Kind.CONTACT)
    for found in _NUMBER.finditer(text):
        around = (
            f"{text[max(found.start() - NEAR, 0) : found.start()]} {text[found.end() : found.end() + NEAR]}"
        )
        if not _is_counted(text, found.start()) and _is_telephone(found[0], around):
            yield Hint(*found.span(), Kind.CONTACT)
    for found in _SPOKEN.finditer(text):
        if any(word in found[0] for word in _DIGITS) and _is_telephone(_spelled(found[0]), ""):
            yield Hint(*found.span(), Kind.CONTACT)


def homes(text: str) -> Iterator[Hint]:
    """Where somebody lives: a house number or a door beside a word for a person."""
    for form in _HOMES:
        yield from (Hint(*found.span(), Kind.HOME) for found in form.finditer(_unshortened(text)))


def _unshortened(text: str) -> str:
    """Without the dots of «Av.» and «Sra.», which end no sentence; letters keep their places."""
    return _SHORT.sub(lambda found: found[0][:-1] + " ", text)


def _is_counted(text: str, start: int) -> bool:
    """Whether a number is that of a lamp post, a meter, a case."""
    return bool(_COUNTED.search(text[max(start - NEAR, 0) : start]))


def _spelled(text: str) -> str:
    return "".join(_DIGITS.get(word, word) for word in re.findall(r"[a-z]+|\d+", text))


def _is_telephone(written: str, around: str) -> bool:
    """Nine figures as Chile has them, eight or seven where somebody is to be called."""
    digits = re.sub(r"\D", "", written).removeprefix("00")
    if len(digits) in (10, 11) and digits.startswith("56"):
        return True
    if _DATES.search(written):
        return False
    digits = digits.removeprefix("0")
    if len(digits) == 9:
        return digits[0] in "245679" and not digits.startswith("600")
    return len(digits) in (7, 8) and bool(_CALL.search(around))
