"""What the server's store says of contacts, read beside the running server."""

import json
import sqlite3

from .programs import eventually


class Store:
    """The SQLite file at `path`."""

    def __init__(self, path):
        self._path = path

    def rows(self, question, *values):
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute(question, values).fetchall()
        finally:
            connection.close()

    def age_sessions(self, hours):
        """All who are logged in have been for so many hours longer."""
        connection = sqlite3.connect(self._path, timeout=5)
        try:
            with connection:
                connection.execute("UPDATE session SET began = began - ?", (hours * 3600 * 1000,))
        finally:
            connection.close()

    def contact(self, caller, timeout=5):
        """The id of the newest contact of this caller."""
        found = eventually(
            lambda: self.rows("SELECT id FROM contact WHERE caller = ? ORDER BY began DESC", caller), timeout,
            f"a contact of {caller}")
        return found[0][0]

    def open(self, caller):
        """Contacts of this caller that are not closed."""
        return self.rows("SELECT id FROM contact WHERE caller = ? AND ended IS NULL", caller)

    def facts(self, caller):
        """Pairs of kind and detail, in their order."""
        rows = self.rows("SELECT kind, detail FROM fact WHERE contact = ? ORDER BY id", self.contact(caller))
        return [(kind, json.loads(detail)) for kind, detail in rows]

    def moments(self, caller, kind):
        """When facts of a kind happened, in seconds of Unix time."""
        rows = self.rows("SELECT at FROM fact WHERE contact = ? AND kind = ? ORDER BY id", self.contact(caller), kind)
        return [at / 1000 for at, in rows]

    def steps(self, caller):
        return [detail["step"] for kind, detail in self.facts(caller) if kind == "step"]

    def keys(self, caller):
        """How each key came: the origins of the presses, in their order."""
        return [detail["origin"] for kind, detail in self.facts(caller) if kind == "digit"]

    def ended(self, caller, timeout=5):
        """Waits until the contact is closed; returns (by, outcome)."""
        contact = self.contact(caller)
        return eventually(
            lambda: self.rows("SELECT endedBy, outcome FROM contact WHERE id = ? AND ended IS NOT NULL", contact), timeout,
            f"the contact of {caller} to be closed")[0]
