"""The language a person is spoken to in: offered where a survey has more than Vietnamese, changed at any time."""

from bot.conversation.context import VIETNAMESE, Context
from bot.conversation.effects import Option, SetLanguage, Text, plain, t
from bot.conversation.state import Answering

LANGUAGE = "go:language"
CHOSEN = "go:language."
_NAMED = frozenset(
    {"vi", "km", "tyz", "nut", "mtq", "blt", "hmn", "jra", "bdq", "rad", "sed", "kpm", "cjm", "zh", "en"}
)
"""Tags (ISO 639) that the catalogue has a name for; any other is shown as it is."""


def offered(ctx: Context) -> list[str]:
    """The languages of what can be answered now, Vietnamese first."""
    versions = {wave.version for wave in ctx.waves} | {doing.version for doing in ctx.state.unfinished}
    tags = {tag for version in versions for tag in ctx.desk.survey(version).languages}
    return [VIETNAMESE, *sorted(tags - {VIETNAMESE})]


def options(ctx: Context) -> list[Option]:
    """One option a language, by its own name."""
    return [Option(f"{CHOSEN}{tag}", _name(tag), str(place)) for place, tag in enumerate(offered(ctx), start=1)]


def _name(tag: str) -> Text:
    base = tag.split("-", 1)[0]
    return t(f"language.{base}") if base in _NAMED else plain(tag)


def show(ctx: Context) -> bool:
    """Ask for the language, beside whatever is open; False where there is only one."""
    if len(offered(ctx)) == 1:
        ctx.lead.append(t("language.only"))
        return False
    ctx.state.choosing_language = True
    ctx.offer(t("language.ask"), options=options(ctx))
    return True


def chosen(ctx: Context) -> str:
    """The tag that was pressed, or typed right after the list was shown; "" where none was."""
    if not (ctx.choice.startswith(CHOSEN) or (ctx.state.choosing_language and ctx.inbound.kind == "text")):
        return ""
    rows = options(ctx)
    meant = ctx.choice if ctx.choice in {row.id for row in rows} else None if ctx.choice else ctx.meant(rows)
    return (meant or "").removeprefix(CHOSEN)


def speak(ctx: Context, tag: str) -> None:
    """From now on in that language; the open question is asked again by the caller."""
    ctx.state.language = "" if tag == VIETNAMESE else tag
    ctx.wording = ctx.all_wording.spoken(ctx.state.language)
    ctx.want(SetLanguage(language=ctx.state.language))
    ctx.lead.append(t("language.vietnamese") if tag == VIETNAMESE else t("language.chosen", language=_name(tag)))
    if isinstance(ctx.state.dialogue, Answering):
        ctx.state.dialogue.tries = 0
