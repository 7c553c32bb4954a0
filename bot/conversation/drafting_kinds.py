"""What kind of thing a citizen brings, of which field, and which of the commune's works it concerns.

Two short lists rather than one of seven lines: nearly everybody comes with one of the first three, and a person of
sixty who reads a small screen should see those at once. Whoever types "khen" or "góp ý" is understood at either list.
"""

from bot.conversation.context import Context
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.kinds_taken import MORE, more_label, named_kind, rarer
from bot.conversation.state import Drafting
from feedback.kinds import USUAL, Kind, field, rule, suggested
from feedback.states import OPEN, State
from vietnam.text import fold_words

_ABOUT = "about."
_WORKS = "works."
_MOST_CASES = 2
"""Cases under way that words without a question may belong to; who has more says it by the code."""


def kind_options(ctx: Context, draft: Drafting) -> list[Option]:
    """The first three kinds, and a way to the others; what was written first may also belong to a case sent before."""
    taken = ctx.desk.in_use().kinds
    rows = [(str(kind), t(f"draft.kind.{kind}")) for kind in USUAL if kind in taken]
    if draft.text or draft.photos:
        likely = suggested(fold_words(draft.text))
        rows += [(str(likely), t(f"draft.kind.{likely}"))] if likely in taken else []
        under_way = [case for case in ctx.desk.own_cases() if case.state in OPEN or case.state is State.ANSWERED]
        under_way.sort(key=lambda case: case.state is not State.WAITING)
        asked = [case.code for case in under_way[:_MOST_CASES] if case.state is State.WAITING]
        others = [case.code for case in under_way[:_MOST_CASES] if case.state is not State.WAITING]
        # What an officer has asked is most likely what is being answered.
        rows = [(f"{_ABOUT}{code}", t("draft.kind.answers", code=code)) for code in asked] + rows
        rows += [(f"{_ABOUT}{code}", t("draft.kind.about", code=code)) for code in others]
    if rarer(ctx):
        rows.append((MORE, more_label(ctx, "draft.kind.more")))
    return [Option(id, label, str(place)) for place, (id, label) in enumerate(rows, start=1)]


def hear_kind(ctx: Context, draft: Drafting) -> Text | None:
    """What the person chose, or what was wrong."""
    meant = ctx.meant(kind_options(ctx, draft))
    named = named_kind(ctx)
    if named is not None:
        _be(draft, named)
    elif meant is None:
        return t("nav.not_understood")
    elif meant.startswith(_ABOUT):
        draft.case = meant.removeprefix(_ABOUT)
    elif meant == MORE:
        draft.kind, draft.more = None, True
        draft.done = [name for name in draft.done if name != "kind_more"]
    else:
        _be(draft, Kind(meant))
    return None


def more_options(ctx: Context, _draft: Drafting) -> list[Option]:
    """The rarer kinds."""
    return [Option(str(kind), t(f"draft.kind.{kind}"), str(place)) for place, kind in enumerate(rarer(ctx), start=1)]


def hear_more(ctx: Context, draft: Drafting) -> Text | None:
    """What the person chose of the second list, or what was wrong."""
    named = named_kind(ctx)
    meant = ctx.meant(more_options(ctx, draft))
    if named is None and meant is None:
        return t("nav.not_understood")
    _be(draft, named or Kind(str(meant)))
    return None


def _be(draft: Drafting, kind: Kind) -> None:
    draft.kind, draft.more = kind, False


def asks(draft: Drafting, what: str) -> bool:
    """Whether a new case of this kind is asked that; before the kind is known, whatever any kind is asked."""
    return not draft.case and (draft.kind is None or what in rule(draft.kind).asks)


def category_options(ctx: Context, _draft: Drafting) -> list[Option]:
    """The fields, numbered."""
    fields = ctx.desk.in_use().fields
    return [Option(id, t(f"category.{id}"), str(place)) for place, id in enumerate(fields, start=1)]


def hear_category(ctx: Context, draft: Drafting) -> Text | None:
    """What the person chose, or what was wrong. A report on how an officer behaved is a case of that kind."""
    meant = ctx.meant(category_options(ctx, draft))
    if meant is None:
        return t("nav.not_understood")
    draft.category = meant
    chosen = field(meant)
    if chosen is not None and chosen.becomes is not None and draft.kind is Kind.FEEDBACK:
        draft.kind = chosen.becomes
    draft.about_works = bool(chosen is not None and chosen.works and ctx.desk.works())
    if draft.about_works and draft.text and not draft.works:
        draft.works = _named_works(ctx, draft.text)
    return None


def _named_works(ctx: Context, text: str) -> int:
    """The one that words written before the list could be shown call by its name, 0 where they call none or several."""
    words = f" {fold_words(text)} "
    found = [one.id for one in ctx.desk.works() if f" {fold_words(one.name)} " in words]
    return found[0] if len(found) == 1 else 0


def asks_works(draft: Drafting) -> bool:
    """Whether the commune has works that a case of this field may concern."""
    return draft.about_works and asks(draft, "works")


def works_options(ctx: Context, _draft: Drafting) -> list[Option]:
    """The commune's works, numbered."""
    rows = enumerate(ctx.desk.works(), start=1)
    return [Option(f"{_WORKS}{one.id}", plain(one.name), str(place)) for place, one in rows]


def works_offered(ctx: Context, draft: Drafting) -> list[Option]:
    """Those that may be chosen where it is asked what it is about.

    A question of their own would ask nearly everybody about something that does not concern them.
    """
    return works_options(ctx, draft) if asks_works(draft) and not draft.works else []


def choose_works(ctx: Context, draft: Drafting) -> Text | None:
    """What is said to whoever has chosen one there, before they go on to write; None where none was meant."""
    offered = works_offered(ctx, draft)
    if not offered or hear_works(ctx, draft) is not None:
        return None
    name = next(one.label for one in offered if one.id == f"{_WORKS}{draft.works}")
    return t("draft.works_noted", name=name)


def hear_works(ctx: Context, draft: Drafting) -> Text | None:
    """Which one it is, or what was wrong."""
    meant = ctx.meant(works_options(ctx, draft))
    if meant is None:
        return t("nav.not_understood")
    draft.works = int(meant.removeprefix(_WORKS))
    return None


def shown_works(ctx: Context, draft: Drafting) -> Text | None:
    """As it is read back; None where none was chosen, or the commune has it no more."""
    name = next((one.name for one in ctx.desk.works() if one.id == draft.works), "")
    return t("draft.shown.works", value=name) if name else None
