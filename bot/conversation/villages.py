"""Asking for the thôn: typed in any way, or chosen from a list; the old commune's name tells namesakes apart."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from bot.conversation.context import SKIP, Context
from bot.conversation.desk import Village
from bot.conversation.effects import Option, Text, plain, t
from vietnam.text import fold_words, sort_key
from vietnam.villages import OWN_WORDS

VILLAGE_SKIP = 0
_NONE = frozenset({"bo qua", "khong", "ko", "k", "khong noi", "khong muon noi", "khong muon tra loi"})
_FOLDED = tuple(fold_words(word) for word in OWN_WORDS)


class Heard(msgspec.Struct, frozen=True):
    """The village that was meant (VILLAGE_SKIP: none is wanted), or what to say instead."""

    village: int = VILLAGE_SKIP
    fault: Text | None = None


def village_options(ctx: Context) -> list[Option]:
    """One option a village, as the commune orders them, else by the alphabet; "thôn 7" is number 7 wherever it is."""
    return list(_options(tuple(ctx.desk.villages())))


@lru_cache(maxsize=64)
def _options(villages: tuple[Village, ...]) -> tuple[Option, ...]:
    placed = {one.id: one.place for one in villages}
    named = sorted(_named_apart(villages), key=lambda pair: (placed[pair[0]], _order(pair[1])))
    digits = [_bare(fold_words(name)) for _, name in named]
    if len(set(digits)) < len(digits) or not all(digit.isdecimal() for digit in digits):
        digits = [str(place) for place in range(1, len(named) + 1)]
    return tuple(Option(f"v{id}", plain(name), digit) for (id, name), digit in zip(named, digits, strict=True))


def village_name(ctx: Context, id: int) -> str:
    """A village as it is shown; "" where the commune has it no more."""
    return dict(_named_apart(ctx.desk.villages())).get(id, "")


def _named_apart(villages: Sequence[Village]) -> list[tuple[int, str]]:
    """Ids and names, each namesake with the commune that it belonged to."""
    counted = Counter(village.name for village in villages)
    return [
        (one.id, f"{one.name} ({one.former})" if one.former and counted[one.name] > 1 else one.name) for one in villages
    ]


def _order(name: str) -> str:
    return sort_key(re.sub(r"\d+", lambda number: number[0].zfill(4), name))


def place_word(ctx: Context) -> str:
    """What this commune calls its villages: "thôn", or "thôn, khu phố" where there are several words."""
    names = [village.name.lower() for village in ctx.desk.villages()]
    return ", ".join(word for word in OWN_WORDS if any(name.startswith(f"{word} ") for name in names)) or "thôn"


def hear_village(ctx: Context) -> Heard:
    """Which village was chosen or typed: by number, name, with or without its own word and accents, in a sentence."""
    if ctx.choice == SKIP or ctx.said in _NONE:
        return Heard()
    options = village_options(ctx)
    chosen = ctx.meant(options)
    if chosen is not None:
        return Heard(int(chosen[1:]))
    found = [] if ctx.choice else _named(options, ctx.said) or _as_it_was(ctx, options) or _of_former(ctx, options)
    if len(found) == 1:
        return Heard(int(found[0].id[1:]))
    if found:
        ctx.narrowed = found
        return Heard(fault=t("village.several", place=place_word(ctx)))
    return Heard(fault=t("village.not_found", place=place_word(ctx)))


def _named(options: list[Option], said: str) -> list[Option]:
    """The options whose name was typed, or stands in what was typed with its own word ("tôi ở thôn Mai")."""
    written = [(option, str(option.label.params["text"])) for option in options]
    names = [(option, fold_words(name)) for option, name in written]
    alike = [option for option, name in written if said and _bare(said) in _ways_to_say(name)]
    if alike:
        return alike
    inside = [(option, name) for option, name in names if f" {name} " in f" {said} "]
    longest = max((len(name) for _option, name in inside), default=0)
    within = [option for option, name in inside if len(name) == longest]
    part = _bare(said)
    return within or [option for option, name in names if len(part) > 2 and f" {part} " in f" {name} "]


def _as_it_was(ctx: Context, options: list[Option]) -> list[Option]:
    """The options whose earlier name was typed: a village that was given another one goes on being called by it."""
    earlier = {
        f"v{one.id}" for one in ctx.desk.villages() if any(_bare(ctx.said) in _ways_to_say(name) for name in one.was)
    }
    return [option for option in options if option.id in earlier] if ctx.said else []


def _of_former(ctx: Context, options: list[Option]) -> list[Option]:
    """The options whose old commune was typed, with or without its own word ("xã Y Tịch")."""
    said = _without_unit(ctx.said.removeprefix("o ").strip())
    if not said:
        return []
    old = {f"v{one.id}" for one in ctx.desk.villages() if _without_unit(fold_words(_former(one))) == said}
    return [option for option in options if option.id in old]


def _former(village: Village) -> str:
    """The old commune: entered as such, or in brackets behind the name."""
    return village.former or village.name.partition(" (")[2].removesuffix(")")


def _without_unit(said: str) -> str:
    return re.sub(r"^(?:xa|phuong|thi tran|dac khu) (?:cu )?", "", said).removesuffix(" cu")


def _bare(name: str) -> str:
    """A name without the word of its kind."""
    word = next((word for word in _FOLDED if name.startswith(f"{word} ")), "")
    return name.removeprefix(word).strip()


def _ways_to_say(name: str) -> tuple[str, str]:
    """The name alone, and without the old commune that stands behind it in brackets."""
    return _bare(fold_words(name)), _bare(fold_words(name.partition(" (")[0]))
