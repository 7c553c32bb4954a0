"""What a commune says when it is asked: short answers that an officer wrote, found again by the words people use.

The program answers nothing out of itself: where no officer has written about it, it says so and names whom to call.
"""

import re

import msgspec

from feedback.acts import Refusal
from feedback.roles import Actor, may
from vietnam.text import fold_words

MAX_TITLE = 80
MAX_TEXT = 1_500
MAX_WORDS = 300
MAX_LINK = 300
MAX_FACTS = 60
_LINK = re.compile(r"https://[^\s<>\"]{3,}")
_STOP = frozenset(
    {
        "cho", "toi", "hoi", "xin", "a", "nhe", "nha", "la", "gi", "the", "nao", "o", "dau", "bao", "gio", "khi", "may",
        "ai", "can", "phai", "lam", "muon", "biet", "ve", "cua", "va", "co", "duoc", "khong", "xa", "phuong", "minh",
        "oi", "voi", "mot", "cac", "nhung", "thi", "de",
    }
)  # fmt: skip
"""Words that stand in any question and so tell nothing of what it is about."""
_ENOUGH = 0.5
_SHOWN = 3


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is kept ready. `words`: what else people call it, comma separated; `place` its place in the list.

    `phone` and `person` are who knows more, `link` a page to read on (https).
    """

    id: int = 0
    title: str
    text: str
    words: str = ""
    link: str = ""
    phone: str = ""
    person: str = ""
    place: int = 0
    active: bool = True


class SaveFact(msgspec.Struct, frozen=True, kw_only=True):
    """An officer writes an answer, or a new one (`fact.id` 0); `seen` is when the one looked at was written last."""

    fact: Fact
    seen: int = 0


def decide_fact(act: SaveFact, actor: Actor, unit: int, *, many: int, changed_at: int) -> Fact | Refusal:
    """The fact as it is to be kept, or why not. `many` there are; `changed_at`: when this one was written last."""
    fact = act.fact
    if not may(actor, "fact.write", unit):
        return Refusal("act.not_allowed")
    if not fact.id and many >= MAX_FACTS:
        return Refusal("fact.too_many", {"most": MAX_FACTS})
    if fact.id and act.seen != changed_at:
        return Refusal("fact.changed")
    title, text = " ".join(fact.title.split()), fact.text.strip()
    link, phone, person = fact.link.strip(), " ".join(fact.phone.split()), " ".join(fact.person.split())
    words = ", ".join(part for part in (" ".join(word.split()) for word in fact.words.split(",")) if part)
    if not title or not text:
        return Refusal("fact.empty")
    for name, value, most in (("title", title, MAX_TITLE), ("text", text, MAX_TEXT), ("words", words, MAX_WORDS)):
        if len(value) > most:
            return Refusal(f"fact.long_{name}", {"most": most})
    if max(len(phone), len(person)) > MAX_TITLE:
        return Refusal("fact.long_title", {"most": MAX_TITLE})
    if link and (len(link) > MAX_LINK or not _LINK.fullmatch(link)):
        return Refusal("fact.link")
    if not 0 <= fact.place < 1_000:
        return Refusal("fact.place")
    return msgspec.structs.replace(fact, title=title, text=text, words=words, link=link, phone=phone, person=person)


def find(facts: list[Fact], said: str) -> list[Fact]:
    """The facts that folded words may ask for, best first, at most 3; [] where nothing is close enough."""
    asked = set(said.split()) - _STOP
    if not asked:
        return []
    scored = [(_closeness(fact, said, asked), fact) for fact in facts]
    best = sorted((pair for pair in scored if pair[0] >= _ENOUGH), key=lambda pair: -pair[0])
    return [fact for _score, fact in best[:_SHOWN]]


def _closeness(fact: Fact, said: str, asked: set[str]) -> float:
    """0 to 1: how much of one of its names the words hold, and how much of the words its names hold."""
    names = [fold_words(name) for name in (fact.title, *fact.words.split(","))]
    if any(name and f" {name} " in f" {said} " for name in names):
        return 1.0
    best = 0.0
    for name in names:
        tokens = set(name.split()) - _STOP
        if tokens:
            both = len(tokens & asked)
            best = max(best, (both / len(tokens) + both / len(asked)) / 2 if both > 1 or len(tokens) == 1 else 0.0)
    return best
