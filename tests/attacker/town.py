"""A small town that answers surveys: a real runtime, people on two channels, a postman, and a clock of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import insert, select, update

from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.waves import expire_round
from app.wording import bot_wording
from bot.channels.webchat import parse
from bot.conversation.messages import Inbound
from feedback.roles import OFFICER, Actor, Role
from storage import invitations, outbox, paper, paper_reading, responses, waves
from storage.blobs import open_blobs
from storage.invitations import Drawn
from storage.store import Store
from storage.tables import accounts, frame_rows, frames
from storage.tables import invitations as invitation_rows
from storage.tables import waves as wave_rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.paper_numbers import form_number
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import DAY, day_of

NEVER_THERE = "Chưa đến lần nào"
_BEEN = 'not viec == "chua_den"'


def survey() -> Survey:
    """Eight questions; whoever has never been there is asked two of them."""
    several = (Choice(id="a", text="Việc thứ nhất"), Choice(id="b", text="Việc thứ hai"), Choice(id="c", text="Khác"))
    return Survey(
        id="tham",
        title="Phiếu thăm dò",
        questions=(
            Question(
                id="viec",
                kind=Kind.SINGLE,
                text="Ông/Bà đến làm việc gì?",
                choices=(Choice(id="giay_to", text="Giấy tờ"), Choice(id="chua_den", text=NEVER_THERE)),
            ),
            Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?", overall=True, show_if=_BEEN),
            Question(id="don_tiep", kind=Kind.LIKERT5, text="Nơi đón tiếp?", show_if=_BEEN),
            Question(id="nhieu", kind=Kind.MULTIPLE, text="Những việc nào?", choices=several, show_if=_BEEN),
            Question(id="so", kind=Kind.NUMBER, text="Mấy lần?", show_if=_BEEN),
            Question(id="gioi_thieu", kind=Kind.NPS, text="Có giới thiệu không?", show_if=_BEEN),
            Question(id="tre", kind=Kind.YESNO, text="Có trễ hẹn không?", show_if=_BEEN),
            Question(id="gop_y", kind=Kind.TEXT, text="Cần làm tốt hơn điều gì?"),
        ),
    )


@dataclass(frozen=True)
class Person:
    """Somebody with a phone. `secret` is what only they say, in the survey's last question; `village` from 1."""

    number: int
    channel: str
    village: int
    secret: str
    said: tuple[str, ...]

    @property
    def id(self) -> str:
        """The platform's id: a cookie's 64 characters, or Telegram's number."""
        return f"{self.number:04x}" * 16 if self.channel == "webchat" else str(7_000_000 + self.number)


def person(number: int, rng: Random, *, channel: str, village: int, brief: bool = False) -> Person:
    """Somebody with answers of their own, drawn by `rng`; `brief` ones have never been there."""
    secret = f"dauhieu{rng.getrandbits(80):020x}"
    middle = (
        "1",
        str(rng.randint(1, 5)),
        rng.choice(["1", "5", "bỏ qua"]),
        rng.choice(["1", "1, 2", "2, 3", "bỏ qua"]),
        str(rng.randint(0, 30)),
        str(rng.randint(0, 10)),
        rng.choice(["có", "không", "bỏ qua"]),
    )
    words = secret + " cần thêm ghế ngồi" * rng.randint(0, 120)
    return Person(number, channel, village, secret, (*(("2",) if brief else middle), words))


def crowd(count: int, seed: int) -> list[Person]:
    """People of two villages and two channels, one in four of them brief, in the order in which they come."""
    rng = Random(seed)
    return [
        person(
            number,
            rng,
            channel="webchat" if number % 2 else "telegram",
            village=1 + number % 2,
            brief=rng.random() < 0.25,
        )
        for number in range(count)
    ]


