"""The first words, the menu, and help: where every conversation begins and comes back to."""

from bot.conversation.context import Context, nav
from bot.conversation.desk import Commune, Wave
from bot.conversation.effects import Option, Text, t
from bot.conversation.kinds_taken import MORE, more_label, rarer
from bot.conversation.speaking import LANGUAGE, offered
from bot.conversation.state import Answering
from feedback.kinds import Kind
from surveys.languages import localised

CASE_COMMANDS = ("go:feedback", "go:petition", "go:dialogue", "go:more")
"""The last opens the rarer kinds: góp ý, khen, thái độ cán bộ, doanh nghiệp."""
MATTER = "go:matter.which"
"""Where khiếu nại and tố cáo are told apart and explained (bot/conversation/matter.py)."""
KEPT = "go:kept"
ASK = "go:ask"
GO_ON = "go:on."
OPT_IN, OPT_OUT, NOTICES = "go:optin", "go:optout", "go:notices"
OTHERS = "go:others"
_MOST_SURVEYS = 8
"""Surveys that the menu names; a longer list is no choice any more, and Telegram takes no more than 100 buttons."""


def greeting(ctx: Context) -> None:
    """The one-line notice of purpose, once, above whatever comes first."""
    if not ctx.state.greeted:
        ctx.state.greeted = True
        commune = ctx.desk.commune()
        ctx.lead.insert(0, t("greeting", Commune=capital(commune.name), url=commune.privacy_url))


def options(ctx: Context) -> list[Option]:
    """What the menu offers now; the digit is the place in the list."""
    rows: list[tuple[str, Text]] = []
    if ctx.state.kept is not None:
        rows.append((KEPT, t("menu.kept")))
    rows += _surveys(ctx)
    rows += _cases(ctx)
    rows += [("go:track", t("menu.track"))]
    if ctx.desk.answers_questions():
        rows.append((ASK, t("menu.ask")))
    if len(offered(ctx)) > 1:
        rows.append((LANGUAGE, t("menu.language")))
    if ctx.state.opted_out:
        rows.append((OPT_IN, t("menu.optin")))
    rows.append((OTHERS, t("menu.others")))
    return _numbered(rows)


def others(ctx: Context) -> list[Option]:
    """The second page: the person's own data, and what is sent to them; the first five have most use.

    A channel with five buttons shows those, and only while the list is not much longer (bot/channels/texts.py).
    """
    rows = [
        ("go:data", t("data.way.access")),
        ("go:data.erase", t("data.way.erase")),
        ("go:data.withdraw", t("data.way.withdraw")),
        (OPT_IN, t("menu.optin")) if ctx.state.opted_out else (OPT_OUT, t("menu.optout")),
        ("go:privacy", t("menu.privacy")),
        ("go:data.correct", t("data.way.correct")),
        (NOTICES, t("notices.way")),
    ]
    return _numbered(rows)


def _numbered(rows: list[tuple[str, Text]]) -> list[Option]:
    return [Option(id, label, str(place)) for place, (id, label) in enumerate(rows, start=1)]


def _cases(ctx: Context) -> list[tuple[str, Text]]:
    """The ways to a case, of the kinds that the commune takes."""
    taken = ctx.desk.in_use().kinds
    rows = []
    for command in CASE_COMMANDS:
        kind = command.removeprefix("go:")
        # Who wants to meet a leader books a session where there are any, and asks for one where there are none.
        if kind == Kind.DIALOGUE and ctx.desk.takes_bookings():
            rows.append(("go:hen", t("menu.hen")))
        elif kind == MORE and rarer(ctx):
            rows.append((command, more_label(ctx, "menu.more")))
        elif kind == MORE:
            rows.append((MATTER, t("matter.way.which")))  # it stands below the rarer kinds, of which there are none
        elif kind in taken:
            rows.append((command, t(f"menu.{kind}")))
    return rows


def _surveys(ctx: Context) -> list[tuple[str, Text]]:
    """What was begun by a code, then what anybody may answer; of a long list, what was begun comes first."""
    coded = [doing for doing in ctx.state.paused if doing.invitation]
    rows = [(f"{GO_ON}{doing.topic}", t("menu.continue", title=_title(ctx, doing))) for doing in coded]
    for wave in _to_answer(ctx):
        key = "menu.survey" if begun(ctx, wave) is None else "menu.continue"
        rows.append((f"go:survey.{wave.code}", t(key, title=_title_of(ctx, wave))))
    if len(rows) > _MOST_SURVEYS:
        rows.sort(key=lambda row: row[1].key == "menu.survey")
    return rows[:_MOST_SURVEYS]


def _title(ctx: Context, doing: Answering) -> str:
    return localised(ctx.desk.survey(doing.version), ctx.language).title


def _title_of(ctx: Context, wave: Wave) -> str:
    """A wave's own title, else that of its survey in the person's language."""
    survey = ctx.desk.survey(wave.version)
    own = not survey.translations or wave.title != survey.title
    return wave.title if own else localised(survey, ctx.language).title


def _to_answer(ctx: Context) -> list[Wave]:
    return [wave for wave in ctx.waves if wave.id not in ctx.state.answered]


def is_of(ctx: Context, doing: Answering, wave: Wave) -> bool:
    """Whether this is the survey of a wave, begun without a code, be it in an older version."""
    if doing.invitation:
        return False
    return doing.wave == wave.id or ctx.desk.survey(doing.version).id == wave.code


def can_go_on(ctx: Context, doing: Answering, wave: Wave) -> bool:
    """Whether it is the survey of a wave and can still be sent off: it goes on in the version it was begun in."""
    return is_of(ctx, doing, wave) and (doing.wave == wave.id or ctx.desk.takes_answers(doing.wave))


def begun(ctx: Context, wave: Wave) -> Answering | None:
    """The newest of what was put aside of this survey and can go on."""
    return next((doing for doing in reversed(ctx.state.paused) if can_go_on(ctx, doing, wave)), None)


def capital(name: str) -> str:
    """A unit's name at the head of a sentence: "Xã Vạn Linh"."""
    return name[:1].upper() + name[1:]


def show(ctx: Context) -> None:
    """The menu; whatever dialogue was open is over (a survey has been put aside before)."""
    ctx.state.dialogue, ctx.state.others = None, False
    ctx.ask(t("menu.title"), options=options(ctx))


def show_others(ctx: Context) -> None:
    """Its second page, below how to talk to us; digits are those of that page until anything else is shown."""
    ctx.state.dialogue, ctx.state.others = None, True
    show_help(ctx)
    ctx.ask(t("menu.others.title"), options=[*others(ctx), *nav(back="")])


def show_help(ctx: Context) -> None:
    """How to talk to us, who answers the telephone, and back to where the person was."""
    ctx.lead.append(t("help"))
    say_phone(ctx)


def say_phone(ctx: Context) -> None:
    """Whom to call, where the commune has said so."""
    line = phone_line(ctx.desk.commune())
    if line is not None:
        ctx.lead.append(line)


def phone_line(commune: Commune) -> Text | None:
    """The telephone, and the person behind it, that stand in every reply."""
    if not commune.phone:
        return None
    if not commune.contact:
        return t("help.phone", phone=commune.phone)
    return t("help.phone_person", phone=commune.phone, person=commune.contact)
