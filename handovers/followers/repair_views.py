"""`/quedo-reparado/<token>/`: the page behind «sí» and «no» in a mail; only its button answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.mailed_links import bearer_page
from handovers.followers import repair_questions
from handovers.life.answers import AnswerRefused
from handovers.models import RepairSaid
from issues.models import PhotoKind

SAID = {"si": RepairSaid.YES, "no": RepairSaid.NO}


@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
def repaired_page(request: HttpRequest, token: str, said: str) -> HttpResponse:
    """Ask once more with a button: programs that open the links of mails answer nothing."""
    question = repair_questions.question_of(token)
    if question is None or said not in SAID:
        sentence = _("Este enlace ya no sirve. Puedes contarlo en la próxima reunión de tu barrio.")
        return render(request, "error.html", {"status": 404, "sentence": sentence}, status=404)
    words = {"question": question, "issue": question.item.issue, "said": said, "token": token}
    words["other"] = "no" if said == "si" else "si"
    if request.method == "POST":
        return _answer(request, words)
    return _page(request, words)


def _answer(request: HttpRequest, words: dict) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        repair_questions.say(words["question"], SAID[words["said"]], text)
    except AnswerRefused as refusal:
        return _page(request, words | {"error": str(refusal), "text": text}, status=400)
    return _page(request, words | {"is_said": True})


def _page(request: HttpRequest, words: dict, status: int = 200) -> HttpResponse:
    issue = words["issue"]
    photos = list(issue.photos.public())
    more = {
        "before": [photo for photo in photos if photo.kind == PhotoKind.BEFORE][:1],
        "after": [photo for photo in photos if photo.kind == PhotoKind.AFTER][:1],
        "is_final": issue.status == "done_unverified",
    }
    return render(request, "handovers/followers/repaired.html", words | more, status=status)
