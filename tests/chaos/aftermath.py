"""What is left in a store when everything has been said, free of ids and codes: two runs can be compared."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, select

from bot.conversation.messages import Bubble, Inbound
from bot.conversation.state import State, load
from storage.outbox import context
from storage.responses import Body
from storage.tables import (
    accounts,
    acts,
    answers,
    cases,
    consents,
    conversations,
    inbox,
    outbox,
    participations,
    responses,
    sealed_responses,
    seen_events,
    units,
)
from storage.vault import Vault

_CODE = re.compile(r"[A-Z]{1,4}-\d{4}-[0-9A-Z]{6}-[0-9A-Z]")


def without_codes(text: str) -> str:
    """Case codes are drawn at random: two runs never have the same."""
    return _CODE.sub("CODE", text)


@dataclass(frozen=True)
class Row:
    """One message of ours. `text` is None where its words were erased, codes are blanked."""

    seq: int
    state: str
    text: str | None
    ref: str
    uncertain: int


@dataclass
class Aftermath:
    """Everything of a store that a citizen, an officer or a figure can see later."""

    states: dict[str, State]
    answers: Counter[str]
    participations: int
    cases: Counter[tuple[Any, ...]]
    acts: Counter[tuple[Any, ...]]
    consents: Counter[tuple[Any, ...]]
    seen: int
    waiting: int
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def decided(self) -> dict[str, Any]:
        """All but the messages: what must be the same in two runs of one story."""
        return {name: value for name, value in vars(self).items() if name != "rows"}


def aftermath(conn: Connection, vault: Vault) -> Aftermath:
    """Read it all."""
    return Aftermath(
        states=_states(conn, vault),
        answers=_answers(conn, vault),
        participations=_count(conn, participations),
        cases=Counter(tuple(row) for row in conn.execute(_cases())),
        acts=Counter(tuple(row) for row in conn.execute(select(acts.c.thing, acts.c.version, acts.c.action))),
        consents=Counter(tuple(row) for row in conn.execute(_consents())),
        seen=_count(conn, seen_events),
        waiting=_count(conn, inbox),
        rows=outbox_rows(conn, vault),
    )


def _cases() -> Any:
    columns = (cases.c.kind, cases.c.category, cases.c.text, units.c.name, cases.c.name, cases.c.phone)
    more = (cases.c.anonymous, cases.c.state, cases.c.version, accounts.c.platform_id)
    query = select(*columns, *more).join(accounts, accounts.c.id == cases.c.account_id)
    return query.outerjoin(units, units.c.id == cases.c.village_id)


def _consents() -> Any:
    columns = (accounts.c.platform_id, consents.c.purpose, consents.c.data)
    return select(*columns).join(accounts, accounts.c.id == consents.c.account_id)


def _count(conn: Connection, table: Table) -> int:
    return conn.scalar(select(func.count()).select_from(table)) or 0


def _states(conn: Connection, vault: Vault) -> dict[str, State]:
    query = select(accounts.c.platform_id, conversations.c.id, conversations.c.state)
    rows = conn.execute(query.join(accounts, accounts.c.id == conversations.c.account_id))
    return {row.platform_id: _state(vault.open(bytes(row.state), b"conversation:%d" % row.id)) for row in rows}


def _state(stored: bytes) -> State:
    state = load(stored)
    state.asked = 0  # the id of a message: another one each time
    # Ids of waves are new in every store.
    return msgspec.structs.replace(state, answered=[0 for _ in state.answered])


def _answers(conn: Connection, vault: Vault) -> Counter[str]:
    """Every finished answer, sealed or released, whatever its village became on the way."""
    found: list[dict[str, Any]] = []
    for row in conn.execute(select(sealed_responses.c.id, sealed_responses.c.body)):
        opened = vault.open(bytes(row.body), b"sealed_responses:%d" % row.id)
        found.append(dict(msgspec.json.decode(opened, type=Body).answers))
    released: dict[int, dict[str, Any]] = {id: {} for id in conn.scalars(select(responses.c.id))}
    for response, question, value in conn.execute(select(answers.c.response_id, answers.c.question, answers.c.value)):
        released[response][question] = msgspec.json.decode(value)
    return Counter(msgspec.json.encode(one, order="sorted").decode() for one in (*found, *released.values()))


def heard_of(conn: Connection, vault: Vault, told: Iterable[Inbound]) -> set[str]:
    """Keys of those events that the store has seen."""
    tokens = set(conn.scalars(select(seen_events.c.dedupe_key)))
    keys = {(event.channel_account, event.dedupe_key) for event in told}
    return {key for account, key in keys if vault.token("event", account, key).hex() in tokens}


def outbox_rows(conn: Connection, vault: Vault) -> dict[str, list[Row]]:
    """Every message of ours by the platform id of its person, in the order it was written."""
    columns = (accounts.c.platform_id, outbox.c.id, outbox.c.seq, outbox.c.state, outbox.c.body)
    query = (
        select(*columns, outbox.c.platform_ref, outbox.c.uncertain)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .join(accounts, accounts.c.id == conversations.c.account_id)
        .order_by(outbox.c.seq)
    )
    rows: dict[str, list[Row]] = {}
    for row in conn.execute(query):
        text = None
        if row.body is not None:
            text = without_codes(msgspec.json.decode(vault.open(bytes(row.body), context(row.id)), type=Bubble).text)
        known = Row(row.seq, row.state, text, row.platform_ref, row.uncertain)
        rows.setdefault(row.platform_id, []).append(known)
    return rows
