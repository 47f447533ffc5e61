// The tables, step by step. A step once released is never changed; a new one is added below it.

import GRDB

enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 accounts", migrate: accounts)
        migrator.registerMigration("2 contacts", migrate: contacts)
        migrator.registerMigration("3 audit", migrate: audit)
        migrator.registerMigration("4 follow-ups", migrate: followUps)
        migrator.registerMigration("5 hotline versions", migrate: hotlineVersions)
        migrator.registerMigration("6 outbox", migrate: outbox)
        migrator.registerMigration("7 PINs", migrate: pins)
        migrator.registerMigration("8 skills", migrate: skills)
        migrator.registerMigration("9 callers", migrate: callers)
        return migrator
    }

    private static func accounts(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE account (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    name TEXT NOT NULL UNIQUE,
                    displayName TEXT NOT NULL,
                    role TEXT NOT NULL,
                    groups TEXT NOT NULL,      -- JSON array
                    languages TEXT NOT NULL,   -- JSON array
                    locale TEXT NOT NULL,
                    password TEXT NOT NULL,    -- a ScryptHash
                    mustChangePassword INTEGER NOT NULL,
                    disabled INTEGER NOT NULL DEFAULT 0
                ) STRICT;
                CREATE TABLE session (
                    token BLOB PRIMARY KEY,    -- SHA-256 of what the browser holds
                    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                    began INTEGER NOT NULL,
                    used INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX sessionByAccount ON session (account);
                """)
    }

    private static func contacts(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE contact (
                    id TEXT PRIMARY KEY,
                    hotline TEXT,
                    caller TEXT,
                    callerDigits TEXT NOT NULL,
                    called TEXT,
                    began INTEGER NOT NULL,
                    answered INTEGER,
                    queue TEXT,
                    queued INTEGER,
                    consultant INTEGER,        -- no reference: what happened stays, whoever is deleted
                    consultantName TEXT,
                    waited INTEGER,
                    connected INTEGER,
                    ended INTEGER,
                    endedBy TEXT,
                    outcome TEXT,
                    recording TEXT,
                    recordingDuration INTEGER,
                    tags TEXT NOT NULL,        -- JSON array
                    language TEXT
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX contactByTime ON contact (began, id);
                CREATE INDEX contactByConsultant ON contact (consultant, began, id);
                CREATE INDEX contactOpen ON contact (id) WHERE ended IS NULL;
                CREATE INDEX contactByQueue ON contact (queue, began) WHERE connected IS NOT NULL;
                CREATE TABLE fact (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    contact TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
                    at INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    detail TEXT NOT NULL       -- JSON object of texts
                ) STRICT;
                CREATE INDEX factByContact ON fact (contact, id);
                """)
    }

    private static func followUps(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE followUp (
                    id TEXT PRIMARY KEY,
                    contact TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
                    kind TEXT NOT NULL,        -- message, callback
                    at INTEGER NOT NULL,
                    hotline TEXT,
                    place TEXT NOT NULL,       -- the mailbox or the queue
                    number TEXT,
                    language TEXT,
                    recording TEXT,
                    duration INTEGER,
                    detail TEXT NOT NULL,      -- JSON object of texts: the whole fact
                    handled INTEGER,
                    handledBy TEXT
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX followUpByTime ON followUp (at, id);
                CREATE INDEX followUpOpen ON followUp (at, id) WHERE handled IS NULL;
                """)
    }

    private static func outbox(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE delivery (
                    followUp TEXT PRIMARY KEY REFERENCES followUp (id) ON DELETE CASCADE,
                    destination TEXT NOT NULL, -- an address of mail or a URL
                    title TEXT NOT NULL,       -- of the hotline, when the message was left; so are zone and writtenIn
                    zone TEXT NOT NULL,
                    writtenIn TEXT NOT NULL,
                    state TEXT NOT NULL,       -- waiting, sent, failed
                    attempts INTEGER NOT NULL,
                    since INTEGER NOT NULL,
                    due INTEGER NOT NULL,
                    ended INTEGER,
                    reason TEXT,
                    status INTEGER
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX deliveryDue ON delivery (due) WHERE state = 'waiting';
                """)
    }

    private static func hotlineVersions(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE hotlineVersion (
                    file TEXT NOT NULL,        -- the file's name in the folder of hotlines
                    number INTEGER NOT NULL,   -- from 1, without gaps
                    digest TEXT NOT NULL,      -- SHA-256 of the text, hexadecimal
                    text TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    by TEXT,                   -- an account's name; null: read from disk
                    note TEXT NOT NULL,
                    PRIMARY KEY (file, number)
                ) STRICT;
                """)
    }

    private static func pins(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE pin (
                    account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
                    hash TEXT NOT NULL,        -- a ScryptHash
                    at INTEGER NOT NULL
                ) STRICT;
                """)
    }

    private static func skills(_ db: Database) throws {
        // JSON object: level 1 to 9 by skill.
        try db.execute(sql: "ALTER TABLE account ADD COLUMN skills TEXT NOT NULL DEFAULT '{}'")
    }

    private static func callers(_ db: Database) throws {
        try db.execute(
            sql: "CREATE INDEX contactByCaller ON contact (callerDigits, connected) WHERE connected IS NOT NULL")
    }

    private static func audit(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE audit (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    actor TEXT,
                    action TEXT NOT NULL,
                    subject TEXT,
                    source TEXT
                ) STRICT;
                """)
    }
}
