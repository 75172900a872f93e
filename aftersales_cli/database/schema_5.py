"""What the fifth migration adds: the whole life of a case. Never edited once released: later ones alter."""

from aftersales_cli.database.declaring import day, moment

STATEMENTS = (
    # One cause behind several complaints: same product, same reason, within a few days.
    f"""CREATE TABLE incidents (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        sku TEXT NOT NULL DEFAULT '',
        product TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        lead_id INTEGER REFERENCES agents (id),
        note TEXT NOT NULL DEFAULT '',
        {moment("opened_at", required=True)},
        {moment("closed_at")}
    ) STRICT""",
    "ALTER TABLE cases ADD COLUMN incident_id INTEGER REFERENCES incidents (id)",
    f"ALTER TABLE cases ADD COLUMN {moment('platform_due_at')}",
    f"ALTER TABLE cases ADD COLUMN {moment('confirmed_at')}",
    "ALTER TABLE cases ADD COLUMN escalation INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cases ADD COLUMN typical_note TEXT NOT NULL DEFAULT ''",
    f"ALTER TABLE cases ADD COLUMN {day('typical_on')}",
    f"ALTER TABLE cases ADD COLUMN {moment('archived_at')}",
    "CREATE INDEX cases_incident ON cases (incident_id) WHERE incident_id IS NOT NULL",
    "CREATE INDEX cases_assignee ON cases (assignee_id)",
    "CREATE INDEX case_lines_sku ON case_lines (sku)",
    "CREATE INDEX case_events_at ON case_events (at)",
    f"""CREATE TABLE case_links (
        case_number INTEGER NOT NULL REFERENCES cases (number),
        other_number INTEGER NOT NULL REFERENCES cases (number),
        type TEXT NOT NULL CHECK (type IN ('related', 'follow_up', 'split', 'merged')),
        {moment("linked_at", required=True)},
        PRIMARY KEY (case_number, other_number),
        CHECK (case_number <> other_number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX case_links_other ON case_links (other_number)",
    f"""CREATE TABLE case_work (
        id INTEGER PRIMARY KEY,
        case_number INTEGER NOT NULL REFERENCES cases (number),
        agent_id INTEGER NOT NULL REFERENCES agents (id),
        minutes INTEGER NOT NULL CHECK (minutes > 0),
        {moment("at", required=True)}
    ) STRICT""",
    "CREATE INDEX case_work_case ON case_work (case_number)",
    f"""CREATE TABLE handoffs (
        id INTEGER PRIMARY KEY,
        case_number INTEGER NOT NULL REFERENCES cases (number),
        department TEXT NOT NULL,
        assignee_id INTEGER REFERENCES agents (id),
        question TEXT NOT NULL,
        {moment("asked_at", required=True)},
        asked_by TEXT NOT NULL,
        {moment("due_at", required=True)},
        {moment("done_at")},
        done_by TEXT NOT NULL DEFAULT '',
        answer TEXT NOT NULL DEFAULT '',
        withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
        revision INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    "CREATE INDEX handoffs_case ON handoffs (case_number)",
    "CREATE INDEX handoffs_open ON handoffs (due_at) WHERE done_at IS NULL",
    # What was taken from the rows of registers, by their codes, so that twice is harmless. ``content`` holds the
    # digest of each cell, ``revision`` the case's last event then: what comes later on the same row is more of it.
    f"""CREATE TABLE register_rows (
        code TEXT PRIMARY KEY,
        case_number INTEGER NOT NULL REFERENCES cases (number),
        revision INTEGER NOT NULL,
        content TEXT NOT NULL,
        {moment("taken_at", required=True)}
    ) STRICT, WITHOUT ROWID""",
    # Rows of forms that customers filled in, by storefront and what tells one row from another.
    f"""CREATE TABLE request_rows (
        code TEXT PRIMARY KEY,
        case_number INTEGER NOT NULL REFERENCES cases (number),
        {moment("taken_at", required=True)}
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE calendar_days (
        calendar TEXT NOT NULL,
        day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
        is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
        hours TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (calendar, day)
    ) STRICT, WITHOUT ROWID""",
    # Years whose official days the shop has entered itself, so that nothing about them is an estimate.
    f"""CREATE TABLE calendar_years (
        calendar TEXT NOT NULL,
        year INTEGER NOT NULL,
        {moment("confirmed_at", required=True)},
        PRIMARY KEY (calendar, year)
    ) STRICT, WITHOUT ROWID""",
    # What the holidays package says about a year, kept because importing it takes longer than most commands.
    """CREATE TABLE holiday_years (
        country TEXT NOT NULL,
        year INTEGER NOT NULL,
        source TEXT NOT NULL,
        document TEXT NOT NULL,
        PRIMARY KEY (country, year)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE sla_versions (
        version INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        document TEXT NOT NULL,
        {moment("since", required=True)}
    ) STRICT""",
    # Derived from events and messages, kept for lists and figures; goes with its case.
    f"""CREATE TABLE sla_clocks (
        case_number INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
        metric TEXT NOT NULL,
        cycle INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        version INTEGER NOT NULL REFERENCES sla_versions (version),
        policy TEXT NOT NULL,
        calendar TEXT NOT NULL,
        target_seconds INTEGER NOT NULL,
        {moment("started_at", required=True)},
        {moment("warn_at")},
        {moment("due_at")}, {day("due_on")},
        {moment("met_at")},
        paused_seconds INTEGER NOT NULL DEFAULT 0 CHECK (paused_seconds >= 0),
        is_paused INTEGER NOT NULL DEFAULT 0 CHECK (is_paused IN (0, 1)),
        {moment("stopped_at")},
        pauses TEXT NOT NULL DEFAULT '',
        {moment("warned_at")},
        {moment("escalated_at")},
        PRIMARY KEY (case_number, metric, cycle, turn)
    ) STRICT, WITHOUT ROWID""",
    # Up to which event, and by which days, the clocks of a case were derived; ``version`` is the least it goes by.
    """CREATE TABLE sla_seen (
        case_number INTEGER PRIMARY KEY REFERENCES cases (number) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        days TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX sla_clocks_due ON sla_clocks (due_at) WHERE met_at IS NULL AND stopped_at IS NULL",
    "CREATE INDEX sla_clocks_due_on ON sla_clocks (due_on)",
    "ALTER TABLE agents ADD COLUMN languages TEXT NOT NULL DEFAULT ''",
)
