"""The questions of a case, in their order: when each applies, how it is asked, heard and shown again."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation import nearby, odd_place
from bot.conversation.context import Context
from bot.conversation.drafting_kinds import (
    asks,
    asks_works,
    category_options,
    choose_works,
    hear_category,
    hear_kind,
    hear_more,
    hear_works,
    kind_options,
    more_options,
    shown_works,
    works_offered,
    works_options,
)
from bot.conversation.drafting_taking import pictures, voices
from bot.conversation.drafting_who import (
    clear_day,
    clear_phone,
    hear_day,
    hear_name,
    hear_phone,
    words_within,
)
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.state import Drafting
from bot.conversation.villages import VILLAGE_SKIP, hear_village, place_word, village_name, village_options
from feedback.acts import MAX_PLACE, MAX_TEXT
from feedback.kinds import Kind, rule


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `hear` fills the draft or gives back what was wrong; `skip` says whether it may stay empty.

    One that is not `asked` is put only to whoever wants to correct it.
    """

    name: str
    applies: Callable[[Drafting], bool]
    question: Callable[[Context, Drafting], list[Text]]
    options: Callable[[Context, Drafting], list[Option]]
    hear: Callable[[Context, Drafting], Text | None]
    shown: Callable[[Context, Drafting], Text | None]
    clear: Callable[[Drafting], None]
    skip: Callable[[Drafting], bool] | None = None
    asked: bool = True
    due: Callable[[Context, Drafting], bool] | None = None
    """Of a question that is asked only where a look-up says so, and stands in no list: whether it is to be asked."""


def _always(_draft: Drafting) -> bool:
    return True


def _never(_draft: Drafting) -> bool:
    return False


def _nothing_shown(_ctx: Context, _draft: Drafting) -> Text | None:
    return None


def _new(draft: Drafting) -> bool:
    return not draft.case


def _no_options(_ctx: Context, _draft: Drafting) -> list[Option]:
    return []


def _is_case(draft: Drafting) -> bool:
    return _new(draft) and draft.kind is not Kind.DIALOGUE


def _may_show(draft: Drafting) -> bool:
    return asks(draft, "photo") or (_new(draft) and bool(pictures(draft)))


def _on_the_spot(draft: Drafting) -> bool:
    return _new(draft) and (draft.kind is Kind.FEEDBACK or draft.place is not None or bool(draft.where))


def _asks_field(draft: Drafting) -> bool:
    return asks(draft, "field")


def _asks_village(draft: Drafting) -> bool:
    return asks(draft, "village") or (_new(draft) and bool(draft.village))


def may_hide(draft: Drafting) -> bool:
    """Whether a new case may be sent without a name."""
    return _is_case(draft) and (draft.kind is None or rule(draft.kind).anonymous)


def _is_dialogue(draft: Drafting) -> bool:
    return draft.kind is Kind.DIALOGUE


def _named(draft: Drafting) -> bool:
    return _is_dialogue(draft) or draft.kind is Kind.BUSINESS or not draft.anonymous


# --- what it is about ---


def _hear_text(ctx: Context, draft: Drafting) -> Text | None:
    if _may_go_bare(draft) and (ctx.choice == "send" or ctx.said in ("1", "gui", "gui luon", "xong")):
        return None
    if (noted := choose_works(ctx, draft)) is not None:
        return noted
    words = words_within(ctx, MAX_TEXT)
    if isinstance(words, Text):
        return words
    draft.text = words
    return None


def _hear_photo(ctx: Context, draft: Drafting) -> Text | None:
    # Pictures and places are taken whatever is asked (see drafting.py); words here say where it is.
    words = words_within(ctx, MAX_PLACE) if _on_the_spot(draft) else t("draft.photo_only")
    if isinstance(words, Text):
        wrong = "draft.place_only" if _on_the_spot(draft) else "draft.photo_only"
        return t(wrong) if words.key == "draft.words_only" else words
    draft.where = words
    draft.done.append("place")
    return None


