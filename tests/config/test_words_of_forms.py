"""What libraries say on our pages speaks as we do: tú, never usted, and never English."""

import gettext
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django import forms
from django.contrib import admin
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)
from django.urls import get_resolver
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext

OURS = {"accounts", "territories", "issues", "walks", "gatherings", "rankings", "handovers", "maps", "config"}
FORMAL = re.compile(
    r"\b(asegúrese|introduz?c?a|introdúzcal[oa]|seleccione|escoja|compruebe|intente|inténtelos?|ingrese|corrija"
    r"|corríjalo|haga|revise|vuelva|pulse|mantenga|usted|envíe|escriba|utilice|proporcione|verifique|complete"
    r"|indique|inicie|observe|adjunte|desmarque|elija|vaya|confirme|su contraseña|su cuenta|su navegador)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"\b(the|this|enter|ensure|please|select|field|must)\b", re.IGNORECASE)
# Catalogues of what staff and neighbours may meet; all of it is looked at, used today or not.
CATALOGUES = (
    "django/conf",
    "django/contrib/auth",
    "django/contrib/admin",
    "rest_framework",
    "django_filters",
)
CASES = (0, 1, 5)


def catalogue(path):
    """A library's Spanish messages, by message in English (its singular)."""
    top, _, rest = path.partition("/")
    folder = Path(find_spec(top).origin).parent / rest / "locale/es/LC_MESSAGES/django.mo"
    with folder.open("rb") as compiled:
        return gettext.GNUTranslations(compiled)._catalog


def all_forms(kind=forms.BaseForm):
    """Every form class of ours, also those that only the administration makes."""
    get_resolver().url_patterns  # noqa: B018 (imports every view, and with them their forms)
    for each in kind.__subclasses__():
        yield each
        yield from all_forms(each)


def our_forms():
    found = {form for form in all_forms() if form.__module__.split(".")[0] in OURS}
    made = {model_admin.form for model_admin in admin.site._registry.values()}
    return sorted(found | made, key=lambda form: (form.__module__, form.__qualname__))


def messages_of(field):
    """Whatever a field of a form may answer to a person."""
    yield from field.error_messages.values()
    yield from (validator.message for validator in field.validators if hasattr(validator, "message"))
    yield field.help_text


def is_kind(text):
    return not FORMAL.search(text) and not ENGLISH.search(text)


def test_there_are_forms_to_walk():
    assert len(our_forms()) >= 20


@pytest.mark.parametrize("form", our_forms(), ids=lambda form: f"{form.__module__}.{form.__qualname__}")
def test_every_answer_of_every_field_speaks_as_we_do(form):
    for name, field in form.base_fields.items():
        texts = [str(text(1) if callable(text) else text) for text in messages_of(field)]
        assert [text for text in texts if not is_kind(text)] == [], name


@pytest.mark.parametrize("path", CATALOGUES)
def test_no_message_of_a_library_says_usted(path):
    messages = {key[0] if isinstance(key, tuple) else key for key in catalogue(path) if key}
    assert len(messages) > 20
    said = {message: translated(message) for message in messages}
    assert {message: text for message, text in said.items() if FORMAL.search(text)} == {}


@pytest.mark.parametrize("path", CATALOGUES)
def test_no_plural_of_a_library_says_usted(path):
    plurals = {key[0] for key in catalogue(path) if isinstance(key, tuple)}
    # The plural form of a message that is found is never shown as it stands here.
    said = {(message, number): ngettext(message, message, number) for message in plurals for number in CASES}
    assert {case: text for case, text in said.items() if FORMAL.search(text)} == {}


@pytest.mark.parametrize("adapter", [account_adapter, mfa_adapter])
def test_signing_in_speaks_as_we_do(adapter):
    texts = [str(text) for text in adapter().error_messages.values()]
    assert len(texts) > 4
    assert [text for text in texts if not is_kind(text)] == []


@pytest.mark.parametrize(
    ("validator", "value", "said"),
    [
        (MaxLengthValidator(3), "abcd", "Escribe como máximo 3 letras (ahora son 4)."),
        (MaxLengthValidator(1), "ab", "Escribe como máximo 1 letra (ahora son 2)."),
        (MinLengthValidator(10), "corto", "Escribe al menos 10 letras (ahora son 5)."),
        (MaxValueValidator(3), 4, "Escribe un valor de 3 o menos."),
        (MinValueValidator(1), 0, "Escribe un valor de 1 o más."),
    ],
)
def test_a_limit_says_what_to_write(validator, value, said):
    with pytest.raises(forms.ValidationError) as refused:
        validator(value)
    assert refused.value.messages == [said]


class Plain(forms.Form):
    """One field of each kind that our pages use."""

    when = forms.DateField()
    at = forms.DateTimeField()
    number = forms.IntegerField()
    mail = forms.EmailField()
    one = forms.ChoiceField(choices=[("a", "A")])
    file = forms.ImageField()
    needed = forms.CharField()


def test_wrong_values_get_a_sentence_that_says_what_to_do():
    form = Plain({"when": "ayer", "at": "x", "number": "1,5,2", "mail": "ana", "one": "z"})
    assert {name: errors[0] for name, errors in form.errors.items()} == {
        "when": "Escribe una fecha válida, como 22-11-2026.",
        "at": "Escribe una fecha y una hora válidas, como 22-11-2026 19:30.",
        "number": "Escribe un número entero.",
        "mail": "Escribe un correo electrónico válido, como ana@ejemplo.cl.",
        "one": "Elige una de las opciones de la lista: «z» no está.",
        "file": "Este dato es necesario.",
        "needed": "Este dato es necesario.",
    }
