"""Letters and jobs as the administration sees them: read, and at most tried again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import models as queue

from core.jobs import forget, try_again
from core.models import Letter, WaitingJob
from core.outbox import post_again

for model in (queue.ProcrastinateJob, queue.ProcrastinateEvent, queue.ProcrastinatePeriodicDefer):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class OnlyRead:
    """Rows that the site writes itself."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Letter)
class LetterAdmin(OnlyRead, admin.ModelAdmin):
    """Without the text: it may hold a link that is meant for one person."""

    list_display = ["subject", "address", "state", "attempts", "written_at", "sent_at", "last_error"]
    list_filter = ["state"]
    search_fields = ["address", "subject", "message_id"]
    exclude = ["body", "headers"]
    actions = ["send_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """What a letter says is no page's."""
        return Letter.objects.as_pages_read().order_by("-pk")

    @admin.action(description=gettext_lazy("Enviar de nuevo lo rechazado o dudoso"))
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Only what does not leave by itself."""
        again = sum(post_again(letter) for letter in queryset)
        self.message_user(
            request, _("Correos puestos de nuevo en cola: %(count)s") % {"count": again}, messages.SUCCESS
        )


@admin.register(WaitingJob)
class WaitingJobAdmin(OnlyRead, admin.ModelAdmin):
    """What waits for a worker, is being done or has failed."""

    list_display = ["task_name", "queue_name", "status", "attempts", "scheduled_at"]
    list_filter = ["status", "queue_name", "task_name"]
    actions = ["again", "forgotten"]
    fields = ["task_name", "args", "queue_name", "status", "attempts", "scheduled_at", "lock"]

    @admin.action(description=gettext_lazy("Intentar de nuevo lo que falló"))
    def again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Only what has failed."""
        count = sum(try_again(job.pk) for job in queryset)
        self.message_user(request, _("Trabajos puestos de nuevo en cola: %(count)s") % {"count": count})

    @admin.action(description=gettext_lazy("Sacar de la cola lo que falló"))
    def forgotten(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Only what has failed; its alarm ends with it."""
        count = sum(forget(job.pk) for job in queryset)
        self.message_user(request, _("Trabajos sacados de la cola: %(count)s") % {"count": count})
