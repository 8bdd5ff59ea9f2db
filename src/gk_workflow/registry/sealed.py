"""Whether a log holds sealed texts already, asked before it is opened; it changes and decrypts nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from gk_workflow.registry.log import file_of, unavailable

_ASKED = (
    "SELECT EXISTS (SELECT 1 FROM stored_events"
    " WHERE topic = 'CaseOpened' AND CAST(substr(state, 1, 12) AS TEXT) = '{\"format\":2,')"
)


def holds_seals(database: str | Path) -> bool:
    """Whether some case was stored sealed: its keys must then be there already.

    Raises LogUnavailable, UnsupportedDatabase.
    """
    file = file_of(database)
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            named = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'stored_events')"
            there = connection.execute(named).fetchone()[0]
            return bool(there and connection.execute(_ASKED).fetchone()[0])
    except sqlite3.Error as error:
        raise unavailable(error) from error
