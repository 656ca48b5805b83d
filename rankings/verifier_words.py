"""The sentences of the verifier in the browser; its checks (static/js/data/lists/list-check.js) have none."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # What was checked.
    "written": _("El archivo está escrito como se publicó, byte a byte."),
    "digest": _("La huella SHA-256 es la del contenido."),
    "known": _("Cada problema y cada barrio aparece una vez."),
    "indexes": _("Los puntajes salen de sus niveles y de los pesos publicados."),
    "votes": _("Las fichas y personas de cada votación son posibles."),
    "rooms": _("Cada reunión quedó en el orden de sus fichas."),
    "rule": _("Las rondas y el orden de la ciudad son los de la regla."),
    "reasons": _("Las dos razones de cada lugar dicen los números publicados."),
    "places": _("Cada problema está en su lugar, con los cambios publicados."),
    "moves": _("Cada cambio de lugar tiene motivo y oficina."),
    "texts": _("Cada texto que está es el de su huella."),
    "askers": _("Cada cambio de lugar dice quién lo pidió."),
    "gatherings": _("La huella de cada reunión que la lista usa está en ella."),
    "previous": _("La lista dice cuál es la anterior."),
    "chain": _("Las listas entregadas forman una cadena sin cortes."),
    "same": _("Es la misma lista que publica este sitio."),
    # What does not hold.
    "byte_changed": _("El archivo no está escrito como se publicó: el byte {byte} está cambiado."),
    "digest_differs": _(
        "La huella no corresponde: el archivo dice {said} y su contenido da {found}; "
        "al menos un byte está cambiado."
    ),
    "not_published": _("No es la lista que publica este sitio: aquí su huella es {here}."),
    "neighbourhood_twice": _("El barrio {number} aparece dos veces."),
    "problem_twice": _("{reference} aparece dos veces."),
    "neighbourhood_unknown": _("{reference} es de un barrio que la lista no nombra."),
    "weights_sum": _("Los pesos del puntaje no suman 100."),
    "index_differs": _("El puntaje de {reference} dice {said} y sus niveles dan {found}."),
    "tokens_too_many": _("{reference} tiene más fichas que las que se repartieron."),
    "people_too_many": _("{reference} tiene más personas que fichas o que votantes."),
    "tokens_over_cap": _("{reference} tiene más fichas que las que caben con el tope por persona."),
    "room_differs": _(
        "En la reunión {gathering}, {reference} dice otro día, barrio, votantes o fichas por persona "
        "que {before}."
    ),
    "room_total": _("En la reunión {gathering} hay {given} fichas y se repartieron {possible}."),
    "room_place_twice": _("En la reunión {gathering}, {before} y {after} dicen el mismo lugar."),
    "room_order": _(
        "En la reunión {gathering}, {before} está antes que {after} y los conteos dicen lo contrario."
    ),
    "rule_place": _("{reference} tiene lugar {said} y según la regla le toca {found}."),
    "round": _("{reference} tiene ronda {said} y según la regla le toca {found}."),
    "turn": _("{reference} tiene turno {said} y según la regla le toca {found}."),
    "own_place": _("{reference} tiene lugar {said} en su barrio y según la regla le toca {found}."),
    "own_reason": _("La razón de {reference} en su barrio no sale de sus números: debe decir «{found}»."),
    "city_reason": _("La razón de {reference} en la ciudad no sale de sus números: debe decir «{found}»."),
    "row_moved": _("{reference} está en la fila {found} y dice lugar {said}: fue movido."),
    "place_moved": _("{reference} está en el lugar {said} y le toca el {found}: fue movido."),
    "move_unknown": _("Se cambió de lugar {reference}, que no está en la lista."),
    "move_from": _("El cambio de lugar de {reference} dice que estaba en el {said} y estaba en el {found}."),
    "move_without_reason": _("El cambio de lugar de {reference} no dice motivo u oficina."),
    "gathering_unnamed": _("La lista usa la reunión {number} y no dice su huella."),
    "gathering_unused": _("La lista dice la huella de la reunión {number}, que no usa."),
    "gathering_twice": _("La lista dice dos veces la huella de la reunión {number}."),
    "move_without_asker": _("El cambio de lugar de {reference} no dice quién lo pidió."),
    "text_differs": _("El texto «{text}» no es el de su huella."),
    "text_unknown": _("El texto «{text}» no es de ninguna parte de la lista."),
    "text_twice": _("El texto «{text}» aparece dos veces."),
    "first_names_previous": _("La lista N.º 1 nombra una lista anterior."),
    "previous_missing": _("Falta la huella de la lista anterior."),
    "list_twice": _("La lista N.º {number} se dio dos veces."),
    "list_missing": _("Falta la lista N.º {number} en la cadena."),
    "lists_missing": _("Faltan las listas N.º {first} a {last} en la cadena."),
    "chain_cut": _(
        "La cadena se corta: la lista N.º {number} nombra otra huella que la de la N.º {previous}."
    ),
    "older_version": _(
        "La lista N.º {number} está hecha con un formato o una regla más antiguos que la N.º {previous}."
    ),
    # Files that are no list.
    "not_utf8": _("El archivo no es texto UTF-8: el byte {byte} está cambiado."),
    "saved_again": _(
        "Otro programa volvió a guardar el archivo (empieza con una marca BOM): descárgalo de nuevo."
    ),
    "not_json": _("El archivo no es JSON: está cortado o cambiado."),
    "nested": _("El archivo no es una lista: está anidado sin fin."),
    "number_not_whole": _("El archivo tiene un número que no es entero: {text}."),
    "number_too_large": _("El archivo tiene un número imposible: {text}."),
    "name_twice": _("El archivo dice dos veces «{name}»."),
    "name_unused": _("El archivo tiene un nombre que ninguna lista usa: «{name}»."),
    "impossible_letter": _("El archivo tiene un carácter imposible en un texto: está cambiado."),
    "not_list": _("El archivo no es una lista publicada."),
    "format_unknown": _(
        "La lista tiene el formato «{format}», que este verificador no conoce: usa uno más nuevo."
    ),
    "rule_unknown": _(
        "La lista está hecha con la regla {rule}, que este verificador no conoce: usa uno más nuevo."
    ),
    "wrong_shape": _("En el archivo falta «{name}» o no es lo que debe ser."),
    "too_large": _("El archivo es demasiado grande para ser una lista (más de 128 MB)."),
    "unreadable": _("No se pudo abrir el archivo."),
    # Around.
    "holds": _("Todo lo comprobado se cumple."),
    "fails": _("No se cumple."),
    "checking": _("Comprobando…"),
    "title": _(
        "{file}: lista N.º {number}, {problems} problemas de {neighbourhoods} barrios, con la regla {rule}"
    ),
    "seal": _("Huella: {digest}"),
    "hidden": _("Oculto"),
    "hidden_title": _("el título de {reference}"),
    "hidden_reason": _("el motivo del cambio de {reference}"),
    "hidden_asker": _("quién pidió el cambio de {reference}"),
    "more": _("y {number} hallazgos más"),
    "fine": _("se cumple"),
    "wrong": _("no se cumple"),
}
