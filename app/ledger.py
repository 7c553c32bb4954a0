"""bot's view of the store: one conversation, or one case, within one open transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection

from app import citizen_seats
from app.capabilities import CAPABILITIES
from app.desk import StoredDesk, Surveys
from app.guidance import Entered
from app.sent_media import media_of
from bot.channels.base import needs_page
from bot.conversation.effects import BookSeat, CancelSeat, CorrectSeat, FetchMedia, GiveConsent, MoveSeat, Submit
from bot.conversation.messages import Bubble, Inbound, MediaKind, Own, Wants
from bot.ledger import Refused
from feedback.acts import CaseFacts, Decision, Open
from feedback.office import Office
from feedback.rights import Right
from feedback.roles import Actor
from storage import (
    blobs,
    bulletins,
    by_hand,
    cases,
    conversations,
    counters,
    deliveries,
    following,
    invitations,
    jobs,
    joining,
    links,
    merging,
    outbox,
    participations,
    replies,
    responses,
    rights,
    sources,
    threads,
    unit_days,
)
from storage.conversations import ChannelAccount, Conversation
from storage.tx import Tx
from storage.vault import SHORT, Vault
from vietnam.time import MINUTE

PHOTO_JOB = "photo"
PHOTO_CONTEXT = b"job:photo"
WRONG_CODES = "code.wrong"
"""The counter of one-time codes that open nothing."""
_OF_THE_PERSON = frozenset(
    {"start", "text", "choice", "photo", "location", "contact", "voice", "unsupported", "unseen"}
)
"""Events that show that the person can be reached again."""


class PhotoJob(msgspec.Struct, frozen=True):
    """A picture, or a voice, to be brought over for an account, by the platform's own reference."""

    account: int
    ref: str
    kind: MediaKind = "photo"


class Ledger:
    """What every chat of a process shares: the key, the frozen surveys, where the pages are."""

    def __init__(
        self,
        vault: Vault,
        public_url: str,
        draw: Callable[[], int],
        partial_days: int = 14,
        grace: int = 5 * MINUTE,
        office: Office | None = None,
        entered: Entered | None = None,
        cases_a_day: int = 10,
    ) -> None:
        """`partial_days`: how long an unfinished answer is kept before it is handed in as it is (DL5).

        `grace`: milliseconds after the close of a wave in which whoever is answering may still send.
        """
        self.vault = vault
        self.partial_days = partial_days
        self.grace = grace
        self.draw = draw
        self.office = office or Office()
        self.entered = entered or Entered()
        self.cases_a_day = cases_a_day
        self.surveys = Surveys()
        self.public_url = public_url.rstrip("/")

    def office_in(self, conn: Connection, unit: int) -> Office:
        """The office of a commune: its own days off laid over those of the settings, as they are entered now."""
        return unit_days.office_of(conn, unit, self.office)

    def chat(self, tx: Tx, on: ChannelAccount, platform_id: str, now: int) -> "StoredChat":
        """The chat of a person, locked."""
        return StoredChat(self, tx, conversations.lock(tx, self.vault, on, platform_id, now), now)

    def chat_of(self, tx: Tx, account: int, now: int) -> "StoredChat":
        """The chat of an account, locked, for a message outside any turn of it."""
        return StoredChat(self, tx, conversations.lock_by_account(tx, self.vault, account, now), now)

    def write_to(self, tx: Tx, account: int, bubble: Bubble, now: int, *, case: int = 0) -> None:
        """A message to an account, outside any turn of it."""
        there = StoredChat(self, tx, conversations.lock_by_account(tx, self.vault, account, now), now)
        there.say(bubble, 0, notice=True, case=case)
        there.save(None)

    def book(self, tx: Tx, case_id: int, now: int) -> "StoredCase":
        """A case for an officer's act: its conversation is locked first, then the case."""
        return StoredCase(self, tx, case_id, now)


