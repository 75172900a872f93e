"""What the ninth migration adds: customers' value and churn, surveys, callback plans, consent and forgetting."""

from aftersales_cli.database.declaring import day, moment, one_of

_PROFILES = (
    "ALTER TABLE customers ADD COLUMN language TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customers ADD COLUMN zone TEXT NOT NULL DEFAULT ''",
    # Every yes and no a customer has said, newest last; the latest of a purpose holds.
    f"""CREATE TABLE consents (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customers (id),
        {one_of("purpose", "marketing survey contact")},
        given INTEGER NOT NULL CHECK (given IN (0, 1)),
        channel TEXT NOT NULL DEFAULT '',
        proof TEXT NOT NULL DEFAULT '',
        {moment("said_at", required=True)},
        {moment("recorded_at", required=True)},
        recorded_by TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX consents_customer ON consents (customer_id)",
    f"""CREATE TABLE customer_tags (
        customer_id INTEGER NOT NULL REFERENCES customers (id),
        tag TEXT NOT NULL,
        {one_of("origin", "hand rule")},
        why TEXT NOT NULL DEFAULT '',
        {moment("at", required=True)},
        PRIMARY KEY (customer_id, tag, origin)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX customer_tags_tag ON customer_tags (tag)",
    # How much of the currency "into" one of "currency" buys; text, since rates have more digits than floats keep.
    f"""CREATE TABLE exchange_rates (
        {day("on_day", required=True)},
        currency TEXT NOT NULL,
        into_currency TEXT NOT NULL,
        rate TEXT NOT NULL,
        PRIMARY KEY (currency, into_currency, on_day)
    ) STRICT, WITHOUT ROWID""",
)

_COUNTED = ("customer_id", "paid_on", "paid", "refunded", "currency")
"""Columns of an order that what is counted of its customer follows from."""

_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COUNTED)