def _clear_photo(draft: Drafting) -> None:
    draft.photos = voices(draft)


def _hear_place(ctx: Context, draft: Drafting) -> Text | None:
    if ctx.inbound.kind == "location":
        draft.place, draft.where = ctx.inbound.place, ctx.inbound.text.strip()[:MAX_PLACE]
        return None
    words = words_within(ctx, MAX_PLACE)
    if isinstance(words, Text):
        return t("draft.place_only") if words.key == "draft.words_only" else words
    draft.place, draft.where = None, words
    return None


def _clear_place(draft: Drafting) -> None:
    draft.place, draft.where = None, ""


def shown_place(draft: Drafting) -> Text:
    """The place as it is read back."""
    if draft.place is None:
        return plain(draft.where) if draft.where else t("draft.not_said")
    return t("draft.on_map_at", where=draft.where) if draft.where else t("draft.on_map")


def _hear_village(ctx: Context, draft: Drafting) -> Text | None:
    if ctx.inbound.kind not in ("text", "choice"):
        return t("nav.cannot_read")
    heard = hear_village(ctx)
    if heard.fault is None:
        draft.village = None if heard.village == VILLAGE_SKIP else heard.village
    elif heard.fault.key == "village.not_found" and _may_be_the_place(ctx, draft):
        # Whoever has just sent the picture goes on to say where it is.
        draft.where = ctx.inbound.text.strip()
        return t("draft.place_noted")
    return heard.fault


def _may_be_the_place(ctx: Context, draft: Drafting) -> bool:
    untold = not draft.where and draft.place is None and (_on_the_spot(draft) or draft.kind is Kind.PETITION)
    return untold and ctx.inbound.kind == "text" and not ctx.choice and 2 < len(ctx.inbound.text.strip()) <= MAX_PLACE


def _clear_village(draft: Drafting) -> None:
    draft.village = None


def _shown_village(ctx: Context, draft: Drafting) -> Text:
    return t("draft.shown.village", value=village_name(ctx, draft.village or 0) or t("draft.not_said"))


def _clear_works(draft: Drafting) -> None:
    draft.works = 0


def _nothing(_draft: Drafting) -> None:
    return None


def _ask(key: str) -> Callable[[Context, Drafting], list[Text]]:
    return lambda _ctx, _draft: [t(key)]


def _ask_text(ctx: Context, draft: Drafting) -> list[Text]:
    if draft.case:
        return _ask_about(ctx, draft)
    asked = t(f"draft.ask.text.{draft.kind or Kind.FEEDBACK}", commune=ctx.desk.commune().name)
    return [asked, t("draft.ask.text.works")] if works_offered(ctx, draft) else [asked]


def _ask_about(ctx: Context, draft: Drafting) -> list[Text]:
    """Words for a case that was sent: what is missing, what the officer asks, or whatever the person wants to add."""
    case = ctx.desk.case(draft.case)
    if draft.again:
        other = case is not None and case.is_other
        return [t("draft.ask.text.other" if other else "draft.ask.text.again", code=draft.case)]
    if case is not None and case.question:
        return [t("draft.ask.text.asked", code=draft.case), plain(case.question), t("draft.ask.text.answer")]
    return [t("draft.ask.text.more", code=draft.case)]


def _text_options(ctx: Context, draft: Drafting) -> list[Option]:
    """Pictures may go to a case without words; a new case may be about one of the commune's works."""
    return [Option("send", t("draft.send_now"), "1")] if _may_go_bare(draft) else works_offered(ctx, draft)


def _may_go_bare(draft: Drafting) -> bool:
    return bool(draft.case and draft.photos and not draft.again)


def _ask_village(ctx: Context, draft: Drafting) -> list[Text]:
    key = "draft.ask.village_home" if _is_dialogue(draft) else "draft.ask.village"
    return [t(key, place=place_word(ctx))]


