"""Addresses of handovers: the managers' desk, the cabinet, verification."""

from django.urls import path

from handovers.cabinet import budget_views
from handovers.cabinet import views as cabinet_views
from handovers.desk import (
    bulk_views,
    export_views,
    item_views,
    notification_views,
    outside_views,
    saved_filter_views,
    shortlist_views,
)
from handovers.desk import views as desk_views
from handovers.followers import repair_views
from handovers.followers import views as follow_views
from handovers.indicators import skip_views
from handovers.indicators import views as public_views
from handovers.query.columns import FILES

urlpatterns = [
    path("gestion/", desk_views.desk, name="desk"),
    path("gestion/mapa.json", desk_views.desk_map, name="desk-map"),
    *(
        path(f"gestion/problemas.{kind}", export_views.desk_file, {"kind": kind}, name=f"desk-{kind}")
        for kind in FILES
    ),
    path("gestion/facetas.json", desk_views.desk_facets, name="desk-facets"),
    path("gestion/entregas/<int:number>/acuse/", item_views.receive, name="handover-receive"),
    path("gestion/vistas/", saved_filter_views.save_view, name="desk-view-save"),
    path("gestion/vistas/<int:pk>/borrar/", saved_filter_views.delete_view, name="desk-view-delete"),
    path("gestion/lote/", bulk_views.bulk_preview, name="bulk-preview"),
    path("gestion/lote/hacer/", bulk_views.bulk_run, name="bulk-run"),
    path("gestion/lote/<int:pk>/", bulk_views.bulk_report, name="bulk-report"),
    path("gestion/lotes/", bulk_views.own_runs, name="bulk-runs"),
    path("gestion/lote/<int:pk>/ahora/", bulk_views.bulk_now, name="bulk-now"),
    path("gestion/lote/<int:pk>/deshacer/", bulk_views.bulk_undo, name="bulk-undo"),
    path("gestion/archivos/", export_views.files_list, name="desk-files"),
    path("gestion/archivos/pedir/", export_views.ask, name="desk-file-ask"),
    path("gestion/archivos/<int:pk>.json", export_views.state, name="desk-file-state"),
    path("gestion/archivos/<int:pk>/bajar/", export_views.fetch, name="desk-file-fetch"),
    path("gestion/hoy/", shortlist_views.today, name="today"),
    path("gestion/hoy/agregar/", shortlist_views.add, name="today-add"),
    path("gestion/hoy/ordenar/", shortlist_views.order_way, name="today-way"),
    path("gestion/<slug:reference>/lista-corta/", shortlist_views.change, name="today-change"),
    path("externo/<str:token>/", outside_views.outside, name="outside"),
    path("gestion/<slug:reference>/", item_views.item, name="desk-item"),
    path(
        "gestion/<slug:reference>/externo/<int:pk>/retirar/",
        item_views.withdraw_forward,
        name="forward-withdraw",
    ),
    path("gestion/<slug:reference>/<slug:name>/", item_views.act, name="desk-act"),
    path("avisos/", notification_views.notifications, name="notifications"),
    path("avisos/leidos/", notification_views.read_all, name="notifications-read"),
    path("avisos/opciones/", notification_views.choices, name="notification-choices"),
    path("avisos/<uuid:pk>/", notification_views.open_one, name="notification-open"),
    path("indicadores/", public_views.indicators_page, name="indicators"),
    path("saltos/", skip_views.skips_page, name="skips"),
    path("seguir/confirmar/<str:token>/", follow_views.confirm, name="follow-confirm"),
    path("seguir/salir/<str:token>/", follow_views.leave, name="follow-leave"),
    path("seguir/<slug:kind>/<str:name>/", follow_views.follow, name="follow"),
    path("quedo-reparado/<str:token>/<slug:said>/", repair_views.repaired_page, name="repaired"),
    path("verificar/", item_views.to_verify, name="to-verify"),
    path("alcaldia/", cabinet_views.cabinet, name="cabinet"),
    path("alcaldia/por-configurar/", cabinet_views.setup_gaps, name="setup-gaps"),
    path("alcaldia/pantalla/", cabinet_views.projector, name="cabinet-projector"),
    path("alcaldia/informe.pdf", cabinet_views.report, name="cabinet-report"),
    path("alcaldia/listas/<slug:track>/", cabinet_views.preview, name="cabinet-preview"),
    path("alcaldia/listas/<slug:track>/publicar/", cabinet_views.publish_list, name="cabinet-publish"),
    path("alcaldia/entregas/<int:number>/", cabinet_views.delivery, name="cabinet-delivery"),
    path("alcaldia/presupuesto/", budget_views.budget, name="budget"),
    path("alcaldia/urgencias/", cabinet_views.send_urgent, name="cabinet-urgent"),
]
