"""After the count the screens go on: their counter and the page that is projected may change."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION gathering_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_screens CONSTANT text[] := %(free)s;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.digest <> '' THEN
            RAISE EXCEPTION 'gathering %% is closed: deletion refused', OLD.number
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.digest <> '' AND to_jsonb(NEW) - of_screens IS DISTINCT FROM to_jsonb(OLD) - of_screens THEN
        RAISE EXCEPTION 'gathering %% is closed: change refused', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gathering_sealed';
    END IF;
    IF NEW.state <> OLD.state AND NOT gathering_may_become(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'gathering %% may not go from %% to %%', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gathering_moment_allowed';
    END IF;
    RETURN NEW;
END $$;
"""


def guard(free: str) -> str:
    return (GUARD % {"free": free}).replace("%%", "%")


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0004_gathering_shown")]
    operations = [
        migrations.RunSQL(guard("ARRAY['revision', 'shown']"), guard("ARRAY['revision']")),
    ]
