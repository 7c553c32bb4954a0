"""What a step may look up, read within the open transaction of its turn."""

from collections.abc import Callable
from functools import cached_property
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from app import desk_sessions
from app.guidance import Entered, guidance
from bot.conversation.bookable import Bookable, Booked
from bot.conversation.desk import CaseBrief, Commune, Guidance, Invited, Kept, Offer, Village, Wave, Works
from feedback.blocking import Barred
from feedback.codes import make_code
from feedback.in_use import InUse
from feedback.kinds import Kind as CaseKind
from feedback.knowledge import Fact
from feedback.nearness import Near, Report
from feedback.office import Office
from feedback.states import State
from storage import (
    blocks,
    cases,
    conversations,
    invitations,
    joining,
    kinds_off,
    knowledge,
    links,
    maps,
    merging,
    nearness,
    participations,
    rights,
    session_reading,
    sources,
    survey_files,
    threads,
    units,
    waves,
    works,
)
from storage.conversations import Conversation
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Survey
from vietnam.area import Area
from vietnam.time import DAY, MINUTE, day_of, local, start_of

_SHOWN = 30 * MINUTE
"""How long the page with a person's own data can be opened."""


class Surveys:
    """Frozen versions, read once a process: they never change."""

    def __init__(self) -> None:
        self._known: dict[int, Survey] = {}

    def get(self, tx: Tx, version: int) -> Survey:
        """The survey of a version; KeyError where there is none."""
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = waves.survey_of(tx.conn, version)
        return known


class Shared(Protocol):
    """What every desk of a process shares: see app.ledger.Ledger."""

    vault: Vault
    public_url: str
    partial_days: int
    grace: int
    surveys: Surveys
    draw: Callable[[], int]
    entered: Entered
    cases_a_day: int

    def office_in(self, conn: Connection, unit: int) -> Office: ...