_VALUE = (
    # What is counted of a customer's orders, renewed only for customers whose orders or refunds changed.
    f"""CREATE TABLE customer_facts (
        customer_id INTEGER PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
        orders INTEGER NOT NULL,
        order_days INTEGER NOT NULL,
        {day("first_on")}, {day("last_on")},
        spend INTEGER,
        refunded_orders INTEGER NOT NULL,
        currency TEXT NOT NULL,
        valued INTEGER NOT NULL DEFAULT 0 CHECK (valued IN (0, 1))
    ) STRICT""",
    "CREATE INDEX customer_facts_unvalued ON customer_facts (customer_id) WHERE valued = 0",
    "CREATE INDEX customer_facts_last ON customer_facts (last_on)",
    "CREATE TABLE customers_stale (customer_id INTEGER PRIMARY KEY) STRICT",
    "INSERT INTO customers_stale SELECT DISTINCT customer_id FROM orders WHERE customer_id IS NOT NULL",
    # Imports, undos, refunds, mergers and corrected words all end in the orders: nobody has to think of the facts.
    *(
        f"""CREATE TRIGGER orders_counted_{name} AFTER {event} ON orders WHEN {when}
        BEGIN INSERT OR IGNORE INTO customers_stale SELECT {customer} WHERE {customer} IS NOT NULL; END"""
        for name, event, when, customer in (
            ("new", "INSERT", "NEW.customer_id IS NOT NULL", "NEW.customer_id"),
            ("gone", "DELETE", "OLD.customer_id IS NOT NULL", "OLD.customer_id"),
            ("before", f"UPDATE OF {', '.join(_COUNTED)}", _CHANGED, "OLD.customer_id"),
            ("after", f"UPDATE OF {', '.join(_COUNTED)}", _CHANGED, "NEW.customer_id"),
        )
    ),
    # The state a customer had at the end of a month, written only where it differs from the one before.
    f"""CREATE TABLE customer_values (
        month TEXT NOT NULL CHECK (month GLOB '????-??'),
        customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
        {day("as_of", required=True)},
        recency_days INTEGER NOT NULL,
        orders INTEGER NOT NULL,
        spend INTEGER,
        r INTEGER NOT NULL CHECK (r BETWEEN 0 AND 5),
        f INTEGER NOT NULL CHECK (f BETWEEN 0 AND 5),
        m INTEGER NOT NULL CHECK (m BETWEEN 0 AND 5),
        segment TEXT NOT NULL,
        high_value INTEGER NOT NULL DEFAULT 0 CHECK (high_value IN (0, 1)),
        potential INTEGER NOT NULL DEFAULT 0 CHECK (potential IN (0, 1)),
        refund_abuse INTEGER NOT NULL DEFAULT 0 CHECK (refund_abuse IN (0, 1)),
        PRIMARY KEY (customer_id, month)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX customer_values_month ON customer_values (month, segment)",
    # Where the scores begin; they stay for a month, so that a night looks only at customers who crossed one.
    f"""CREATE TABLE value_runs (
        month TEXT PRIMARY KEY CHECK (month GLOB '????-??'),
        {day("as_of", required=True)},
        {one_of("scheme", "quantiles breakpoints")},
        customers INTEGER NOT NULL,
        breaks TEXT NOT NULL,
        digest TEXT NOT NULL,
        {moment("at", required=True)}
    ) STRICT, WITHOUT ROWID""",
    # "as_of" is the day a row was last different; "sign" with case, day and number is what the likely reason rests on.
    f"""CREATE TABLE churn_scores (
        customer_id INTEGER PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
        {day("as_of", required=True)},
        {one_of("method", "bg_nbd gaps")},
        purchases INTEGER NOT NULL CHECK (purchases > 0),
        {day("last_on", required=True)},
        p_alive REAL CHECK (p_alive BETWEEN 0 AND 1),
        gap_days REAL,
        overdue REAL,
        {one_of("degree", "active due at_risk lost")},
        expected_orders REAL NOT NULL,
        value_lost INTEGER,
        reason TEXT NOT NULL DEFAULT '',
        sign TEXT NOT NULL DEFAULT '',
        sign_case INTEGER,
        {day("sign_on")},
        sign_number INTEGER
    ) STRICT""",
    "CREATE INDEX churn_scores_degree ON churn_scores (degree)",
    f"""CREATE TABLE churn_runs (
        id INTEGER PRIMARY KEY,
        {day("as_of", required=True)},
        {one_of("method", "bg_nbd gaps")},
        customers INTEGER NOT NULL,
        repeaters INTEGER NOT NULL,
        parameters TEXT NOT NULL,
        explanation TEXT NOT NULL,
        {moment("at", required=True)}
    ) STRICT""",
)

_SURVEYS = (
    f"""CREATE TABLE survey_waves (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        {one_of("type", "csat nps ces")},
        segment TEXT NOT NULL DEFAULT '',
        seed INTEGER NOT NULL,
        size INTEGER NOT NULL CHECK (size >= 0),
        eligible INTEGER NOT NULL,
        {day("starts_on", required=True)}, {day("ends_on", required=True)},
        {moment("made_at", required=True)},
        made_by TEXT NOT NULL
    ) STRICT""",
    # "code" is what the customer's link or form carries, so that an answer finds its invitation.
    f"""CREATE TABLE survey_invites (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        wave_id INTEGER REFERENCES survey_waves (id),
        {one_of("type", "csat nps ces")},
        case_number INTEGER REFERENCES cases (number),
        customer_id INTEGER NOT NULL REFERENCES customers (id),
        agent_id INTEGER REFERENCES agents (id),
        language TEXT NOT NULL DEFAULT '',
        {one_of("status", "planned sent answered expired cancelled", "planned")},
        {day("planned_on", required=True)}, {day("expires_on", required=True)},
        {moment("sent_at")}, {day("sent_on")}, {moment("reminded_at")}, {moment("answered_at")}
    ) STRICT""",
    "CREATE INDEX survey_invites_customer ON survey_invites (customer_id)",
    "CREATE INDEX survey_invites_case ON survey_invites (case_number)",
    "CREATE INDEX survey_invites_status ON survey_invites (status, expires_on)",
    "CREATE INDEX survey_invites_wave ON survey_invites (wave_id)",
    "ALTER TABLE survey_answers ADD COLUMN invite_id INTEGER REFERENCES survey_invites (id)",
    "ALTER TABLE survey_answers ADD COLUMN topic TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE survey_answers ADD COLUMN topic_by TEXT NOT NULL DEFAULT '' CHECK (topic_by IN ('', 'rule', 'person'))",
    "CREATE INDEX survey_answers_invite ON survey_answers (invite_id)",
    # What came of a low score, once somebody or the program has looked at it, and the callback that was opened.
    "ALTER TABLE survey_answers ADD COLUMN follow_up TEXT NOT NULL DEFAULT '' CHECK (follow_up IN "
    "('', 'opened', 'callback', 'complaint', 'unwanted'))",
    "ALTER TABLE survey_answers ADD COLUMN follow_up_id INTEGER REFERENCES callbacks (id) ON DELETE SET NULL",
    "CREATE INDEX survey_answers_follow_up ON survey_answers (follow_up_id) WHERE follow_up_id IS NOT NULL",
)

_CALLBACKS = (
    f"""CREATE TABLE callback_plans (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        version INTEGER NOT NULL,
        digest TEXT NOT NULL,
        document TEXT NOT NULL,
        {moment("since", required=True)},
        UNIQUE (code, version)
    ) STRICT""",
    "ALTER TABLE callbacks ADD COLUMN plan_id INTEGER REFERENCES callback_plans (id)",
    "ALTER TABLE callbacks ADD COLUMN order_line_id INTEGER REFERENCES order_lines (id) ON DELETE SET NULL",
    "ALTER TABLE callbacks ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE callbacks ADD COLUMN churn_reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE callbacks ADD COLUMN channel TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX callbacks_plan ON callbacks (plan_id)",
    # Customers who were due and by lot were not called: what calling does is measured against them.
    f"""CREATE TABLE callback_holdouts (
        plan_id INTEGER NOT NULL REFERENCES callback_plans (id),
        customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
        {day("due_on", required=True)},
        {one_of("why", "lot capacity unreachable quiet consent")},
        PRIMARY KEY (plan_id, customer_id, due_on)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE plan_proposals (
        id INTEGER PRIMARY KEY,
        plan_id INTEGER NOT NULL REFERENCES callback_plans (id),
        {one_of("subject", "hour channel segment script")},
        now_value TEXT NOT NULL,
        proposed TEXT NOT NULL,
        why TEXT NOT NULL,
        {one_of("status", "open accepted declined", "open")},
        {moment("made_at", required=True)}, {moment("decided_at")},
        decided_by TEXT NOT NULL DEFAULT ''
    ) STRICT""",
)

_PRIVACY = (
    "CREATE INDEX customers_erased ON customers (id) WHERE erased_at IS NOT NULL",
    # A key of the shop's own: without it nobody can try names or numbers against the hashes.
    "CREATE TABLE privacy_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL) STRICT",
    f"""CREATE TABLE tombstones (
        hash TEXT PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customers (id),
        {moment("at", required=True)}
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE forget_receipts (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL UNIQUE REFERENCES customers (id),
        {moment("asked_at", required=True)}, {moment("finished_at")},
        asked_by TEXT NOT NULL,
        counts TEXT NOT NULL
    ) STRICT""",
)

STATEMENTS = (*_PROFILES, *_VALUE, *_SURVEYS, *_CALLBACKS, *_PRIVACY)
