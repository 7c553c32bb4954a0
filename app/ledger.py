"""bot's view of the store: one conversation, or one case, within one open transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

import msgspec

from app.capabilities import CAPABILITIES
from bot.channels.base import needs_page
from bot.conversation.desk import CaseBrief, Commune, Invited, Village, Wave
from bot.conversation.effects import FetchMedia, GiveConsent, Submit
from bot.conversation.messages import Bubble, Inbound, MediaKind, Own, Wants
from bot.ledger import Refused
from feedback.acts import CaseFacts, Decision, Open
from feedback.codes import make_code
from feedback.kinds import Kind as CaseKind
from feedback.roles import Actor
from feedback.states import State
from storage import (
    blobs,
    cases,
    conversations,
    invitations,
    jobs,
    links,
    outbox,
    participations,
    responses,
    sources,
    survey_files,
    units,
    waves,
)
from storage.conversations import ChannelAccount, Conversation
from storage.tx import Tx
from storage.vault import SHORT, Vault
from surveys.definition import Answer, Kind, Survey
from vietnam.time import DAY, local

PHOTO_JOB = "photo"
PHOTO_CONTEXT = b"job:photo"
_BLOB = "blob:"
_SENT = frozenset({Kind.PHOTO, Kind.VOICE})
_OF_THE_PERSON = frozenset({"start", "text", "choice", "photo", "location", "contact", "voice", "unsupported"})
"""Events that show that the person can be reached again."""


class PhotoJob(msgspec.Struct, frozen=True):
    """A picture, or a voice, to be brought over for an account, by the platform's own reference."""

    account: int
    ref: str
    kind: MediaKind = "photo"


def media_of(survey: Survey, answers: Mapping[str, Answer]) -> list[int]:
    """The blobs of the pictures and voices among the answers."""
    sent = [str(answers.get(question.id) or "") for question in survey.questions if question.kind in _SENT]
    return [int(answer.removeprefix(_BLOB)) for answer in sent if answer]


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


class Ledger:
    """What every chat of a process shares: the key, the frozen surveys, where the pages are."""

    def __init__(self, vault: Vault, public_url: str, draw: Callable[[], int], partial_days: int = 14) -> None:
        """`partial_days`: how long an unfinished answer is kept before it is handed in as it is (DL5)."""
        self.vault = vault
        self.partial_days = partial_days
        self.draw = draw
        self.surveys = Surveys()
        self.public_url = public_url.rstrip("/")

    def chat(self, tx: Tx, on: ChannelAccount, platform_id: str, now: int) -> "StoredChat":
        """The chat of a person, locked."""
        return StoredChat(self, tx, conversations.lock(tx, self.vault, on, platform_id, now), now)

    def book(self, tx: Tx, case_id: int, now: int) -> "StoredCase":
        """A case for an officer's act: its conversation is locked first, then the case."""
        return StoredCase(self, tx, case_id, now)


class StoredDesk:
    """See bot.conversation.desk.Desk."""

    def __init__(self, ledger: Ledger, tx: Tx, conversation: Conversation, now: int) -> None:
        self._ledger = ledger
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

    @property
    def slug(self) -> str:
        """Where the pages of the commune are."""
        return self._unit.slug

    def villages(self) -> list[Village]:
        found = units.villages(self._tx.conn, self._conversation.unit_id)
        return [Village(row.id, row.name, row.former) for row in found]

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

    def takes_answers(self, wave: int, *, partial: bool = False) -> bool:
        return waves.takes_answers(self._tx.conn, wave, self._now, partial=partial)

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
            takes=found.takes,
            used=found.used,
        )

    def deadline(self, wave: int, begun_at: int) -> int:
        closes_at = waves.closes_at(self._tx.conn, wave)
        patience = begun_at + self._ledger.partial_days * DAY
        return patience if closes_at is None else min(patience, closes_at)

    def draft_url(self, wave: int) -> str:
        return f"{self._ledger.public_url}/{self._unit.slug}/lay-y-kien/{waves.code_of(self._tx.conn, wave)}"

    def file(self, version: int, name: str) -> int:
        return survey_files.blob_of(self._tx.conn, version, name)

    def own_cases(self) -> list[CaseBrief]:
        accounts = conversations.accounts_of(self._tx.conn, self._conversation.person_id)
        return [_brief(row) for row in cases.of_accounts(self._tx.conn, accounts)]

    def case(self, code: str) -> CaseBrief | None:
        found = cases.by_code(self._tx.conn, self._conversation.unit_id, code)
        return None if found is None else _brief(found)

    def new_code(self) -> str:
        return make_code(self._unit.prefix, local(self._now).year, self._ledger.draw())


