"""Nothing of a problem is written in the name of a person whose duty it is not; posts are given in public."""

from django.db import migrations

from core.postgis.duties import held

ACTS = """CASE
    WHEN kind = 'levels' THEN ARRAY['set levels', 'confirm levels']
    WHEN kind = 'answer' THEN ARRAY['answer']
    WHEN kind = 'department' THEN ARRAY['answer', 'decide who answers']
    WHEN kind <> 'status' OR from_value = '' THEN NULL
    WHEN gathering_number IS NOT NULL OR to_value = 'verified' THEN ARRAY['verify']
    WHEN to_value = 'validated' THEN ARRAY['count', 'send urgent']
    WHEN to_value = 'handed_over' AND from_value = 'validated' THEN ARRAY['hand over', 'send urgent']
    WHEN to_value IN ('handed_over', 'acknowledged', 'scheduled', 'in_progress', 'on_hold')
        THEN ARRAY['answer']
    WHEN to_value = 'reported_done' THEN ARRAY['report done']
END"""
# Who is signed in while no person is named is asked too.
HISTORY = held("issues_historyentry", person="coalesce(actor_id, asking_person())", acts=ACTS)
HIDDEN = held("issues_hiding", person="hidden_by_id", acts="ARRAY['hide']")
DECIDED = held("issues_hiding", person="decided_by_id", acts="ARRAY['confirm a hiding']", event="UPDATE")

CONFIRMED = """
CREATE FUNCTION levels_confirmed_by_duty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT holds_duty(NEW.levels_confirmed_by_id, ARRAY['confirm levels']) THEN
        RAISE EXCEPTION 'not the duty of who did it: confirm levels' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER levels_confirmed_by_duty AFTER UPDATE OF levels_confirmed_by_id ON issues_issue
    FOR EACH ROW WHEN (NEW.levels_confirmed_by_id IS NOT NULL
        AND NEW.levels_confirmed_by_id IS DISTINCT FROM OLD.levels_confirmed_by_id)
    EXECUTE FUNCTION levels_confirmed_by_duty();
"""

# Nobody gives a post to themselves, and only whose duty it is. A post that counts or publishes is a line of
# configuration that anybody may read; the person stands only in its commitment.
APPOINTED = """
CREATE FUNCTION appointed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    post text := CASE WHEN NEW.is_active THEN post_of(NEW.id) ELSE '' END;
    before text := '';
    told text[] := ARRAY['facilitator', 'facilitation_head', 'cabinet', 'control'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := CASE WHEN NOT OLD.is_active THEN ''
            WHEN OLD.is_head AND OLD.role = 'facilitator' THEN 'facilitation_head'
            WHEN OLD.is_head AND OLD.role = 'manager' THEN 'department_head'
            ELSE OLD.role END;
        IF (post, NEW.department_id, NEW.territory_codes)
            IS NOT DISTINCT FROM (before, OLD.department_id, OLD.territory_codes) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF asking_person() = NEW.id THEN
        RAISE EXCEPTION 'nobody appoints themselves' USING ERRCODE = 'check_violation';
    END IF;
    IF asking_person() IS NOT NULL AND NOT holds_duty(asking_person(), ARRAY['appoint']) THEN
        RAISE EXCEPTION 'not the duty of who did it: appoint' USING ERRCODE = 'check_violation';
    END IF;
    IF post = ANY (told) OR before = ANY (told) THEN
        INSERT INTO issues_historyentry
            (kind, from_value, to_value, actor_id, office, at, reason, public_text, evidence,
             previous_hash, hash)
        VALUES ('config', 'post ' || before, 'post ' || post, asking_person(),
            CASE WHEN asking_person() IS NULL THEN 'Instalación' ELSE 'Administración' END,
            clock_timestamp(), 'account ' || NEW.id,
            array_to_string(NEW.territory_codes, ', '), '[]', '', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER appointed AFTER INSERT OR UPDATE OF role, is_head, is_active, department_id, territory_codes
    ON accounts_user FOR EACH ROW EXECUTE FUNCTION appointed();
"""


class Migration(migrations.Migration):
    dependencies = [("issues", "0018_hidden_texts"), ("accounts", "0005_posts"), ("core", "0002_roles")]
    operations = [
        *(migrations.RunSQL(*each) for each in (HISTORY, HIDDEN, DECIDED)),
        migrations.RunSQL(
            CONFIRMED,
            "DROP TRIGGER levels_confirmed_by_duty ON issues_issue; DROP FUNCTION levels_confirmed_by_duty();",
        ),
        migrations.RunSQL(APPOINTED, "DROP TRIGGER appointed ON accounts_user; DROP FUNCTION appointed();"),
    ]
