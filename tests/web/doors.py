"""What stands before a door in page tests: a person who waits at a signed page, an officer at the desk, a map."""

import io
import re

from PIL import Image
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from bot.conversation.messages import Inbound, InboundKind
from storage import conversations, links, maps, reading_chat, waves
from storage.links import Link
from storage.outbox import context
from storage.tables import outbox
from surveys.definition import Kind, Privacy, Question, Survey
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, look, outside

_SURVEY = Survey(
    id="noi",
    title="Phiếu nơi chốn",
    privacy=Privacy.CONFIDENTIAL,
    questions=(
        Question(id="o_dau", kind=Kind.PLACE, text="Ở đâu?"),
        Question(id="the_nao", kind=Kind.TEXT, text="Ở đó thế nào?"),
    ),
)


def enter(client: TestClient, login: str) -> None:
    """Sign an officer in."""
    client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})


def picture(width: int = 64, height: int = 32, kind: str = "JPEG") -> bytes:
    """A picture of one colour; a PNG of one bit is small however many pixels it has."""
    data = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", (width, height)).save(data, kind)
    return data.getvalue()


def with_map(house: House) -> House:
    """The commune has a picture, twice as wide as high."""
    unit = house.commune.commune
    blob = run_apart(house.runtime.blobs.put(unit, "image/jpeg", picture(640, 320), width=640, height=320))
    outside(house, lambda tx: maps.put(tx, unit, blob, north=21.6, south=21.5, west=106.4, east=106.6))
    return house


class Waiting:
    """Somebody on a channel that cannot bring what is asked for: before a survey's "where?", or before nothing yet."""

    def __init__(self, house: House, person: str = "77", channel: str = "telegram", *, asked: bool = True) -> None:
        self.house, self.person, self.channel, self.number = house, person, channel, 0
        unit = house.commune.commune
        if person == "77":
            outside(house, lambda tx: waves.publish(tx, unit, _SURVEY, "told", house.at))
        self.account = outside(house, lambda tx: conversations.ensure_channel_account(tx, unit, channel))
        if asked:
            self._does("start", source="ks_noi")

    def says(self, *words: str) -> str:
        """Type one after the other; the newest message afterwards."""
        for text in words:
            self._does("text", text=text)
        return self.hears()

    def _does(self, kind: InboundKind, *, text: str = "", source: str = "") -> None:
        self.number += 1
        event = Inbound(
            channel=self.channel, channel_account=self.account, dedupe_key=f"{self.person}.{self.number}",
            person=self.person, kind=kind, at=self.house.at, text=text, source=source,
        )  # fmt: skip
        run_apart(self.house.runtime.receive(event))

    def link(self) -> Link:
        """What the page of the open question stands for."""
        found = re.search(r"/mau/them/([A-Za-z0-9_-]+)", self.hears())
        assert found, self.hears()
        link = links.read(self.house.services.vault, found[1], self.house.at)
        assert link is not None
        return link

    def page(self, **other: object) -> str:
        """The path of that page, or of one that stands for something else."""
        asked = other.pop("asked", None) or self.link()
        assert isinstance(asked, Link)
        facts = {"conversation": asked.conversation, "wants": asked.wants, "nonce": asked.nonce, "until": asked.until}
        made = Link(**(facts | other))  # type: ignore[arg-type]  # keywords by name
        return f"/mau/them/{links.make(self.house.services.vault, made)}"

    def hears(self) -> str:
        """The newest message to this person, as JSON text."""

        def newest(conn: Connection) -> str:
            chat = reading_chat.conversation(conn, self.account, self.person)
            mine = select(outbox).where(outbox.c.conversation_id == chat)
            row = conn.execute(mine.order_by(outbox.c.seq.desc()).limit(1)).one()
            return self.house.services.vault.open(bytes(row.body), context(row.id)).decode()

        return look(self.house, newest)
