"""What stands on a person's phone, and what ought to: a transcript's message as a channel's capabilities make it."""

import re
from dataclasses import dataclass, field

from app.capabilities import CAPABILITIES
from bot.channels.base import Capabilities, brings, needs_page
from bot.channels.texts import Typed, numbered, printed, split
from bot.conversation.messages import Bubble, Wants
from bot.conversation.wording import Wording

PAGE, LISTEN = "<trang>", "<nghe>"
_PAGE = re.compile(r"https?://[^\s/]+/[a-z-]+/(?:them|du-lieu|viec)/[\w.~-]+")
_LISTEN = re.compile(r"https?://[^\s/]+/nghe/[\w.~-]+")
_WEB = "https://nghedan.example/mau/"
_ONE_LINE = 60
"""Characters: a longer choice cannot be read on a button, so it stands in the text with its number."""
_KEYS: dict[Wants, str] = {"place": "place", "scene": "place", "contact": "contact"}


@dataclass(frozen=True)
class Screen:
    """One message. `opens` is the label of a button that opens a page, `key` of one in place of the letters.

    `sound`: a recording is played. `file`: the name of a document that came. `instead`: it took the place of an earlier
    message. `form` asks for a telephone.
    """

    text: str = ""
    buttons: tuple[str, ...] = ()
    opens: str = ""
    key: str = ""
    form: str = ""
    sound: bool = False
    file: str = ""
    instead: bool = False

    @property
    def lines(self) -> list[str]:
        """To be read, and compared line by line."""
        found = ["(thay tin trước)"] if self.instead else []
        found += ["♪"] if self.sound else []
        found += [f"▤ {self.file}"] if self.file else []
        found += self.text.splitlines()
        found += [f"  [{label}]" for label in self.buttons]
        found += [f"  [{self.opens} →]"] if self.opens else []
        found += [f"  ⌨ [{self.key}]"] if self.key else []
        return found + ([f"  (mẫu: {self.form})"] if self.form else [])


def read(screens: list[Screen]) -> list[str]:
    """Messages one after the other, as lines."""
    return [line for screen in screens for line in (*screen.lines, "---")][:-1]


def plain(text: str) -> str:
    """A text with the addresses that differ each time taken out."""
    return _LISTEN.sub(LISTEN, _PAGE.sub(PAGE, text)).strip()


@dataclass
class Expected:
    """What a channel ought to show, message after message; it knows which button stands in place of the letters."""

    channel: str
    say: Wording
    _keys: str = field(default="", init=False)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.channel]

    def of(self, bubbles: list[Bubble]) -> list[Screen]:
        """The messages of these, in order."""
        return [screen for bubble in bubbles for screen in self._one(bubble)]

    def _one(self, bubble: Bubble) -> list[Screen]:
        can = self.capabilities
        if not can.pushed:
            return [
                Screen(
                    plain(bubble.text),
                    tuple(printed(button) for button in bubble.buttons),
                    sound=bool(bubble.audio),
                    instead=bool(bubble.edits) and can.edit,
                )
            ]
        page = bool(bubble.wants) and needs_page(can, bubble.wants)
        opens = self.say(f"page.{bubble.wants}") if page else ""
        on_button = opens if can.link_buttons else ""
        shown = self._numbered(bubble, bool(on_button))
        parts = [_PAGE.sub(PAGE, shown.text), f"{opens}:\n{_address(bubble)}" if opens and not on_button else ""]
        if bubble.audio and not _plays(self.channel):
            parts.insert(1 if can.link_buttons else 2, self.say.texts["typed.recording"].format(link=LISTEN))
        text = "\n\n".join(part for part in parts if part)
        buttons = tuple(printed(button) for button in shown.buttons)
        sound = bool(bubble.audio) and _plays(self.channel)
        instead = bool(bubble.edits) and can.edit and not sound
        *before, last = split(text, can.max_text)
        found = [Screen(sound=True)] if sound else []
        found += self._pictures(bubble)
        found += [Screen(part) for part in before]
        found.append(Screen(last, buttons, on_button, instead=instead and not before))
        found += [Screen(file=file.name) for file in bubble.files if brings(can, file)]
        return self._with_asking(bubble, found, edited=bool(bubble.edits) and can.edit)

    def _pictures(self, bubble: Bubble) -> list[Screen]:
        """One message for each picture that the channel shows; Zalo says that one comes."""
        text = self.say.texts["zalo_oa.picture"] if self.channel == "zalo_oa" else ""
        return [Screen(text) for _picture in bubble.pictures[: self.capabilities.pictures]]

    def _numbered(self, bubble: Bubble, opens: bool) -> Bubble:  # noqa: FBT001 - the test names it
        can = self.capabilities
        return numbered(bubble, max(can.buttons - opens, 0), _ONE_LINE, Typed(self.say.texts["typed.ways"]))

    def _with_asking(self, bubble: Bubble, found: list[Screen], *, edited: bool) -> list[Screen]:
        """The same with what asks for a place or a telephone, where the channel has something that asks."""
        can = self.capabilities
        wants = _KEYS.get(bubble.wants, "")
        if wants == "contact" and can.contact_in and can.place_in != "asked":
            return [*found, Screen(form=self.say("zalo_oa.contact_title"))]
        if can.place_in != "asked":
            return found
        if wants:
            if edited or self._keys == bubble.wants:
                return found
            self._keys = bubble.wants
            return [*found, Screen(self.say(f"keyboard.{wants}"), key=self.say(f"keyboard.{wants}_button"))]
        if not self._keys:
            return found
        self._keys = ""
        carries = any(not (one.buttons or one.opens or one.sound or one.file or one.instead) for one in found)
        return found if carries else [Screen(self.say("keyboard.gone")), *found]


def _address(bubble: Bubble) -> str:
    return _WEB if bubble.wants == "web" else PAGE


def _plays(channel: str) -> bool:
    """Zalo sends no recordings of ours: there, an address stands in the text (docs/operators/zalo.md)."""
    return channel in {"telegram", "webchat"}
