"""Who may open no case now: blocked for a while, or as many today as anybody may. Everything else stays open."""

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.effects import t
from bot.conversation.state import Drafting
from vietnam.time import day_of

REFUSED = "bar."


def stops(ctx: Context, draft: Drafting) -> bool:
    """Whether the draft ends here, looked up once at its beginning; the person is told why and what is still open.

    Whom an officer has asked something may answer, blocked or not: the commune wants to know, and a case must not
    stand still because nobody can say what is missing. Nor is anybody kept from saying that what was answered is not
    done, which they are asked: it is no new report.
    """
    if draft.let_in:
        return False
    barred = ctx.desk.barred()
    if barred is None or (draft.case and (barred.many or _asked(ctx, draft))):
        draft.let_in = True
        return False
    if barred.many:
        ctx.lead.append(t("bar.many", many=barred.many))
    else:
        ctx.lead += [t("bar.blocked", day=day_of(barred.until)), t("bar.why", reason=barred.reason), t("bar.still")]
    menu.say_phone(ctx)
    ctx.close()
    menu.show(ctx)
    return True


def _asked(ctx: Context, draft: Drafting) -> bool:
    case = ctx.desk.case(draft.case)
    return case is not None and (bool(case.question) or draft.again)
