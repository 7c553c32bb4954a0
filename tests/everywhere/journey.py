"""One citizen's way through a running `nghedan serve`: what they do on their phone and read on it, written down."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.e2e.citizens import CODE, Officer, jpeg, said, typed
from tests.everywhere.phones import Phone
from tests.everywhere.screen import Screen

REPLY = "Tổ vệ sinh đã thu gom sáng nay. Từ tuần sau xe rác vào thôn thứ Hai và thứ Năm."
_DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
_YEAR_CODE = "<mã>"
_DEADLINE = 20.0
_LOOK = 0.05


@dataclass
class Journey:
    """The journey of one citizen; `lines` are what a reader reads aloud, `code` that of the newest case."""

    channel: str
    phone: Phone
    officer: Officer
    fetching: Callable[[], bool]
    """Whether a picture is still on its way from the platform."""
    lines: list[str] = field(default_factory=list)
    code: str = ""
    _asked: Sequence[str] = ()

    def said(self, key: str) -> str:
        """A piece of what the bot says there."""
        return typed(key) if self.channel == "zalo_bot" else said(key)

    async def walk(self) -> str:
        """The whole way; the text of the file."""
        await self._survey()
        await self._case()
        await self._follow_up()
        await self._dialogue()
        return "\n".join(self.lines) + "\n"

    async def _survey(self) -> None:
        self._heading("Trả lời phiếu")
        await self._do("(mở cuộc trò chuyện)", self.phone.start("", 0), self.said("menu.title"))
        await self._choose("Trả lời phiếu: Ba câu hỏi sau khi làm thủ tục", "Câu 1/3.")
        await self._choose("Hài lòng", "Câu 2/3.")
        await self._say("không hài lòng", "Câu 3/3.")
        await self._say("Nên trả kết quả sớm hơn, tôi phải đi lại ba lần.", self.said("survey.village"))
        await self._choose("thôn Mẫu Một", self.said("menu.title"))

    async def _case(self) -> None:
        self._heading("Gửi phản ánh, kèm vị trí và ảnh")
        await self._choose(self.said("menu.feedback"), self.said("draft.ask.category"))
        await self._choose("Môi trường, rác thải", self.said("draft.ask.text.feedback"))
        key = {"telegram": self.said("keyboard.place")}.get(self.channel, self.said("draft.ask.photo_place"))
        await self._say("Rác ở đầu thôn chưa được thu gom từ thứ Hai.", key)
        where = "(chỉ vị trí trên trang)" if self.channel == "zalo_bot" else "(gửi vị trí)"
        await self._do(where, self.phone.place(21.69, 106.6), self.said("draft.ask.village"))
        await self._do("(gửi một tấm ảnh)", self.phone.photo(jpeg()), self.said("draft.ask.village"))
        await self._choose("thôn Mẫu Một", self.said("draft.review"))
        await self._choose(self.said("draft.send_hidden"), self.said("menu.title"))

    async def _follow_up(self) -> None:
        self._heading("Cán bộ trả lời, người dân xem lại và viết tiếp")
        await self._do("(cán bộ trả lời)", self._reply(), REPLY)
        await self._say(self.code.lower().replace("-", " "), self.said("menu.title"))
        await self._choose(self.said("case.way.not_done"), "còn gì chưa được")
        await self._say("Bên bờ suối vẫn còn nhiều rác.", self.said("menu.title"))

    async def _dialogue(self) -> None:
        self._heading("Đề nghị gặp, đối thoại")
        await self._choose(self.said("menu.dialogue"), self.said("draft.ask.category"))
        await self._choose(self.said("category.land"), self.said("draft.ask.text.dialogue"))
        await self._say("Giấy chứng nhận quyền sử dụng đất của gia đình tôi.", self.said("draft.ask.village_home"))
        await self._choose("thôn Mẫu Hai", self.said("draft.ask.name"))
        key = {"telegram": self.said("keyboard.contact"), "zalo_oa": "(mẫu"}.get(
            self.channel, self.said("draft.ask.phone_needed")
        )
        await self._say("Nông Văn Mẫu", key)
        await self._say("0912 345 678", self.said("draft.ask.day"))
        await self._say("sáng thứ Tư", self.said("draft.review"))
        await self._choose(self.said("draft.send"), self.said("menu.title"))

    async def _reply(self) -> None:
        await self.officer.replies(self.code, REPLY)

    def _heading(self, text: str) -> None:
        self.lines += ["", f"# {text}", ""] if self.lines else [f"# {text}", ""]

    async def _say(self, text: str, until: str) -> None:
        await self._do(text, self.phone.say(text), until)

    async def _choose(self, label: str, until: str) -> None:
        """Press a button where there is one, else type the number before the line, else its words."""
        digit = next((line.partition(".")[0] for line in self._asked if line.partition(". ")[2] == label), "")
        button = any(label in (line, line.partition(". ")[2]) for line in self._buttons)
        shown = f"[{label}]" if button else digit or label
        await self._do(shown, self.phone.press(label, digit), until)

    async def _do(self, what: str, doing: object, until: str) -> None:
        assert asyncio.iscoroutine(doing)
        self.lines += [f"— {self._plain(what)}", ""]
        await doing
        await self.phone.brought()
        deadline = asyncio.get_running_loop().time() + _DEADLINE
        heard: list[Screen] = []
        while not (heard and any(until in line for line in heard[-1].lines)):
            assert asyncio.get_running_loop().time() < deadline, f"{what}: {until!r} does not come last in {heard}"
            await asyncio.sleep(_LOOK)
            heard += await self.phone.seen()
        while self.fetching():
            assert asyncio.get_running_loop().time() < deadline, f"{what}: the picture does not come"
            await asyncio.sleep(_LOOK)
        for screen in heard:
            found = CODE.search(screen.text)
            self.code = found.group() if found else self.code
            self.lines += [self._plain(line) for line in screen.lines] + [""]
        asked = [screen for screen in heard if screen.text]
        self._asked = [line for screen in asked for line in (*screen.text.splitlines(), *screen.buttons)]
        self._buttons = [label for screen in heard for label in screen.buttons]

    def _plain(self, line: str) -> str:
        if self.code:
            line = line.replace(self.code.lower().replace("-", " "), _YEAR_CODE)
        line = re.sub(r"http://127\.0\.0\.1:\d+", "https://xa-mau.example", line)
        return _DATE.sub("<ngày>", CODE.sub(_YEAR_CODE, line))
