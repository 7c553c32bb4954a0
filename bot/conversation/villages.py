"""Asking for the thôn: typed in any way, or chosen from a list; the old commune's name tells namesakes apart."""

from bot.conversation.context import Context, nav
from bot.conversation.effects import Option, Text, plain
from vietnam.text import fold_words

VILLAGE_SKIP = 0
_WORDS = ("thon ", "ban ", "lang ", "buon ", "ap ", "khom ", "khu pho ", "to dan pho ", "xom ")


def village_options(ctx: Context) -> list[Option]:
    """One option a village, numbered in the order of the alphabet."""
    return [
        Option(f"v{village.id}", plain(village.name), str(place))
        for place, village in enumerate(ctx.desk.villages(), start=1)
    ]


def ask_village(ctx: Context, question: Text, *, topic: int, back: bool, skip: bool = True) -> None:
    """Ask where the person lives, or where the matter is."""
    ctx.ask(question, options=village_options(ctx) + nav(back=back, skip=skip), topic=topic)


def meant_village(ctx: Context) -> int | None:
    """The id of the village that was chosen or typed, VILLAGE_SKIP for none wanted, None where it was not understood."""
    if ctx.choice == "skip" or ctx.said in ("bo qua", "khong", "khong noi"):
        return VILLAGE_SKIP
    options = village_options(ctx)
    chosen = ctx.meant(options)
    if chosen is None and not ctx.choice:
        said = _bare(ctx.said)
        found = [village.id for village in ctx.desk.villages() if said and _bare(fold_words(village.name)) == said]
        return found[0] if len(found) == 1 else None
    return int(chosen[1:]) if chosen else None


def _bare(name: str) -> str:
    for word in _WORDS:
        if name.startswith(word):
            return name.removeprefix(word)
    return name
