"""Whether everything that the address of a form names is the officer's to see, asked before the form is read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from feedback.roles import Actor
from storage import officer_changes, own_rows, reading_cases, register, session_reading

_NEW = ("canned", "fact")
"""What is made on the page of its changing, under the number 0."""
_WITH_SESSION = ("code", "question")


def are_there(conn: Connection, actor: Actor, address: str, named: Mapping[str, Any]) -> bool:
    """Whether each row that the address of a page of the console names is there for this officer.

    `named` are the parameters of its route. Piles of forms on paper are not looked for here: their pages say what has
    become of a pile that somebody was typing into.
    """
    area = address.split("/")[2]
    return all(_is_there(conn, actor, area, name, named) for name in named)


def _is_there(conn: Connection, actor: Actor, area: str, name: str, named: Mapping[str, Any]) -> bool:
    wanted, unit = named[name], actor.unit
    if "session" in named and name in _WITH_SESSION:
        return _in_session(conn, actor, name, wanted, named["session"])
    match name:
        case "code" if area == "don-bao-mat":
            return reading_cases.one(conn, unit, wanted, kept=True) is not None
        case "code":
            return reading_cases.id_of(conn, unit, wanted, actor) is not None
        case "blob":
            return reading_cases.photo_type(conn, unit, named["code"], wanted, by=actor) is not None
        case "officer":
            return officer_changes.person(conn, unit, wanted) is not None
        case "line" if area == "so-don":
            return register.one(conn, actor, wanted) is not None
        case "line":
            return own_rows.there(conn, actor, "routing", wanted)
        case _:
            new = name in _NEW and wanted == 0
            return new or name not in own_rows.TABLES or own_rows.there(conn, actor, name, wanted)


def _in_session(conn: Connection, actor: Actor, name: str, wanted: Any, session: int) -> bool:  # noqa: ANN401 - a code or an id
    if name == "question":
        return own_rows.of_session(conn, actor, wanted, session)
    booking = session_reading.booking_by_code(conn, actor.unit, wanted)
    return booking is not None and booking.session_id == session