def _brief(row: cases.Brief) -> CaseBrief:
    return CaseBrief(
        code=row.code,
        kind=CaseKind(row.kind),
        state=State(row.state),
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        reply=row.reply,
    )


def _as_long(body: bytes, long: bool) -> bytes:  # noqa: FBT001
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

    def page_for(self, wants: Wants, nonce: int) -> str:
        capabilities = CAPABILITIES.get(self._conversation.on.channel)
        if capabilities is None or not needs_page(capabilities, wants):
            return ""
        link = links.Link(conversation=self.id, wants=wants, nonce=nonce, until=self._now + links.LIFE)
        slug = self.desk().slug
        return f"{self._ledger.public_url}/{slug}/them/{links.make(self._ledger.vault, link)}"

    def state(self) -> bytes | None:
        return self._conversation.state

    def desk(self) -> StoredDesk:
        return StoredDesk(self._ledger, self._tx, self._conversation, self._now)

    def first_time(self, inbound: Inbound) -> bool:
        vault, on = self._ledger.vault, self._conversation.on.id
        first = conversations.first_time(self._tx, vault, on, inbound.dedupe_key, self._now)
        if first and self._conversation.gone and inbound.kind in _OF_THE_PERSON:
            self.gone("")
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

    def say(self, bubble: Bubble, topic: int, *, notice: bool = False, long: bool = False) -> None:
        lane = outbox.Lane.NOTICE if notice else outbox.Lane.REPLY
        self._add(_as_long(msgspec.json.encode(bubble), long), topic, lane=lane)

    def keep_own(self, own: Own, topic: int, *, long: bool = False) -> None:
        self._add(_as_long(msgspec.json.encode(own), long), topic, own=True)

    def _add(self, body: bytes, topic: int, *, lane: outbox.Lane = outbox.Lane.REPLY, own: bool = False) -> None:
        outbox.add(
            self._tx, self._ledger.vault, self._conversation, body, at=self._now, lane=lane, topic=topic, own=own
        )

    def submit(self, submit: Submit) -> None:
        if not self.desk().takes_answers(submit.wave, partial=submit.partial):
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
        if not cases.open_case(self._tx, self._conversation, act, decision, actor, self._now):
            raise Refused("code.taken")
        self._tx.wake(f"queue:{self.unit}")

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

    def set_opt_out(self, *, out: bool) -> None:
        conversations.set_opted_out(self._tx, self._conversation.account_id, self._now if out else None)

    def set_language(self, language: str) -> None:
        conversations.set_language(self._tx, self._conversation.account_id, language)

    def came(self, code: str, place: str) -> None:
        sources.began(self._tx, self.unit, code, place, self._now)

    def erase(self, topic: int) -> None:
        outbox.erase_topic(self._tx, self._conversation, topic, self._now)

    def gone(self, why: str) -> None:
        conversations.set_gone(self._tx, self._conversation.account_id, why)

    def save(self, state: bytes | None, expires_at: int | None = None) -> None:
        if state is None:
            conversations.save_seq(self._tx, self._conversation)
        else:
            conversations.save(self._tx, self._ledger.vault, self._conversation, state, self._now, expires_at)


class StoredCase:
    """See bot.ledger.CaseBook."""

    def __init__(self, ledger: Ledger, tx: Tx, case_id: int, now: int) -> None:
        self._tx = tx
        self._now = now
        self._chat: StoredChat | None = None
        self._facts: CaseFacts | None = None
        account = cases.account_of(tx.conn, case_id)
        if account is not None:
            conversation = conversations.lock_by_account(tx, ledger.vault, account, now)
            self._chat = StoredChat(ledger, tx, conversation, now)
            found = cases.facts_of(tx, case_id)
            self._facts = None if found is None else found[0]

    def facts(self) -> CaseFacts | None:
        return self._facts

    def chat(self) -> StoredChat:
        if self._chat is None:
            raise LookupError("no such case")
        return self._chat

    def write(self, facts: CaseFacts, decision: Decision, actor: Actor) -> bool:
        return cases.write(self._tx, facts, decision, actor, self._now)