def _as_long(body: bytes, long: bool) -> bytes:  # noqa: FBT001 - yes or no is all there is to say
    """Spaces behind JSON say nothing, and make a row one of the longer of two sizes (see storage/vault.py)."""
    return body.ljust(SHORT) if long else body


class StoredChat:
    """See bot.ledger.Chat."""

    def __init__(self, ledger: Ledger, tx: Tx, conversation: Conversation, now: int) -> None:
        self._ledger = ledger
        self._tx = tx
        self._conversation = conversation
        self._now = now

    @property
    def id(self) -> int:
        return self._conversation.id

    @property
    def unit(self) -> int:
        return self._conversation.unit_id

    @property
    def shows_own_words(self) -> bool:
        return not self._conversation.on.pushed

    @property
    def only_typed(self) -> bool:
        capabilities = CAPABILITIES.get(self._conversation.on.channel)
        return capabilities is not None and not capabilities.buttons

    @property
    def only_by_hand(self) -> bool:
        return self._conversation.on.channel == by_hand.BY_HAND

    def page_for(self, wants: Wants, nonce: int) -> str:
        capabilities = CAPABILITIES.get(self._conversation.on.channel)
        if capabilities is None or not needs_page(capabilities, wants):
            return ""
        if wants == "web":
            return f"{self._ledger.public_url}/{self.desk().slug}/"
        link = links.Link(conversation=self.id, wants=wants, nonce=nonce, until=self._now + links.LIFE)
        slug = self.desk().slug
        return f"{self._ledger.public_url}/{slug}/them/{links.make(self._ledger.vault, link)}"

    def thread_page(self, case: int, wants: Wants) -> str:
        capabilities = CAPABILITIES.get(self._conversation.on.channel)
        if capabilities is None or not needs_page(capabilities, wants):
            return ""
        pages = f"{self._ledger.public_url}/{self.desk().slug}"
        return threads.address(self._ledger.vault, pages, case, self._now)

    def state(self) -> bytes | None:
        return self._conversation.state

    @property
    def office(self) -> Office:
        return self._ledger.office_in(self._tx.conn, self.unit)

    def desk(self) -> StoredDesk:
        return StoredDesk(self._ledger, self._tx, self._conversation, self._now)

    def first_time(self, inbound: Inbound) -> bool:
        vault, on = self._ledger.vault, self._conversation.on.id
        first = conversations.first_time(self._tx, vault, on, inbound.dedupe_key, self._now)
        if first and inbound.kind in _OF_THE_PERSON:
            self._conversation.heard_at = self._now
            if self._conversation.gone:
                self.gone("")
            if self._conversation.held:
                deliveries.release(self._tx, self._conversation, self._now)
        return first

    @contextmanager
    def trial(self) -> Iterator[None]:
        seq = self._conversation.last_seq
        wakes = len(self._tx.wakes)
        try:
            with self._tx.conn.begin_nested():
                yield
        except Refused:
            self._conversation.last_seq = seq
            del self._tx.wakes[wakes:]
            raise

    def say(self, bubble: Bubble, topic: int, *, notice: bool = False, long: bool = False, case: int = 0) -> int:
        if self._conversation.gone == rights.ERASED:
            return 0  # whoever asked to be forgotten reads the answer by its code
        lane = outbox.Lane.NOTICE if notice else outbox.Lane.REPLY
        id = self._add(_as_long(msgspec.json.encode(bubble), long), topic, lane=lane)
        if case:
            outbox.about(self._tx, id, case)
            if self.only_by_hand:
                by_hand.to_tell(self._tx, id, case, self._now)
        return id

    def keep_own(self, own: Own, topic: int, *, long: bool = False) -> None:
        self._add(_as_long(msgspec.json.encode(own), long), topic, own=True)

    def _add(self, body: bytes, topic: int, *, lane: outbox.Lane = outbox.Lane.REPLY, own: bool = False) -> int:
        return outbox.add(
            self._tx, self._ledger.vault, self._conversation, body, at=self._now, lane=lane, topic=topic, own=own
        )

    def submit(self, submit: Submit) -> None:
        if not self.desk().takes_answers(submit.wave, begun=True):
            raise Refused("wave.closed")
        vault = self._ledger.vault
        if submit.invitation:
            mine = participations.of_invitation(vault, submit.wave, submit.invitation)
        else:
            if self.desk().took_part(submit.wave):
                raise Refused("wave.took_part")
            mine = participations.of_account(vault, submit.wave, self._conversation.account_id)
        if not self._tx.hot("add_participation", token=mine, wave_id=submit.wave):
            raise Refused("wave.took_part")
        survey = self.desk().survey(submit.version)
        sent = media_of(survey, submit.answers)
        if sent and blobs.keep(self._tx, sent) < len(sent):
            raise Refused("photo.expired")
        responses.seal(
            self._tx,
            vault,
            survey=survey,
            wave=submit.wave,
            unit=self._conversation.unit_id,
            village=submit.village,
            channel=self._conversation.on.channel,
            answers=submit.answers,
            partial=submit.partial,
        )
        invitations.answered(self._tx, self._conversation.id, submit.wave)

    def open_case(self, act: Open, decision: Decision, actor: Actor) -> None:
        if act.blobs and blobs.keep(self._tx, act.blobs) < len(act.blobs):
            raise Refused("photo.expired")
        if (barred := self.desk().barred()) is not None:
            raise Refused("bar.many" if barred.many else "bar.blocked")
        if not self.desk().in_use().takes(act):
            raise Refused("kinds.off")
        if not cases.open_case(self._tx, self._conversation, act, decision, actor, self._now):
            raise Refused("code.taken")
        self._tx.wake(f"queue:{self.unit}")

    def book(self, code: str) -> "StoredCase | None":
        mine = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        found = cases.by_code(self._tx.conn, self.unit, code, mine)
        if found is None or found.account_id not in mine:
            return None
        return StoredCase(self._ledger, self._tx, cases.id_of(self._tx.conn, code), self._now, self)

    def seat(self, effect: BookSeat | CancelSeat | CorrectSeat | MoveSeat) -> None:
        citizen_seats.apply(self._tx, self._conversation, effect, self._now)

    def consent(self, consent: GiveConsent) -> None:
        conversations.add_consent(
            self._tx,
            self._conversation,
            purpose=consent.purpose,
            data=",".join(consent.data),
            wording=consent.wording,
            at=self._now,
        )

    def fetch_media(self, wanted: FetchMedia) -> None:
        job = PhotoJob(account=self._conversation.account_id, ref=wanted.ref, kind=wanted.kind)
        body = self._ledger.vault.seal(msgspec.json.encode(job), PHOTO_CONTEXT)
        key = self._ledger.vault.token("photo", self._conversation.id, wanted.ref).hex()
        jobs.put(self._tx, unit=self.unit, kind=PHOTO_JOB, key=key, run_at=self._now, body=body)

    def follow(self, case: int) -> None:
        mine = self._conversation
        if not following.follow(self._tx, case, mine.account_id, mine.unit_id, self._now):
            raise Refused("near.gone")

    def unfollow(self, case: int) -> None:
        following.unfollow(self._tx, conversations.accounts_of(self._tx.conn, self._conversation.person_id), case)

    def drop_media(self, ids: tuple[int, ...]) -> None:
        blobs.let_go(self._tx, ids)

    def set_opt_out(self, *, out: bool) -> None:
        conversations.set_opted_out(self._tx, self._conversation.account_id, self._now if out else None)

    def set_language(self, language: str) -> None:
        conversations.set_language(self._tx, self._conversation.account_id, language)

    def offer_join(self, code: str) -> None:
        mine = self._conversation
        vault = self._ledger.vault
        joining.offer(self._tx, vault, unit_id=mine.unit_id, account_id=mine.account_id, code=code, now=self._now)

    def join(self, code: str, told: Bubble) -> None:
        mine, vault = self._conversation, self._ledger.vault
        giver = joining.join(self._tx, vault, unit_id=mine.unit_id, person_id=mine.person_id, code=code, now=self._now)
        if giver is None:
            raise Refused("join.gone")
        mine.person_id = giver.person
        self._ledger.write_to(self._tx, giver.account, told, self._now)

    def part(self) -> None:
        mine = self._conversation
        mine.person_id = joining.part(self._tx, unit_id=mine.unit_id, account_id=mine.account_id, now=self._now)

    def came(self, code: str, place: str) -> None:
        sources.began(self._tx, self.unit, code, place, self._now)

    def wrong_code(self) -> None:
        counters.add(self._tx, WRONG_CODES, self._now)

    def subscribe(self, village: int) -> None:
        bulletins.subscribe(self._tx, self._conversation.account_id, village, self._now)

    def use_right(self, right: Right, note: str) -> None:
        mine = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        if right is Right.WITHDRAW:
            rights.withdraw(self._tx, mine, self._now)
        elif right is Right.ERASE:
            rights.erase(self._tx, mine, self._now)
        account = self._conversation.account_id
        rights.ask(self._tx, unit=self.unit, account=account, right=right, note=note, now=self._now, office=self.office)

    def erase(self, topic: int) -> None:
        outbox.erase_topic(self._tx, self._conversation, topic, self._now)

    def gone(self, why: str) -> None:
        conversations.set_gone(self._tx, self._conversation.account_id, why)
        if not why and self._conversation.held:
            deliveries.release(self._tx, self._conversation, self._now)

    def save(self, state: bytes | None, expires_at: int | None = None) -> None:
        if state is None:
            conversations.save_seq(self._tx, self._conversation)
        else:
            conversations.save(self._tx, self._ledger.vault, self._conversation, state, expires_at)


