"""The rules of the glance, one line each: what waits for a person, and what is public at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.glance.hints import Kind
from issues.glance.look import look
from issues.glance.plain import plain
from tests.issues.glance.places import is_place

WAITS = [
    (Kind.NAME, "Don José bota basura en la plaza"),
    (Kind.NAME, "la señora marta gonzalez deja los perros sueltos"),
    (Kind.NAME, "Hablé con Pedro Soto y no hizo nada"),
    (Kind.NAME, "Preguntar por la sra. Gladys"),
    (Kind.NAME, "Profesora Elsa Muñoz no atiende"),
    (Kind.NAME, "EL PERRO ES DE JUAN PEREZ"),
    (Kind.RUT, "mi rut es 12.345.678-5"),
    (Kind.RUT, "R.U.T. 9 876 543 - K"),
    (Kind.CONTACT, "llamar al 9 8765 4321"),
    (Kind.CONTACT, "fono:225551234"),
    (Kind.CONTACT, "nueve ocho siete seis cinco cuatro tres dos uno"),
    (Kind.CONTACT, "escribir a vecina@example.cl"),
    (Kind.HOME, "el vecino del 1234 tiene la música fuerte"),
    (Kind.HOME, "él vive en Los Copihues 455"),
    (Kind.HOME, "frente a mi casa en Av. Los Alerces 1234"),
    (Kind.INSULT, "el alcalde es un inútil"),
    (Kind.INSULT, "pura gente c.u.l.i.a.d.a"),
    (Kind.INSULT, "manga de ladrones"),
    (Kind.NAME, "El chico Vergara raya los muros"),
    (Kind.NAME, "El taller de don Sergio Inostroza ocupa la vereda"),
    (Kind.NAME, "la presidenta de la junta Luisa Díaz no contesta"),
    (Kind.NAME, "Zúñiga bota escombros en la esquina"),
    (Kind.NAME, "Fue Manolito, el de la esquina"),
    (Kind.NAME, "nombre completo rosa vera lago"),
    (Kind.NAME, "Mi vecina se llama Violeta Parra"),
    (Kind.RUT, "15 876 543 k"),
    (Kind.RUT, "pasaporte F12345678"),
    (Kind.CONTACT, "me ubican en el 87654321"),
    (Kind.HOME, "resido en Los Copihues 455"),
    (Kind.HOME, "somos los vecinos de Los Copihues 455"),
    (Kind.HOME, "venden droga en pasaje Los Copihues 455"),
    (Kind.INSULT, "AWEONAOOOOS"),
    (Kind.INSULT, "inútiles"),
    (Kind.INSULT, "maldito alcalde"),
]
PUBLIC = [
    "Hoyo en calle Juan Gómez con Los Pajaritos",
    "Frente a la escuela Gabriela Mistral hay un hoyo",
    "Árbol caído en Emilio Rebolledo con Simón Bolívar",
    "Semáforo malo en Manuel Rodríguez 1234",
    "HOYO EN PASAJE ROSA FLORES",
    "CESFAM Dr. Luis Ferrada sin rampa",
    "Calle Don Luis sin luz",
    "Entran ladrones por el sitio eriazo",
    "Mierda de perro en la vereda",
    "Cortes de luz en Villa Los Héroes",
    "Poste 912345678 apagado desde el 2026-11-30",
    "Los vecinos del 1200 al 1400 no tienen luz",
    "Fuga de agua hace 15 días frente a mi casa",
    "El grifo de la esquina está roto",
    "Santa Elena con San Ignacio, vereda rota",
    "Hoyo frente al 1245 de Rosa Ester",
    "Número de atención 70023145, cables cortados",
    "Monumento a Bernardo O'Higgins rayado",
    "Peluquería Marcela: poste sin ampolleta",
    "Almacén Don Lucho, basura en la esquina",
    "Padre Hurtado con Arzobispo Valdivieso",
    "Nicanor Molinare y Vicente Bianchi, basura de la feria",
    "En Alberto Llona robo de cables",
    "La fachada de la sede, sucia",
    "Juegos infantiles, rotos",
    "Los ladrones entran por el muro",
]


@pytest.mark.parametrize(("kind", "text"), WAITS)
def test_what_shows_or_insults_a_person_waits(kind, text):
    assert kind in {hint.kind for hint in look(text, is_place)}


@pytest.mark.parametrize("text", PUBLIC)
def test_what_tells_of_a_place_is_public_at_once(text):
    assert look(text, is_place) == []


def test_a_street_of_the_gazetteer_is_no_person_but_its_first_name_alone_is():
    assert look("Hoyo grande, Rafael Riesco", lambda name: name == "rafael riesco") == []
    assert look("Hoyo grande, Rafael Riesco", lambda _name: False)
    assert look("Marta lo hizo", is_place)


def test_an_address_may_be_called_after_anybody():
    assert look("Pedro Soto 1234", is_place, is_address=True) == []
    assert look("Pedro Soto, llamar al 987654321", is_place, is_address=True)


@given(st.text(max_size=300))
def test_any_text_has_its_hints_within_it_and_letters_keep_their_places(text):
    assert len(plain(text)) == len(text)
    for hint in look(text, is_place):
        assert 0 <= hint.start < hint.end <= len(text)
