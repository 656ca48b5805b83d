"""What a page of each role may write of a row that is nobody's: asked of the database's own policies.

i insert, u update, d delete. A table that is not named here is written by no page but of one's own row, or
with the key in the hand.
"""

from __future__ import annotations

from django.db import connection

from core.postgis import identity
from tests.roles import owner

ROLES = ("", "facilitator", "manager", "cabinet", "administrator")
# Table, nobody signed in, facilitation, department, cabinet, administration.
WRITTEN = """
account_emailaddress           -    -    -    -    iud
account_emailconfirmation      -    -    -    -    iud
accounts_attempt               iud  iud  iud  iud  iud
accounts_department            -    -    -    -    iud
accounts_shared_cache          iud  iud  iud  iud  iud
accounts_user                  -    -    -    -    iud
accounts_user_groups           -    -    -    -    iud
accounts_user_user_permissions -    -    -    -    iud
core_chore                     -    -    -    -    u
core_keptpaper                 iu   iu   iu   iu   iu
core_letter                    i    i    i    i    iud
django_admin_log               -    -    -    -    i
django_session                 iud  iud  iud  iud  iud
gatherings_acta                -    iud  -    -    -
gatherings_addendum            -    i    -    -    -
gatherings_annulledcount       -    i    -    -    -
gatherings_attendance          -    iud  -    -    -
gatherings_ballotitem          -    iud  -    -    -
gatherings_castballot          -    iud  -    -    -
gatherings_challenge           -    iu   -    iu   iu
gatherings_challengeword       -    i    -    i    i
gatherings_counter             -    iud  -    -    -
gatherings_countercode         -    iu   -    i    -
gatherings_countername         -    i    -    -    -
gatherings_gathering           -    iu   -    iu   -
gatherings_gatheringrecord     -    iud  -    -    -
gatherings_mappedissue         -    iud  -    -    -
gatherings_minute              -    iud  -    -    -
gatherings_organisation        -    iud  -    iud  iud
gatherings_paperagain          -    iud  -    -    -
gatherings_roomaction          -    i    -    -    -
gatherings_roommerge           -    i    -    -    -
gatherings_votecode            -    iud  -    -    -
handovers_budget               -    -    -    iud  iud
handovers_bulkentry            -    iu   iu   iu   iu
handovers_bulkrun              -    iu   iu   iu   iu
handovers_deskfile             -    iu   iu   iu   iu
handovers_forward              -    iu   iu   iu   iu
handovers_handover             -    u    u    iu   u
handovers_handoveritem         -    u    u    iu   u
handovers_holiday              -    -    -    -    iud
handovers_notice               -    i    i    i    i
handovers_notification         i    i    i    i    i
handovers_responsetemplate     -    iud  iud  iud  iud
handovers_savedview            -    iud  iud  iud  iud
issues_category                -    -    -    -    iud
issues_categorygroup           -    -    -    -    iud
issues_faceproposal            -    iud  -    iud  iud
issues_hiding                  -    iu   -    iu   iu
issues_indexweights            -    -    -    -    i
issues_issue                   -    u    -    u    u
issues_levelsproposal          -    iud  -    -    -
issues_photo                   -    -    -    iud  iud
issues_referencecounter        iu   iu   iu   iu   iu
issues_reporter                -    -    -    -    ud
issues_routingrule             -    -    -    -    iud
issues_support                 -    -    -    i    i
maps_breach                    -    -    -    -    iud
maps_clientkey                 -    -    -    -    iud
maps_personact                 -    -    i    -    i
maps_personrequest             -    -    -    -    iud
maps_sentreport                iud  iud  iud  iud  iud
mfa_authenticator              -    -    -    -    iud
procrastinate_jobs             i    i    i    i    iud
rankings_coefficienttable      -    -    -    i    i
rankings_listplace             -    -    -    i    -
rankings_listtext              -    -    -    i    -
rankings_override              -    -    -    iud  -
rankings_rankedlist            -    -    -    i    -
rankings_scenario              -    -    -    iud  iud
socialaccount_socialaccount    -    -    -    -    iud
territories_activation         -    -    -    -    iud
territories_boundarychange     -    -    -    -    iud
territories_boundaryset        -    -    -    -    iud
territories_cellgrid           -    -    -    -    iud
territories_territory          -    -    -    -    iud
territories_territorypart      -    -    -    -    iud
usersessions_usersession       -    -    -    -    iud
walks_conflictingbody          -    -    -    i    i
walks_decision                 -    -    -    i    i
walks_device                   -    iu   -    iu   iu
walks_devicesession            -    iud  -    iud  iud
walks_devicesignin             -    iud  -    iud  iud
walks_held                     -    i    -    i    i
walks_photopart                -    -    -    iud  iud
walks_presence                 -    -    -    iu   iu
walks_syncphoto                -    i    -    i    i
walks_syncrecord               -    i    -    i    i
walks_tracksegment             -    -    -    i    i
walks_walk                     -    -    -    iu   iu
"""
COMMANDS = {"a": ("i", "INSERT"), "w": ("u", "UPDATE"), "d": ("d", "DELETE")}
POLICIES = """
SELECT c.relname, p.polcmd, pg_get_expr(coalesce(p.polqual, p.polwithcheck), c.oid)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE p.polcmd IN ('a', 'w', 'd') ORDER BY c.relname, array_position(ARRAY['a', 'w', 'd'], p.polcmd::text)
"""
RIGHTS = """
SELECT c.relname, p.word FROM pg_class c CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS p(word)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND has_table_privilege(
    'mapa_web', coalesce(to_regclass('mapa_web.' || quote_ident(c.relname)), c.oid::regclass), p.word
)
"""


def tables() -> set[str]:
    """All tables of the house."""
    asked = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND relowner = current_user::regrole"
    )
    with owner(), connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def writes_of(person: int | None) -> dict[str, str]:
    """Which commands a page of this person may do to a row of nobody, by table; tables with none left out."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(POLICIES)
        policies = cursor.fetchall()
        cursor.execute(RIGHTS)
        rights = set(cursor.fetchall())
    found: dict[str, str] = {}
    with identity.request():
        if person:
            identity.introduce(person)
        for table, command, condition in policies:
            letter, word = COMMANDS[command]
            if (table, word) in rights and _holds(table, condition):
                found[table] = found.get(table, "") + letter
    return found


def _holds(table: str, condition: str) -> bool:
    """Of a row whose every column is empty; the columns stand under the table's own name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT coalesce({condition}, false) FROM (SELECT (NULL::public."{table}").*) AS "{table}"'
        )
        return bool(cursor.fetchone()[0])


def kept() -> dict[str, dict[str, str]]:
    """By role, what is written above."""
    found: dict[str, dict[str, str]] = {role: {} for role in ROLES}
    for line in WRITTEN.strip().splitlines():
        table, *letters = line.split()
        for role, may in zip(ROLES, letters, strict=True):
            if may != "-":
                found[role][table] = may
    return found