@dataclass
class Town:
    """`at` is the clock; `rng` is all the chance there is besides that of keys and ids."""

    runtime: Runtime
    commune: SampleCommune
    wave: int
    version: int
    at: int
    rng: Random
    _events: int = 0
    _letters: int = 0
    survey: Survey = field(default_factory=survey)

    @property
    def store(self) -> Store:
        return self.runtime.store

    # --- talking ---

    async def hears(self, who: Person, text: str = "", *, source: str = "", seconds: int = 0) -> None:
        """One message of somebody, and the postman afterwards."""
        self.at += 1_000 * (seconds or self.rng.randint(2, 30))
        self._events += 1
        if who.channel == "webchat":
            visitor = parse.Visitor(self.commune.webchat, who.id)
            m = f"page{self._events:08d}"
            event = parse.words(visitor, m, text, at=self.at) if text else parse.start(visitor, source, at=self.at)
            assert isinstance(event, Inbound)
        else:
            event = Inbound(
                channel="telegram",
                channel_account=self.commune.telegram,
                dedupe_key=f"u{900_000 + self._events}",
                person=who.id,
                kind="text" if text else "start",
                text=text,
                source=source,
                at=self.at,
            )
        await self.runtime.receive(event)
        await self.deliver()

    async def begins(self, who: Person, source: str = "ks_tham") -> None:
        """They come by a poster, or by a one-time code ("m_CODE")."""
        await self.hears(who, source=source)

    async def answers(self, who: Person, source: str = "ks_tham") -> None:
        """The whole survey, from the poster to the thanks."""
        await self.begins(who, source)
        for text in (*who.said, f"mau {who.village}"):
            await self.hears(who, text)

    async def deliver(self) -> None:
        """The post takes what there is for Telegram, which numbers all messages of a bot one after the other."""
        vault, on = self.runtime.vault, self.commune.telegram

        def unit(tx: Tx) -> int:
            claimed = outbox.claim(tx, vault, on, self.at, 60_000, 50)
            for letter in claimed:
                self._letters += 1
                outbox.sent(tx, vault, letter.id, str(self._letters), self.at)
            return len(claimed)

        while await self.store.write(unit):
            pass

    # --- what the worker does ---

    async def release(self) -> int:
        """What `app.worker.release` does, with the chance of the test; how many responses went."""
        day, rng = day_of(self.at), self.rng
        vault, surveys = self.runtime.vault, self.runtime.ledger.surveys
        total = 0
        while went := await self.store.write(
            lambda tx: responses.release(tx, vault, lambda version: surveys.get(tx, version), day, rng)
        ):
            total += went
        for wave in await self.store.read(lambda conn: responses.closing(conn, self.at)):
            while went := await self.store.write(
                partial(
                    lambda tx, wave: responses.close_wave(
                        tx, vault, wave, lambda version: surveys.get(tx, version), day, rng
                    ),
                    wave=wave,
                )
            ):
                total += went
        return total

    async def close(self, wave: int) -> None:
        """The wave is over, and the time is past in which turns under way come in."""
        ended = update(wave_rows).where(wave_rows.c.id == wave).values(state="closed", closes_at=self.at)
        await self.store.write(lambda tx: tx.execute(ended).rowcount)
        self.at += responses.CLOSING

    async def expire(self) -> None:
        """Two weeks later: what was left unfinished is handed in."""
        self.at += 15 * DAY
        await expire_round(self.runtime)

    # --- one-time codes and paper ---

    async def invite(self, count: int) -> tuple[int, list[str]]:
        """A second wave, asked by code alone: its id and the codes."""
        unit, now, vault = self.commune.commune, self.at, self.runtime.vault
        asked = survey()

        def draw(tx: Tx) -> tuple[int, list[str]]:
            wave = waves.publish(tx, unit, asked, "the same by code", now).wave
            tx.execute(update(wave_rows).where(wave_rows.c.id == wave).values(kind="invited", code="theo-ma"))
            row = {"id": 5, "unit_id": unit, "name": "hộ", "kind": "household", "size": count, "checksum": "c"}
            tx.execute(insert(frames).values(**row, imported_at=now))
            for number in range(1, count + 1):
                tx.execute(insert(frame_rows).values(id=number, frame_id=5, number=number, body=b"sealed"))
            invitations.invite_rows(tx, vault, unit, wave, [Drawn(n, None, None) for n in range(1, count + 1)], now)
            stored = tx.execute(
                select(invitation_rows.c.frame_row_id, invitation_rows.c.code).where(invitation_rows.c.wave_id == wave)
            )
            lines = sorted(stored.all(), key=lambda line: line.frame_row_id)
            return wave, [invitations.code_of(vault, unit, wave, line.frame_row_id, bytes(line.code)) for line in lines]

        return await self.store.write(draw)

    async def types(self, forms: list[Mapping[str, Answer]], village: int) -> None:
        """An officer types a pile of forms and closes it."""
        actor = Actor(kind=OFFICER, unit=self.commune.commune, id=self.commune.officer, role=Role.RECEPTION)
        vault, place = self.runtime.vault, self.commune.villages[village - 1]

        def chance(n: int, k: int) -> list[int]:
            return self.rng.sample(range(n), k)

        def unit(tx: Tx) -> None:
            batch = paper.open_batch(
                tx, actor, wave=self.wave, village=place, source="paper", expected=len(forms), now=self.at
            )
            for number, answers in enumerate(forms, start=1):
                paper.save(tx, vault, batch, form_number(b"town", number), self.survey, answers, self.at)
            paper.draw(tx, actor, batch, chance, self.at)
            for form in paper_reading.bodies(tx.conn, batch):
                if form.drawn == paper_reading.Drawn.WAITING:
                    said = paper_reading.opened(vault, form.id, form.body)
                    paper.check(tx, vault, batch, form.number, self.survey, said, self.at)
            paper.close(tx, vault, actor, batch, self.survey, chance, self.at)

        await self.store.write(unit)

    # --- who is who, which the attacker reads as well ---

    async def account_of(self, who: Person) -> int:
        found = await self.store.read(
            lambda conn: conn.scalar(select(accounts.c.id).where(accounts.c.platform_id == who.id))
        )
        assert found is not None
        return int(found)


async def settle(store: Store, url: str, folder: Path, vault: Vault, commune: SampleCommune, now: int) -> Town:
    """The town of a test, with a survey that everybody may answer."""
    settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "elsewhere" / "key"))
    published = await store.write(lambda tx: waves.publish(tx, commune.commune, survey(), "town", now))
    town: list[Town] = []
    blobs = open_blobs(url, store, folder / "nghedan.db.blobs")
    runtime = Runtime(settings, store, vault, bot_wording(), blobs, now=lambda: town[0].at, patience=UNHURRIED)
    town.append(Town(runtime, commune, published.wave, published.version, now, Random(11)))
    return town[0]