class StoredDesk:
    """See bot.conversation.desk.Desk."""

    def __init__(self, shared: Shared, tx: Tx, conversation: Conversation, now: int) -> None:
        self._ledger = shared
        self._tx = tx
        self._conversation = conversation
        self._now = now

    @cached_property
    def _unit(self) -> units.Unit:
        return units.unit(self._tx.conn, self._conversation.unit_id)

    def commune(self) -> Commune:
        unit = self._unit
        return Commune(
            id=unit.id,
            name=unit.name,
            prefix=unit.prefix,
            phone=unit.phone,
            contact=unit.contact,
            privacy_url=f"{self._ledger.public_url}/{unit.slug}/rieng-tu",
        )

    def guidance(self) -> Guidance:
        unit = self._unit
        province = units.unit(self._tx.conn, unit.parent_id).name if unit.parent_id else ""
        return guidance(self._ledger.entered, unit, province, self._ledger.public_url)

    @property
    def slug(self) -> str:
        """Where the pages of the commune are."""
        return self._unit.slug

    def villages(self) -> list[Village]:
        found = units.villages(self._tx.conn, self._conversation.unit_id)
        return [Village(row.id, row.name, row.former, row.earlier, row.place) for row in found]

    def works(self) -> list[Works]:
        return [Works(one.id, one.name) for one in works.going_on(self._tx.conn, self._conversation.unit_id)]

    def in_use(self) -> InUse:
        return self._in_use

    @cached_property
    def _in_use(self) -> InUse:
        return kinds_off.in_use(self._tx.conn, self._conversation.unit_id)

    def waves(self, language: str = "") -> list[Wave]:
        found = waves.open_waves(
            self._tx.conn,
            self._conversation.unit_id,
            self._now,
            channel=self._conversation.on.channel,
            language=language,
        )
        return [Wave(id=wave.id, version=wave.version, code=wave.code, title=wave.title) for wave in found]

    def survey(self, version: int) -> Survey:
        return self._ledger.surveys.get(self._tx, version)

    def takes_answers(self, wave: int, *, begun: bool = False) -> bool:
        return waves.takes_answers(self._tx.conn, wave, self._now, begun=begun)

    def took_part(self, wave: int, invitation: int = 0) -> bool:
        if invitation:
            token = participations.of_invitation(self._ledger.vault, wave, invitation)
            return waves.took_part(self._tx.conn, [token])
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        tokens = [participations.of_account(self._ledger.vault, wave, id) for id in accounts]
        return waves.took_part(self._tx.conn, tokens)

    def invitation(self, code: str) -> Invited | None:
        unit = self._conversation.unit_id
        found = invitations.find(self._tx.conn, self._ledger.vault, unit, code, self._now)
        if found is None:
            return None
        return Invited(
            id=found.id,
            wave=found.wave,
            version=found.version,
            title=found.title,
            per=str(found.per),
            village=found.village or 0,
            takes=found.takes,
            used=found.used,
        )

    def deadline(self, wave: int, begun_at: int) -> int:
        closes_at = waves.closes_at(self._tx.conn, wave)
        patience = begun_at + self._ledger.partial_days * DAY
        return patience if closes_at is None else min(patience, closes_at + self._ledger.grace)

    def draft_url(self, wave: int) -> str:
        return f"{self._ledger.public_url}/{self._unit.slug}/lay-y-kien/{waves.code_of(self._tx.conn, wave)}"

    def file(self, version: int, name: str) -> int:
        return survey_files.blob_of(self._tx.conn, version, name)

    def due(self, kind: CaseKind, at: int) -> int:
        return self._ledger.office_in(self._tx.conn, self._unit.id).promise(kind, at).due

    def own_cases(self) -> list[CaseBrief]:
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        return [self._brief(row, accounts) for row in cases.of_accounts(self._tx.conn, accounts)]

    def case(self, code: str) -> CaseBrief | None:
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        found = cases.by_code(self._tx.conn, self._conversation.unit_id, code, accounts)
        return None if found is None else self._brief(found, accounts)

    def _brief(self, row: cases.Brief, accounts: list[int]) -> CaseBrief:
        """The case; where it was joined into another, whoever sent it reads where that stands, and its answer."""
        brief = _brief(row, accounts)
        other = merging.told(self._tx.conn, row.merged_into) if row.merged_into and brief.own else None
        if other is None:
            return brief
        return msgspec.structs.replace(brief, joined_to=other.code, joined_state=other.state, reply=other.reply)

    def kept_of_me(self) -> Kept:
        mine = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        found = rights.held(self._tx.conn, mine)["cases"]
        link = links.Link(conversation=self._conversation.id, wants="data", nonce=0, until=self._now + _SHOWN)
        pages = f"{self._ledger.public_url}/{self._unit.slug}"
        address = f"{pages}/du-lieu/{links.make(self._ledger.vault, link)}"
        return Kept(
            cases=len(found),
            named=sum(bool(case["name"] or case["phone"]) for case in found),
            photos=sum(case["photos"] for case in found),
            places=sum(case["lat"] is not None for case in found),
            under_way=tuple(
                f"{code}: {threads.address(self._ledger.vault, pages, id, self._now)}"
                for id, code in rights.under_way(self._tx.conn, mine)
            ),
            url=address,
        )

    def answers_questions(self) -> bool:
        return knowledge.has_any(self._tx.conn, self._conversation.unit_id)

    def facts(self) -> list[Fact]:
        return knowledge.of_unit(self._tx.conn, self._conversation.unit_id)

    def near(self, report: Report) -> list[Near]:
        mine = self._conversation
        accounts = conversations.accounts_of(self._tx.conn, mine.person_id)
        return nearness.near(self._tx.conn, mine.unit_id, report, accounts, self._now)

    def barred(self) -> Barred | None:
        mine, most = self._conversation, self._ledger.cases_a_day
        accounts = conversations.accounts_of(self._tx.conn, mine.person_id)
        held = blocks.holding(self._tx.conn, mine.unit_id, accounts, self._now)
        if held is not None:
            return Barred(until=held[0], reason=held[1])
        today = start_of(day_of(self._now))
        if most and blocks.opened_since(self._tx.conn, accounts, today, most) >= most:
            return Barred(until=today + DAY, many=most)
        return None

    def area(self) -> Area:
        return maps.area(self._tx.conn, self._conversation.unit_id)

    def takes_bookings(self) -> bool:
        return session_reading.any_coming(self._tx.conn, self._conversation.unit_id, self._now)

    def sessions(self) -> list[Bookable]:
        found = session_reading.coming(self._tx.conn, self._conversation.unit_id, self._now)
        return [desk_sessions.bookable(one) for one in found]

    def session(self, id: int) -> Bookable | None:
        found = session_reading.session(self._tx.conn, self._conversation.unit_id, id)
        return None if found is None else desk_sessions.bookable(found)

    def free_seats(self, session: int, *, hold: bool = False) -> list[int]:
        return desk_sessions.free_seats(self._tx, self._conversation.unit_id, session, hold=hold)

    def own_bookings(self) -> list[Booked]:
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        found = session_reading.live_of(self._tx.conn, accounts, self._now)
        return [desk_sessions.booked(self._tx, one, self._unit, accounts, self.calendar_url(one.code)) for one in found]

    def booking(self, code: str) -> Booked | None:
        found = session_reading.booking_by_code(self._tx.conn, self._conversation.unit_id, code)
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        url = self.calendar_url(code)
        return None if found is None else desk_sessions.booked(self._tx, found, self._unit, accounts, url)

    def last_booking(self) -> Booked | None:
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        code = session_reading.newest_of(self._tx.conn, accounts)
        return self.booking(code) if code else None

    def calendar_url(self, code: str) -> str:
        return f"{self._ledger.public_url}/{self._unit.slug}/lich/{code}.ics"

    def source(self, number: int) -> str:
        return sources.word_of(self._tx.conn, self._conversation.unit_id, number)

    def new_join_code(self) -> str:
        return f"{self._ledger.draw() % 100_000_000:08}"

    def join_offer(self, code: str) -> Offer | None:
        mine = self._conversation
        giver = joining.find(self._tx.conn, self._ledger.vault, mine.unit_id, code, self._now)
        if giver is None:
            return None
        return Offer(
            channel=giver.channel, here=giver.account == mine.account_id, joined=giver.person == mine.person_id
        )

    def joined(self) -> bool:
        return joining.joined(self._tx.conn, self._conversation.person_id)

    def new_code(self) -> str:
        return make_code(self._unit.prefix, local(self._now).year, self._ledger.draw())


def _brief(row: cases.Brief, accounts: list[int]) -> CaseBrief:
    own = row.account_id in accounts
    return CaseBrief(
        code=row.code,
        kind=CaseKind(row.kind),
        state=State(row.state),
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        reply=row.reply if own else "",  # whoever has the code, or a slip with it, has no right to the words
        own=own,
        question=row.question if own else "",
        forwarded_to=row.forwarded_to if own else "",
        reopened=row.reopened,
    )
