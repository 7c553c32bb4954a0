"""What every dialogue is given while it thinks about one message, and where it puts what it wants to happen."""

from dataclasses import dataclass, field

import msgspec

from bot.conversation.desk import Desk, Wave
from bot.conversation.effects import Effect, Option, Say, Text, t
from bot.conversation.messages import Inbound, Wants
from bot.conversation.state import Drafting, State
from bot.conversation.wording import Wording
from vietnam.text import fold_words
from vietnam.time import day_of

BACK, SKIP, MENU, HELP, STOP, DROP = "back", "skip", "go:menu", "go:help", "go:stop", "go:drop"
VIETNAMESE = "vi"
_COUNT = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
_COUNTED = {word: str(number) for number, word in enumerate(_COUNT, start=1)}
_BEFORE = ("so ", "chon ", "cau ", "dong ", "muc ", "da ", "toi chon ")
_AFTER = (" a", " nhe", " nha")


@dataclass(slots=True)
class Context:
    """One step in the making. `lead` is said above whatever is asked next (an echo, a note about a mistake)."""

    state: State
    inbound: Inbound
    desk: Desk
    all_wording: Wording
    """Vietnamese, and the other languages within it."""
    choice: str = ""
    """The id of the choice taken, without its nonce; "" where none was, or the press was for an earlier question."""
    effects: list[Effect] = field(default_factory=list)
    lead: list[Text] = field(default_factory=list)
    narrowed: list[Option] = field(default_factory=list)
    """The few options that could have been meant: offered instead of the whole list."""
    onward: str = ""
    """The way ("go:...") to be taken next, once the dialogue that was open is left."""
    web: bool = False
    """What the person writes here does not reach us: the web chat is offered beside the question."""
    instead: bool = False
    """What is asked takes the place of the question before: only a part of it has changed."""
    picture: int = 0
    """A kept picture that is shown with what is asked next."""
    wording: Wording = field(init=False)
    """What this person is spoken to in."""
    _said: str | None = None
    _waves: tuple[str, list[Wave]] | None = None
    _today: str = ""

    def __post_init__(self) -> None:
        self.wording = self.all_wording.spoken(self.state.language)

    @property
    def language(self) -> str:
        """The tag of what the person reads."""
        return self.state.language or VIETNAMESE

    @property
    def waves(self) -> list[Wave]:
        """The surveys that can be answered now; looked up once in a language, for they are asked for twice a menu."""
        if self._waves is None or self._waves[0] != self.state.language:
            self._waves = self.state.language, self.desk.waves(self.state.language)
        return self._waves[1]

    @property
    def said(self) -> str:
        """What the person typed, folded for comparing."""
        if self._said is None:
            self._said = fold_words(self.inbound.text)
        return self._said

    @property
    def number_said(self) -> str:
        """The number that was typed and nothing else ("2", "số 2", "hai"); "" for anything else."""
        bare = "" if self.choice else _bare(self.said)
        return bare if bare.isdecimal() else _COUNTED.get(bare, "")

    @property
    def today(self) -> str:
        """The Vietnamese day of this message, "2026-10-03"."""
        if not self._today:
            self._today = day_of(self.inbound.at).isoformat()
        return self._today

    def hear_instead(self, text: str) -> None:
        """Go on as if these words had been typed."""
        self.inbound = msgspec.structs.replace(self.inbound, kind="text", text=text, choice="")
        self.choice, self._said = "", None

    def of_the_same_album(self) -> bool:
        """Whether this picture was sent together with the last one: they come one by one, one answer is for all."""
        before, self.state.album = self.state.album, self.inbound.album
        return bool(self.inbound.album) and before == self.inbound.album

    def want(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def say(self, *parts: Text, topic: int = 0) -> None:
        """A message that asks nothing."""
        self.want(Say(parts=(*self._take_lead(), *parts), topic=topic or self._draft))

    def ask(
        self,
        *parts: Text,
        options: list[Option],
        wide: bool = True,
        wants: Wants = "",
        audio: tuple[int, str] = (0, ""),
        topic: int = 0,
        long: bool = False,
    ) -> None:
        """A question: presses of earlier questions stop counting from here on. `audio` is a blob and its name."""
        self.state.nonce += 1
        if self.instead:
            audio = (0, "")  # it has just been played
        self.want(
            Say(
                parts=(*self._take_lead(), *parts),
                options=tuple(options),
                nonce=self.state.nonce,
                wide=wide,
                wants="web" if self.web else wants,
                audio=audio[0],
                audio_name=audio[1],
                topic=topic or self._draft,
                long=long,
                instead=self.instead,
                blob=self.picture,
            )
        )
        self.picture = 0

    def offer(self, *parts: Text, options: list[Option]) -> None:
        """A message with ways that hold at any time ("go:..."), beside the question that stays open."""
        self.want(Say(parts=(*self._take_lead(), *parts), options=tuple(options), topic=self._draft))

    def close(self) -> None:
        """Say what is to be said so far as a message of its own: it must not drown in the menu that follows."""
        if self.lead:
            self.say()

    def new_topic(self) -> int:
        """A number for messages that are erased together."""
        self.state.topics += 1
        return self.state.topics

    def meant(self, options: list[Option]) -> str | None:
        """The id of the option pressed or typed: by its digit, its label with or without accents, or a clear part."""
        ids = [option.id for option in options]
        if self.choice:
            return self.choice if self.choice in ids else None
        said = self.said
        if not said:
            return None
        labels = [(option.id, option.digit, fold_words(self.wording.word(option.label))) for option in options]
        for words in (said, _bare(said), _COUNTED.get(_bare(said), "")):
            for id, digit, label in labels:
                if words in (digit, label) and words:
                    return id
        bare = _bare(said)
        if len(bare) <= 2:
            return None
        found = [id for id, _digit, label in labels if f" {bare} " in f" {label} "]
        if not found and " " in bare:
            found = [id for id, _digit, label in labels if set(bare.split()) <= set(label.split())]
        return found[0] if len(found) == 1 else None

    @property
    def _draft(self) -> int:
        """The topic of the case that is being written: what is said meanwhile repeats its words."""
        return self.state.dialogue.topic if isinstance(self.state.dialogue, Drafting) else 0

    def _take_lead(self) -> list[Text]:
        lead, self.lead = self.lead, []
        return lead


def _bare(said: str) -> str:
    """Folded words without the small ones that people put around an answer ("chọn số 2 ạ")."""
    for _ in range(2):
        said = next((said.removeprefix(word) for word in _BEFORE if said.startswith(word)), said)
        said = next((said.removesuffix(word) for word in _AFTER if said.endswith(word)), said)
    return said


def nav(*, back: str = "nav.back", skip: bool = False, menu: bool = True) -> list[Option]:
    """The ways out that every question offers; `back` is the wording of that way, "" where there is none."""
    ways = []
    if skip:
        ways.append(Option(SKIP, t("nav.skip")))
    if back:
        ways.append(Option(BACK, t(back)))
    if menu:
        ways.append(Option(MENU, t("nav.menu")))
    return ways
