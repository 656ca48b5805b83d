"""What the database itself knows of the person who asks: docs/decisions/row-security.md.

Each is asked once in a statement, and only where a row is not public anyway. They run as the owner: what they
read is guarded from who asks.
"""

from django.db import migrations

AS_OWNER = "STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Whose account was closed since asks as nobody.
ROLE = f"""
CREATE FUNCTION asking_role() RETURNS text LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    IF asking_person() IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT role FROM accounts_user WHERE id = asking_person() AND is_active);
END $$;
"""  # noqa: S608  # nosec B608 # our own constants
DEPARTMENT = f"""
CREATE FUNCTION asking_department() RETURNS bigint LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN (SELECT department_id FROM accounts_user WHERE id = asking_person() AND is_active
        AND role = 'manager');
END $$;
"""  # noqa: S608  # nosec B608 # our own constants
# Neighbourhoods of this number in every set of boundaries; all for who heads the facilitation.
TERRITORIES = f"""
CREATE FUNCTION asking_territories() RETURNS bigint[] LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN ARRAY(SELECT t.id FROM territories_territory t JOIN accounts_user u ON (t.code = ANY (u.territory_codes) OR u.is_head)
        AND u.role = 'facilitator'
        WHERE u.id = asking_person() AND u.is_active);
END $$;
"""  # noqa: S608  # nosec B608 # our own constants
FACILITATOR = f"""
CREATE FUNCTION asking_facilitator() RETURNS bigint LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN CASE WHEN asking_role() = 'facilitator' THEN asking_person() END;
END $$;
"""
# Who heads the facilitation.
HEAD = f"""
CREATE FUNCTION asking_head() RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN EXISTS (SELECT FROM accounts_user WHERE id = asking_person() AND is_active AND is_head
        AND role = 'facilitator');
END $$;
"""  # nosec B608 # our own constants
# Told beside the key: core/postgis/identity.py, behind.
DOOR = """
CREATE FUNCTION asking_door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT split_part(current_setting('mapa.who', true), '/', 3)
$$;
"""
SIGHT = f"""
CREATE FUNCTION asks_for_all() RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN coalesce(asking_door() = 'counts', false) OR coalesce(asking_role() IN ('cabinet', 'control', 'administrator'), false);
END $$;
"""
KEY = f"""
CREATE FUNCTION held_problem() RETURNS uuid LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN CASE WHEN held_key() ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN held_key()::uuid END;
END $$;
"""
RESERVED = f"""
CREATE FUNCTION reserved_categories() RETURNS bigint[] LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
    RETURN ARRAY(SELECT id FROM issues_category WHERE privacy <> 'publico');
END $$;
"""  # noqa: S608  # nosec B608 # our own constants
MADE = (ROLE, DEPARTMENT, TERRITORIES, FACILITATOR, HEAD, DOOR, SIGHT, KEY, RESERVED)
NAMES = (
    "asking_role",
    "asking_department",
    "asking_territories",
    "asking_facilitator",
    "asking_head",
    "asking_door",
    "asks_for_all",
    "held_problem",
    "reserved_categories",
)


class Migration(migrations.Migration):
    dependencies = [("core", "0004_failed_backups")]
    operations = [
        migrations.RunSQL(made, f"DROP FUNCTION {name}() CASCADE") for made, name in zip(MADE, NAMES, strict=True)
    ]
