"""The cells of the map are written by their triggers alone: these act as the owner, whoever writes a problem."""

from django.db import migrations

FUNCTIONS = [f"map_cells_{event}()" for event in ("insert", "update", "delete", "category", "emptied")]
# With a path of their own, so that nobody's table of the same name comes first.
AS_OWNER = "".join(
    f"ALTER FUNCTION {name} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;"
    for name in FUNCTIONS
)
AS_WRITER = "".join(f"ALTER FUNCTION {name} SECURITY INVOKER RESET search_path;" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("maps", "0003_names_can_be_seen")]
    operations = [migrations.RunSQL(AS_OWNER, AS_WRITER)]