class StoredCase:
    """See bot.ledger.CaseBook."""

    def __init__(self, ledger: Ledger, tx: Tx, case_id: int, now: int, chat: StoredChat | None = None) -> None:
        """`chat` is the one, locked already, whose person acts; else that from which the case was opened is locked."""
        self._tx = tx
        self._id = case_id
        self._now = now
        self._chat = chat
        self._facts: CaseFacts | None = None
        account = None if chat else cases.account_of(tx.conn, case_id)
        if account is not None:
            conversation = conversations.lock_by_account(tx, ledger.vault, account, now)
            self._chat = StoredChat(ledger, tx, conversation, now)
        if self._chat is not None:
            self._facts = cases.facts_of(tx, case_id)

    def facts(self) -> CaseFacts | None:
        return self._facts

    def chat(self) -> StoredChat:
        if self._chat is None:
            raise LookupError("no such case")
        return self._chat

    def responsible(self, actor: Actor) -> str:
        return cases.responsible(self._tx.conn, self._id, actor.id) or self.chat().desk().commune().contact

    def write(self, facts: CaseFacts, decision: Decision, actor: Actor) -> bool:
        sent = decision.blobs or (decision.parts.photos if decision.parts is not None else ())
        if sent and blobs.keep(self._tx, sent) < len(sent):
            raise Refused("photo.expired")
        files = [one.blob for one in decision.files]
        if files and blobs.keep(self._tx, files) < len(files):
            raise Refused("files.gone")
        if not cases.write(self._tx, facts, decision, actor, self._now):
            return False
        if decision.after is not decision.before:
            following.changed(self._tx, facts.id, facts.unit, facts.version + 1, decision.after, self._now)
        merging.changed(self._tx, facts, decision, self._now)
        replies.tell_officers(self._tx, facts, decision, actor, self._now)
        self._tx.wake(f"queue:{facts.unit}")
        return True
