"""What the third migration adds: files that are not orders. Never edited once released: later ones alter."""

from aftersales_cli.database.declaring import day, moment

# What belongs to an order keeps the order's number: the order may arrive later, or be taken back by an undo.
_ORDER = """order_external_id TEXT NOT NULL DEFAULT '',
        order_id INTEGER REFERENCES orders (id) ON DELETE SET NULL"""
_IMPORTS = """as_of TEXT NOT NULL DEFAULT '',
        created_by_import INTEGER REFERENCES imports (id),
        changed_by_import INTEGER REFERENCES imports (id)"""

STATEMENTS = (
    # Survey answers from files: some only comment, and each remembers the row it came from.
    f"""CREATE TABLE survey_answers_3 (
        id INTEGER PRIMARY KEY,
        type TEXT NOT NULL CHECK (type IN ('csat', 'nps', 'ces', 'comment')),
        case_number INTEGER REFERENCES cases (number) ON DELETE SET NULL,
        customer_id INTEGER REFERENCES customers (id) ON DELETE SET NULL,
        callback_id INTEGER UNIQUE REFERENCES callbacks (id),
        agent_id INTEGER REFERENCES agents (id),
        score INTEGER CHECK (score BETWEEN 0 AND 10),
        comment TEXT NOT NULL DEFAULT '',
        source TEXT NOT NULL,
        {moment("answered_at", required=True)}, {day("answered_on", required=True)},
        storefront_id INTEGER REFERENCES storefronts (id),
        {_ORDER},
        question TEXT NOT NULL DEFAULT '',
        row_key TEXT,
        linked_by TEXT NOT NULL DEFAULT '' CHECK (linked_by IN ('', 'order', 'case', 'contact')),
        {_IMPORTS},
        CHECK ((type = 'comment') = (score IS NULL)),
        UNIQUE (row_key, type)
    ) STRICT""",
    """INSERT INTO survey_answers_3 (id, type, case_number, customer_id, callback_id, agent_id, score, comment,
            source, answered_at, answered_on)
        SELECT id, type, case_number, customer_id, callback_id, agent_id, score, comment, source, answered_at,
            answered_on FROM survey_answers""",
    "DROP TABLE survey_answers",
    "ALTER TABLE survey_answers_3 RENAME TO survey_answers",
    "CREATE INDEX survey_answers_on ON survey_answers (answered_on)",
    "CREATE INDEX survey_answers_import ON survey_answers (created_by_import)",
    "CREATE INDEX survey_answers_order ON survey_answers (order_external_id) WHERE order_external_id <> ''",
    "CREATE INDEX survey_answers_order_id ON survey_answers (order_id)",
    "CREATE INDEX survey_answers_case ON survey_answers (case_number)",
    "CREATE INDEX survey_answers_customer ON survey_answers (customer_id)",
    # Answers name their customer by phone number or e-mail address.
    "CREATE INDEX IF NOT EXISTS customers_phone ON customers (phone) WHERE phone <> ''",
    "CREATE INDEX IF NOT EXISTS customers_email ON customers (lower(email)) WHERE email <> ''",
    f"""CREATE TABLE chat_reports (
        id INTEGER PRIMARY KEY,
        storefront_id INTEGER NOT NULL REFERENCES storefronts (id),
        agent_name TEXT NOT NULL,
        agent_id INTEGER REFERENCES agents (id),
        {day("day", required=True)},
        chats INTEGER CHECK (chats >= 0),
        first_reply_seconds REAL CHECK (first_reply_seconds >= 0),
        average_reply_seconds REAL CHECK (average_reply_seconds >= 0),
        answered_share REAL CHECK (answered_share BETWEEN 0 AND 1),
        satisfaction REAL CHECK (satisfaction BETWEEN 0 AND 1),
        {_IMPORTS},
        UNIQUE (storefront_id, agent_name, day)
    ) STRICT""",
    "CREATE INDEX chat_reports_day ON chat_reports (day)",
    "CREATE INDEX chat_reports_import ON chat_reports (created_by_import)",
    f"""CREATE TABLE reviews_received (
        id INTEGER PRIMARY KEY,
        storefront_id INTEGER NOT NULL REFERENCES storefronts (id),
        {_ORDER},
        {moment("reviewed_at")}, {day("reviewed_on")},
        stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
        body TEXT NOT NULL,
        sku TEXT NOT NULL,
        title TEXT NOT NULL,
        row_key TEXT NOT NULL,
        {_IMPORTS},
        UNIQUE (storefront_id, row_key)
    ) STRICT""",
    "CREATE INDEX reviews_received_on ON reviews_received (reviewed_on)",
    "CREATE INDEX reviews_received_order ON reviews_received (order_id)",
    "CREATE INDEX reviews_received_waiting ON reviews_received (storefront_id, order_external_id) "
    "WHERE order_id IS NULL",
    "CREATE INDEX reviews_received_import ON reviews_received (created_by_import)",
    f"""CREATE TABLE parcels (
        id INTEGER PRIMARY KEY,
        storefront_id INTEGER REFERENCES storefronts (id),
        carrier TEXT NOT NULL,
        number TEXT NOT NULL,
        {_ORDER},
        status TEXT NOT NULL,
        status_raw TEXT NOT NULL,
        {moment("status_at")},
        {moment("received_at")}, {day("received_on")},
        {_IMPORTS},
        UNIQUE (carrier, number)
    ) STRICT""",
    "CREATE INDEX parcels_number ON parcels (number)",
    "CREATE INDEX parcels_order ON parcels (order_id)",
    "CREATE INDEX parcels_waiting ON parcels (order_external_id) WHERE order_id IS NULL",
    "CREATE INDEX parcels_import ON parcels (created_by_import)",
)
