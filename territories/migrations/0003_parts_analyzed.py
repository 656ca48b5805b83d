"""Only an owner may ANALYZE: who activates boundaries may have it done for the one table that needs it at once."""

from django.db import migrations

ANALYZED = """
CREATE FUNCTION territory_parts_analyzed() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN ANALYZE public.territories_territorypart; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("territories", "0002_names_can_be_seen")]
    operations = [migrations.RunSQL(ANALYZED, "DROP FUNCTION territory_parts_analyzed()")]
