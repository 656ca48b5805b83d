"""Every field of every model: what it can hold of a person, by the codes of the register, or nothing.

A new field without a line fails the suite (tests/maps/persons/test_register.py). Who adds one decides here.
"""

from __future__ import annotations

NOT_PERSONAL = "-"

FIELDS: dict[str, dict[str, str]] = {
    "account.EmailAddress": {
        "staff": "email user",
        NOT_PERSONAL: "id primary verified",
    },
    "account.EmailConfirmation": {
        "staff": "email_address key",
        NOT_PERSONAL: "created id sent",
    },
    "accounts.Attempt": {
        "tries": "count forget_at key next_at",
    },
    "accounts.Department": {
        "answers": "email escalation_email escalation_name",
        NOT_PERSONAL: "code id is_open name",
    },
    "accounts.SharedCache": {
        "tries": "cache_key expires value",
    },
    "accounts.User": {
        "staff": (
            "date_joined department email first_name id is_active is_head is_staff is_superuser "
            "last_login last_name password role territory_codes username"
        ),
    },
    "accounts.User_groups": {
        "staff": "user",
        NOT_PERSONAL: "group id",
    },
    "accounts.User_user_permissions": {
        "staff": "user",
        NOT_PERSONAL: "id permission",
    },
    "admin.LogEntry": {
        "pressed": "action_time change_message object_id object_repr user",
        NOT_PERSONAL: "action_flag content_type id",
    },
    "auth.Group": {
        NOT_PERSONAL: "id name",
    },
    "auth.Group_permissions": {
        NOT_PERSONAL: "group id permission",
    },
    "auth.Permission": {
        NOT_PERSONAL: "codename content_type id name",
    },
    "contenttypes.ContentType": {
        NOT_PERSONAL: "app_label id model",
    },
    "core.Alarm": {
        NOT_PERSONAL: "name since text told_at",
    },
    "core.Chore": {
        NOT_PERSONAL: "count error error_at failures name run_at success_at",
    },
    "core.DoneAct": {
        "forms": "answer at digest key office path person",
        NOT_PERSONAL: "id",
    },
    "core.KeptPaper": {
        "gatherings": "content",
        NOT_PERSONAL: "fingerprint made_at name",
    },
    "core.Letter": {
        "letters": "address body headers last_error message_id subject",
        NOT_PERSONAL: "attempts doubts id sent_at state tried_at written_at",
    },
    "gatherings.Acta": {
        "gatherings": "document",
        NOT_PERSONAL: "digest gathering id published_at read_at signed_at state",
    },
    "gatherings.Addendum": {
        "gatherings": "text",
        "acts": "author",
        NOT_PERSONAL: "acta at id number office",
    },
    "gatherings.AnnulledCount": {
        "votes": "lines",
        "gatherings": "reason",
        NOT_PERSONAL: "at ballots gathering id mode revision salt seed voters",
    },
    "gatherings.Attendance": {
        NOT_PERSONAL: "gathering id organisation people voters",
    },
    "gatherings.BallotItem": {
        NOT_PERSONAL: "gathering id index_then issue people people_again place shown_at tokens tokens_again",
    },
    "gatherings.CastBallot": {
        "votes": "choices number rival",
        NOT_PERSONAL: "gathering id",
    },
    "gatherings.Challenge": {
        "gatherings": "text",
        "acts": "received_by",
        NOT_PERSONAL: "at commitment gathering id name organisation outcome salt",
    },
    "gatherings.ChallengeWord": {
        "gatherings": "text",
        "acts": "user",
        NOT_PERSONAL: "at challenge commitment id office outcome salt",
    },
    "gatherings.Counter": {
        "acts": "user",
        NOT_PERSONAL: "code gathering id is_replaced side",
    },
    "gatherings.CounterCode": {
        "acts": "given_by",
        "votes": "digest",
        NOT_PERSONAL: "given_at id organisation",
    },
    "gatherings.CounterName": {
        "counters": "name",
        NOT_PERSONAL: "counter expires_on",
    },
    "gatherings.Gathering": {
        "acts": "facilitator",
        "gatherings": (
            "annul_reason cancelled_reason groups missing_reason opened_reason place walk_from witnesses"
        ),
        NOT_PERSONAL: (
            "annul_side ballots_counted ballots_left_out closed_at council digest ends_at has_child_care "
            "has_interpreter has_ramp id location "
            "mode number opened_at people_present reminded_at revision seed shown starts_at state "
            "territory tokens_each tokens_per_issue typings voters walk_at"
        ),
    },
    "gatherings.GatheringRecord": {
        "gatherings": "document texts",
        NOT_PERSONAL: "gathering",
    },
    "gatherings.MappedIssue": {
        NOT_PERSONAL: "gathering id issue",
    },
    "gatherings.Minute": {
        "gatherings": "reason text",
        NOT_PERSONAL: "due gathering id kind office",
    },
    "gatherings.Organisation": {
        "bodies": "name",
        NOT_PERSONAL: "id is_active is_provisional kind territory_code",
    },
    "gatherings.PaperAgain": {
        "votes": "choices number",
        NOT_PERSONAL: "gathering id",
    },
    "gatherings.RoomAction": {
        "gatherings": "body",
        "acts": "actor at",
        NOT_PERSONAL: "action gathering id revision",
    },
    "gatherings.RoomMerge": {
        NOT_PERSONAL: "duplicate gathering id into is_same",
    },
    "gatherings.VoteCode": {
        "votes": "digest receipt",
        NOT_PERSONAL: "gathering id number",
    },
    "handovers.Budget": {
        NOT_PERSONAL: "amount department id track year",
    },
    "handovers.BulkEntry": {
        "answers": "before refusal undo_refusal",
        NOT_PERSONAL: "id is_done item line run seen",
    },
    "handovers.BulkRun": {
        "acts": "actor",
        "answers": "input",
        NOT_PERSONAL: "action at id leaves_at left_at undone_at",
    },
    "handovers.DeskFile": {
        "exports": "asked_at name owner query references",
        NOT_PERSONAL: "beat_at id kind ready_at total trouble written",
    },
    "handovers.Follow": {
        "followers": (
            "asked_at category confirmed_at email issue territory_code token_digest told_at told_until"
        ),
        NOT_PERSONAL: "id",
    },
    "handovers.Forward": {
        "answers": "answer body email message",
        "acts": "sent_by",
        NOT_PERSONAL: (
            "answered_at expires_at id item opened_at promised_on sent_at token_digest withdrawn_at"
        ),
    },
    "handovers.Handover": {
        "asked": "asked_by asker",
        "acts": "handed_by received_by",
        NOT_PERSONAL: "department handed_at id memo number ranked_list received_at",
    },
    "handovers.HandoverItem": {
        "acts": "assigned_to received_by",
        "answers": "expected_result over_budget_reason public_text",
        NOT_PERSONAL: (
            "answer answer_due answered_at committed_date cost_class cost_estimate cost_spent "
            "department finished_at handover id is_current issue list_place parent place "
            "receipt_due received_at refusal_kind round written_answer_due"
        ),
    },
    "handovers.Holiday": {
        NOT_PERSONAL: "day name",
    },
    "handovers.Notice": {
        "answers": "address",
        NOT_PERSONAL: "day id item kind sent_at",
    },
    "handovers.Invitation": {
        "followers": "follow",
        NOT_PERSONAL: "gathering id starts_at told_off",
    },
    "handovers.Notification": {
        "told": "at handover item kind mailed_at person read_at",
        NOT_PERSONAL: "id",
    },
    "handovers.NotificationChoice": {
        "staff": "at_once daily person quiet_from quiet_until urgent_any_time",
        NOT_PERSONAL: "id",
    },
    "handovers.RepairQuestion": {
        "followers": "follow token_digest",
        "follower_words": "text",
        NOT_PERSONAL: "asked_at finished_at id item round said said_at",
    },
    "handovers.ResponseTemplate": {
        "answers": "name text",
        NOT_PERSONAL: "category department id status",
    },
    "handovers.SavedView": {
        "acts": "owner",
        "answers": "name query",
        NOT_PERSONAL: "id is_home is_shared",
    },
    "handovers.Shortlisted": {
        "acts": "user",
        NOT_PERSONAL: "id item position",
    },
    "issues.Category": {
        NOT_PERSONAL: (
            "code competence department example geometry group id is_confirmed is_open name "
            "outside_body position privacy response_days responsible suggested_severity track usual_cost"
        ),
    },
    "issues.CategoryGroup": {
        NOT_PERSONAL: "code icon id name position",
    },
    "issues.DailyHead": {
        NOT_PERSONAL: "day digest entries last_entry number previous_digest",
    },
    "issues.FaceProposal": {
        "photos": "height width x y",
        "acts": "answer answered_at answered_by",
        NOT_PERSONAL: "id photo sure",
    },
    "issues.Hiding": {
        "acts": "decided_by hidden_by",
        NOT_PERSONAL: "decided_at hidden_at id is_shown_again issue line photo reason",
    },
    "issues.HistoryEntry": {
        "history": "actor evidence from_value public_text reason salt sealed to_value",
        NOT_PERSONAL: "at gathering_number hash id issue kind office previous_hash",
    },
    "issues.IndexWeights": {
        "acts": "author",
        "answers": "reason",
        NOT_PERSONAL: "duration id reach severity since vulnerability",
    },
    "issues.Issue": {
        "problems": ("address description hidden_reason levels_evidence location search_text shape title"),
        "acts": "created_by levels_by levels_confirmed_by",
        NOT_PERSONAL: (
            "accuracy_m appealed category closing_kind committed_date created_at department "
            "due_date duplicate_of duration id index moved_by_hand origin reach redirects "
            "reference reported_at reported_territory review_date severity status status_since "
            "support_count territory updated_at visibility vulnerability"
        ),
    },
    "issues.LevelsProposal": {
        "problems": "evidence",
        "acts": "at by",
        NOT_PERSONAL: "issue levels",
    },
    "issues.Photo": {
        "photos": "blurs caption file received_sha256",
        "acts": "added_by",
        NOT_PERSONAL: "added_at height id issue kind looked_at looked_by review width",
    },
    "issues.ReferenceCounter": {
        NOT_PERSONAL: "last year",
    },
    "issues.Reporter": {
        "reporters": "email expires_on is_blocked issue name phone",
        NOT_PERSONAL: "id",
    },
    "issues.RoutingRule": {
        NOT_PERSONAL: "category department id position territory_code",
    },
    "issues.Support": {
        "supports": "at supporter",
        NOT_PERSONAL: "id issue",
    },
    "maps.ClientKey": {
        "programs": "digest name",
        NOT_PERSONAL: "created_at id is_active publishes_at_once",
    },
    "maps.Breach": {
        "rights": "measures what",
        NOT_PERSONAL: "agency_told_at found_at id people_told_at",
    },
    "maps.MapCell": {
        NOT_PERSONAL: "count id level status sum_x sum_y territory_id x y",
    },
    "maps.PersonAct": {
        "acts": "actor",
        "rights": "act request what",
        NOT_PERSONAL: "at id",
    },
    "maps.PersonRequest": {
        "acts": "answered_by taken_by",
        "rights": "answer person",
        NOT_PERSONAL: "answered_at asked_on due_on id is_emptied kind",
    },
    "maps.SentReport": {
        "programs": "digest",
        NOT_PERSONAL: "client id issue received_at",
    },
    "mfa.Authenticator": {
        "staff": "created_at data last_used_at user",
        NOT_PERSONAL: "id type",
    },
    "rankings.CoefficientTable": {
        "acts": "author",
        "answers": "decision",
        NOT_PERSONAL: "hundredths id since year",
    },
    "rankings.ListPlace": {
        "answers": "reason",
        NOT_PERSONAL: (
            "department gathering id index is_provisional issue k people place "
            "position_in_territory ranked_list round rule_place territory tokens tokens_possible"
        ),
    },
    "rankings.ListText": {
        "problems": "text",
        NOT_PERSONAL: "commitment id issue salt",
    },
    "rankings.Override": {
        "asked": "asked_by asker",
        "acts": "author",
        "answers": "reason",
        NOT_PERSONAL: "at id issue office to_place used_in",
    },
    "rankings.RankedList": {
        "acts": "published_by",
        "problems": "document",
        NOT_PERSONAL: "corrects digest id number office previous_digest published_at track",
    },
    "rankings.Scenario": {
        "acts": "author",
        "answers": "name",
        NOT_PERSONAL: "at duration hundredths id office reach severity track vulnerability",
    },
    "sessions.Session": {
        "sessions": "expire_date session_data session_key",
    },
    "socialaccount.SocialAccount": {
        "staff": "date_joined extra_data last_login uid user",
        NOT_PERSONAL: "id provider",
    },
    "socialaccount.SocialApp": {
        NOT_PERSONAL: "client_id id key name provider provider_id secret settings",
    },
    "socialaccount.SocialToken": {
        "staff": "account token token_secret",
        NOT_PERSONAL: "app expires_at id",
    },
    "territories.Activation": {
        "acts": "actor undone_by",
        NOT_PERSONAL: "at boundary_set id previous previous_valid undone_at",
    },
    "territories.BoundaryChange": {
        "acts": "actor",
        NOT_PERSONAL: "act asked_at begun_at boundary_set done_at followed id total trouble",
    },
    "territories.BoundarySet": {
        NOT_PERSONAL: (
            "drawn_on file_name file_sha256 id is_active is_approximate licence loaded_at name "
            "options original_crs original_encoding picture report source valid"
        ),
    },
    "territories.CellGrid": {
        NOT_PERSONAL: "boundary_set cells per_degree south west",
    },
    "territories.Place": {
        NOT_PERSONAL: "certainty id kind location name rank search_name source",
    },
    "territories.Territory": {
        NOT_PERSONAL: (
            "area_m2 boundary boundary_set code id label_point name outline population population_source slug"
        ),
    },
    "territories.TerritoryPart": {
        NOT_PERSONAL: "boundary_set code id shape territory",
    },
    "usersessions.UserSession": {
        "sessions": "created_at data ip last_seen_at session_key user user_agent",
        NOT_PERSONAL: "id",
    },
    "walks.ConflictingBody": {
        "inbox": "body",
        "acts": "sender",
        NOT_PERSONAL: "device id received_at record sha256",
    },
    "walks.Decision": {
        "answers": "correction reason",
        "acts": "decided_by",
        NOT_PERSONAL: "at held id kind",
    },
    "walks.Device": {
        "tablets": "label last_seen_at token_sha256",
        "acts": "lifted_by revoked_by",
        NOT_PERSONAL: "enrolled_at expires_at id lifted_at revoked_at",
    },
    "walks.DeviceSession": {
        "tablets": "device session_key",
        NOT_PERSONAL: "id",
    },
    "walks.DeviceSignIn": {
        "tablets": "device first_at user",
        NOT_PERSONAL: "id",
    },
    "walks.Held": {
        "answers": "sentence",
        NOT_PERSONAL: "held_at id photo reason record variant",
    },
    "walks.PhotoPart": {
        "parts": "data",
        NOT_PERSONAL: "id number photo_id received_at sha256",
    },
    "walks.Presence": {
        NOT_PERSONAL: "id issue people told_at walk_id",
    },
    "walks.SyncPhoto": {
        "originals": "sha256 size",
        "acts": "sender",
        NOT_PERSONAL: "device id photo_id received_at record_id",
    },
    "walks.SyncRecord": {
        "inbox": "body",
        "acts": "author captured_at sender",
        NOT_PERSONAL: "device id kind photo_ids received_at sha256 subject_id walk_id",
    },
    "walks.TrackSegment": {
        "tracks": "path",
        NOT_PERSONAL: "record walk_id",
    },
    "walks.Walk": {
        "acts": "author ended_at started_at",
        NOT_PERSONAL: "captured device id territory_code",
    },
}


def code_of(model: str, field: str) -> str | None:
    """The code of a field of «app.Model»; None when nobody has decided about it."""
    rows = FIELDS.get(model, {})
    return next((code for code, names in rows.items() if field in names.split()), None)


def fields_of(code: str) -> list[str]:
    """Models with their fields of one treatment, as «app.Model: field, field»."""
    return [f"{model}: {', '.join(rows[code].split())}" for model, rows in FIELDS.items() if code in rows]
