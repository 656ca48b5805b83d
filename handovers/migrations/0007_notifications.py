"""What each person of the staff is told, read by that person alone."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid6
from django.conf import settings
from django.db import migrations, models

from core.postgis.row_security import guard, unguard

OWN = "person_id = asking_person()"
# Whoever acts tells others: to write is free, to read and to mark as read only one's own.
GUARD = guard("handovers_notification", select=OWN, insert="true", update=OWN)


class Migration(migrations.Migration):

    dependencies = [
        ('handovers', '0006_weekly_news'),
        ('core', '0002_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('digest', 'resumen diario'), ('escalation', 'aviso a la jefatura'), ('dispute', 'reparación discutida'), ('doubt', 'alguien dice que no quedó bien'), ('silent', 'otro organismo no responde')], max_length=12, verbose_name='tipo'),
        ),
        migrations.CreateModel(
            name='NotificationChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_once', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('urgent', 'Llegó una urgencia'), ('delivery', 'Llegó una entrega'), ('charge', 'Quedaste a cargo'), ('mention', 'Te nombraron en una nota'), ('redirected', 'Llegó derivado'), ('outside', 'Respondió otro organismo'), ('silent', 'Otro organismo no responde'), ('escalated', 'Venció un plazo'), ('setup', 'Falta configurar algo')], max_length=10), default=list, size=None, verbose_name='al momento')),
                ('daily', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('urgent', 'Llegó una urgencia'), ('delivery', 'Llegó una entrega'), ('charge', 'Quedaste a cargo'), ('mention', 'Te nombraron en una nota'), ('redirected', 'Llegó derivado'), ('outside', 'Respondió otro organismo'), ('silent', 'Otro organismo no responde'), ('escalated', 'Venció un plazo'), ('setup', 'Falta configurar algo')], max_length=10), default=list, size=None, verbose_name='una vez al día')),
                ('quiet_from', models.TimeField(default=datetime.time(20, 0), verbose_name='silencio desde')),
                ('quiet_until', models.TimeField(default=datetime.time(8, 0), verbose_name='silencio hasta')),
                ('urgent_any_time', models.BooleanField(default=True, verbose_name='las urgencias, a cualquier hora')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='de')),
            ],
            options={
                'verbose_name': 'preferencia de avisos',
                'verbose_name_plural': 'preferencias de avisos',
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('urgent', 'Llegó una urgencia'), ('delivery', 'Llegó una entrega'), ('charge', 'Quedaste a cargo'), ('mention', 'Te nombraron en una nota'), ('redirected', 'Llegó derivado'), ('outside', 'Respondió otro organismo'), ('silent', 'Otro organismo no responde'), ('escalated', 'Venció un plazo'), ('setup', 'Falta configurar algo')], max_length=10, verbose_name='qué')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='cuándo')),
                ('read_at', models.DateTimeField(null=True, verbose_name='leído')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='enviado por correo')),
                ('handover', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='handovers.handover', verbose_name='entrega')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='handovers.handoveritem', verbose_name='problema')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='a')),
            ],
            options={
                'verbose_name': 'aviso a una persona',
                'verbose_name_plural': 'avisos a personas',
                'indexes': [models.Index(models.F('person'), models.OrderBy(models.F('at'), descending=True), name='notification_newest'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['person'], name='notification_unread'), models.Index(condition=models.Q(('mailed_at__isnull', True), ('read_at__isnull', True)), fields=['at'], name='notification_to_mail')],
            },
        ),
        migrations.RunSQL(GUARD, unguard("handovers_notification", "select", "insert", "update")),
    ]
