"""Who reported a problem and who supports it: stored apart from it, as little as possible."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sealed_fields import SealedField
from issues.models.issue import Issue


class Reporter(models.Model):
    """Who reported a problem: stored apart, shown only to those who need it, deleted after a while."""

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="reporter", verbose_name=_("problema"))
    name = SealedField(_("nombre"), max_length=120, blank=True)
    email = SealedField(_("correo"), max_length=254, blank=True)
    phone = SealedField(_("teléfono"), max_length=40, blank=True)
    expires_on = models.DateField(_("se borra el"))
    # On the person's word: kept, but shown to nobody and used for nothing.
    is_blocked = models.BooleanField(_("bloqueado"), default=False)

    class Meta:
        verbose_name = _("quien informó")
        verbose_name_plural = _("quienes informaron")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.issue_id}"


class Support(models.Model):
    """«Me sumo»: counted once per person or organisation, which is kept only as a keyed digest."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="supports", verbose_name=_("problema"))
    supporter = models.CharField(max_length=64)
    at = models.DateTimeField(_("cuándo"), auto_now_add=True)

    class Meta:
        verbose_name = _("apoyo")
        verbose_name_plural = _("apoyos")
        constraints = [models.UniqueConstraint(fields=["issue", "supporter"], name="support_once_each")]

    def __str__(self) -> str:
        return f"{self.issue_id}"
