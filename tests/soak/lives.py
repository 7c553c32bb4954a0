"""What a citizen of the soak does, and what must be left of it: every case and every questionnaire, counted here."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from tests.e2e.citizens import jpeg, said
from tests.soak.lines import Citizen

SURVEY = "Trả lời phiếu: Ba câu hỏi sau khi làm thủ tục"
_SOURCE = "ks_sau_thu_tuc"
_CATEGORIES = ("1", "an ninh trat tu", "Chính sách, trợ cấp xã hội", "8")
"""Of fields about people: of roads or refuse whoever comes next would be asked whether it is the same matter."""
_VILLAGES = ("mau mot", "thôn Mẫu Hai", "3")
_SENT = {kind: said(f"draft.sent.{kind}") for kind in ("feedback", "petition", "dialogue")}
_LOST = said("photo.failed")


class Brought(NamedTuple):
    """A case as it must lie in the store, exactly once."""

    channel: str
    person: str
    kind: str
    text: str
    photos: int
    on_map: bool
    phone: str


@dataclass
class Town:
    """What everybody has done so far; `photos` were fetched from a platform after they were acknowledged."""

    cases: Counter[Brought] = field(default_factory=Counter)
    opinions: Counter[str] = field(default_factory=Counter)
    photos: int = 0
    citizens: Counter[str] = field(default_factory=Counter)


class Life:
    """One citizen, from the first word to the last."""

    def __init__(self, number: int, citizen: Citizen, random: Random, town: Town, *, pictures: float) -> None:
        """`pictures`: the share of cases that have one; each costs a process of its own."""
        self._number = number
        self._citizen = citizen
        self._random = random
        self._town = town
        self._pictures = pictures
        self._said = 0

    async def run(self) -> None:
        """Greet, then everything in any order: the questionnaire once, cases of every kind, looking up, going back."""
        citizen, random = self._citizen, self._random
        first = random.random() < 0.5
        telegram = citizen.channel == "telegram"
        await citizen.starts(_SOURCE if telegram and first else SURVEY if first else "menu")
        if first:
            await self._answers(begun=telegram)
        todo: list[Callable[[], Awaitable[None]]] = [
            self._feedback,
            self._feedback,
            self._petition,
            self._dialogue,
            self._just_writes,
            self._looks_up,
            self._gives_up,
        ]
        if not first:
            todo.append(self._asks_for_the_survey)
        random.shuffle(todo)
        for one in todo:
            await one()
        self._town.citizens[citizen.channel] += 1

    async def _asks_for_the_survey(self) -> None:
        await self._says("menu")
        await self._citizen.presses(SURVEY)
        await self._answers(begun=True)

    async def _answers(self, *, begun: bool) -> None:
        """The three questions, the village, and it is handed in."""
        opinion = self._words("Trả kết quả sớm hơn")
        await self._says(self._random.choice(("hai long", "4", "Rất hài lòng", "bo qua")))
        if self._random.random() < 0.3:
            await self._citizen.fidgets()
        await self._says(self._random.choice(("khong hai long", "2", "9", "bỏ qua")))
        await self._says(opinion, self._random.choice(_VILLAGES))
        self._town.opinions[opinion] += 1

    async def _feedback(self) -> None:
        citizen, random = self._citizen, self._random
        text = self._words("Rác ở ngõ chưa ai thu gom")
        await self._says("menu")
        if random.random() < 0.5 and citizen.channel == "telegram":
            await citizen.presses(said("menu.feedback"))
        else:
            await self._says("gui phan anh")
        await citizen.fidgets()
        await self._says(random.choice(_CATEGORIES), text)
        photos, on_map = 0, False
        if random.random() < self._pictures:
            await citizen.sends_photo(jpeg(64, 48))
            photos = 1
        elif random.random() < 0.6:
            on_map = await citizen.sends_place(21.69, 106.62)
            if not on_map:
                await self._says("đầu ngõ, cạnh nhà văn hóa")
        else:
            await self._says("bo qua")
        await self._says(random.choice(_VILLAGES))
        await self._finishes("feedback", text, photos, on_map=on_map)

    async def _petition(self) -> None:
        text = self._words("Xin bố trí cán bộ trực buổi chiều")
        await self._says("menu", "kien nghi", self._random.choice(_CATEGORIES), text, "không có ảnh")
        await self._says(self._random.choice(_VILLAGES))
        await self._finishes("petition", text, 0, on_map=False)

    async def _just_writes(self) -> None:
        text = self._words("Bãi rác đầu thôn đốt khói mù cả ngày, già trẻ đều ho")
        await self._says("menu", text, "phản ánh", "việc khác", "ko", self._random.choice(_VILLAGES))
        await self._finishes("feedback", text, 0, on_map=False)

    async def _dialogue(self) -> None:
        text, phone = self._words("Đất của nhà tôi"), f"0912{self._number % 1_000_000:06d}"
        await self._says("de nghi gap doi thoai voi lanh dao", "1", text, self._random.choice(_VILLAGES))
        await self._says("Nông Văn Mẫu", "chưa nhớ số", phone, "bo qua", "1")
        self._keep("dialogue", text, phone=phone)

    async def _finishes(self, kind: str, text: str, photos: int, *, on_map: bool) -> None:
        """Who it is, a look at it all, and off it goes."""
        citizen = self._citizen
        phone = f"0987{self._number % 1_000_000:06d}" if self._random.random() < 0.4 else ""
        if phone:
            await self._says("ghi ten", "Nông Thị Mẫu", phone)
        later = bool(photos) and citizen.sees_pictures_later
        if later:
            await citizen.hears(text)  # the look at it all: what is heard from there on is about this case
        await self._says("1")
        if later:
            # It goes off when the picture has come over; where that fails for good, it is asked for again.
            if await citizen.hears(_SENT[kind], _LOST) == _LOST:
                photos = 0
                await self._says("bo qua", "1")
            self._town.photos += 1
        self._keep(kind, text, photos, on_map=on_map, phone=phone)

    def _keep(self, kind: str, text: str, photos: int = 0, *, on_map: bool = False, phone: str = "") -> None:
        who = self._citizen
        self._town.cases[Brought(who.channel, who.person, kind, text, photos, on_map, phone)] += 1

    async def _looks_up(self) -> None:
        await self._says("tra cuu", "VL-2026-AAAAAA-A", "menu", "tro giup", "menu")

    async def _gives_up(self) -> None:
        """A case that is begun and thrown away leaves nothing."""
        await self._says("menu", "gui phan anh", "2", self._words("Thôi không gửi nữa"), "bo qua", "1")
        await self._says("4", "menu")

    async def _says(self, *texts: str) -> None:
        for text in texts:
            await self._citizen.says(text)

    def _words(self, about: str) -> str:
        """Words that nobody else says."""
        self._said += 1
        return f"{about} (người {self._number}, lần {self._said}) 🙂"