def _shown_text(_ctx: Context, draft: Drafting) -> Text:
    spoken = len(voices(draft))
    if not spoken:
        return t("draft.shown.text", value=plain(draft.text))
    said = t("draft.spoken_too", text=draft.text, many=spoken) if draft.text else t("draft.spoken", many=spoken)
    return t("draft.shown.text", value=said)


def _shown_photo(_ctx: Context, draft: Drafting) -> Text:
    shown = pictures(draft)
    value = t("draft.photos", many=len(shown)) if shown else t("draft.none")
    return t("draft.shown.photo", value=value)


STEPS: tuple[Step, ...] = (
    Step(
        "kind",
        _new,
        lambda _ctx, draft: [t("draft.ask.kind_of_text" if draft.text or draft.photos else "draft.ask.kind")],
        kind_options,
        hear_kind,
        lambda _ctx, draft: t("draft.shown.kind", value=t(f"kind.{draft.kind}")),
        _nothing,
    ),
    Step(
        "kind_more",
        lambda draft: draft.more and draft.kind is None,
        _ask("draft.ask.kind_more"),
        more_options,
        hear_more,
        lambda _ctx, _draft: None,
        _nothing,
    ),
    Step(
        "category",
        _asks_field,
        _ask("draft.ask.category"),
        category_options,
        hear_category,
        lambda _ctx, draft: t("draft.shown.category", value=t(f"category.{draft.category}")),
        _nothing,
    ),
    Step(
        "works",
        asks_works,
        _ask("draft.ask.works"),
        works_options,
        hear_works,
        shown_works,
        _clear_works,
        _always,
        asked=False,
    ),
    Step(
        "text",
        _always,
        _ask_text,
        _text_options,
        _hear_text,
        _shown_text,
        _nothing,
    ),
    Step(
        "photo",
        _may_show,
        lambda _ctx, draft: [t("draft.ask.photo_place" if _on_the_spot(draft) else "draft.ask.photo")],
        _no_options,
        _hear_photo,
        _shown_photo,
        _clear_photo,
        _always,
    ),
    Step(
        "place",
        _on_the_spot,
        _ask("draft.ask.place"),
        _no_options,
        _hear_place,
        lambda _ctx, draft: t("draft.shown.place", value=shown_place(draft)) if draft.place or draft.where else None,
        _clear_place,
        _always,
        asked=False,
    ),
    Step(
        odd_place.STEP,
        _never,
        odd_place.question,
        odd_place.options,
        odd_place.hear,
        _nothing_shown,
        _nothing,
        due=odd_place.due,
    ),
    Step(
        "village",
        _asks_village,
        _ask_village,
        lambda ctx, _draft: village_options(ctx),
        _hear_village,
        _shown_village,
        _clear_village,
        _always,
    ),
    Step(nearby.STEP, _never, nearby.question, nearby.options, nearby.hear, _nothing_shown, _nothing, due=nearby.due),
    Step(
        "name",
        _named,
        lambda _ctx, draft: [t("draft.ask.name_business" if draft.kind is Kind.BUSINESS else "draft.ask.name")],
        _no_options,
        hear_name,
        lambda _ctx, draft: t(
            "draft.shown.business" if draft.kind is Kind.BUSINESS else "draft.shown.name", value=draft.name
        ),
        _nothing,
    ),
    Step(
        "phone",
        _named,
        lambda _ctx, draft: [t("draft.ask.phone_needed" if _is_dialogue(draft) else "draft.ask.phone")],
        _no_options,
        hear_phone,
        lambda _ctx, draft: t("draft.shown.phone", value=draft.phone or t("draft.not_said")),
        clear_phone,
        _is_case,
    ),
    Step(
        "day",
        _is_dialogue,
        _ask("draft.ask.day"),
        _no_options,
        hear_day,
        lambda _ctx, draft: t("draft.shown.day", value=draft.wanted_day or t("draft.any_day")),
        clear_day,
        _always,
    ),
)

BY_NAME = {step.name: step for step in STEPS}
WRITTEN = frozenset({"text", "name", "day"})
"""Steps answered in the person's own words, whatever these may be."""
