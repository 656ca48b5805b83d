"""Addresses of handovers: the managers' desk, the cabinet, verification."""

from django.urls import path

from handovers import cabinet_views, desk_views, item_views, public_views, tool_views

urlpatterns = [
    path("gestion/", desk_views.desk, name="desk"),
    path("gestion/mapa.json", desk_views.desk_map, name="desk-map"),
    path("gestion/facetas.json", desk_views.desk_facets, name="desk-facets"),
    path("gestion/entregas/<int:number>/acuse/", item_views.receive, name="handover-receive"),
    path("gestion/vistas/", tool_views.save_view, name="desk-view-save"),
    path("gestion/vistas/<int:pk>/borrar/", tool_views.delete_view, name="desk-view-delete"),
    path("gestion/lote/", tool_views.bulk_preview, name="bulk-preview"),
    path("gestion/lote/hacer/", tool_views.bulk_run, name="bulk-run"),
    path("gestion/lote/<int:pk>/", tool_views.bulk_report, name="bulk-report"),
    path("gestion/lote/<int:pk>/deshacer/", tool_views.bulk_undo, name="bulk-undo"),
    path("gestion/<str:reference>/", item_views.item, name="desk-item"),
    path("gestion/<str:reference>/<slug:name>/", item_views.act, name="desk-act"),
    path("indicadores/", public_views.indicators_page, name="indicators"),
    path("verificar/", item_views.to_verify, name="to-verify"),
    path("alcaldia/", cabinet_views.cabinet, name="cabinet"),
    path("alcaldia/listas/<slug:track>/", cabinet_views.preview, name="cabinet-preview"),
    path("alcaldia/listas/<slug:track>/publicar/", cabinet_views.publish_list, name="cabinet-publish"),
    path("alcaldia/entregas/<int:number>/", cabinet_views.delivery, name="cabinet-delivery"),
    path("alcaldia/urgencias/", cabinet_views.send_urgent, name="cabinet-urgent"),
]
