"""Hỏi xã: what an officer has written down for everybody to ask, and whom to call for all else."""

from bot.conversation import drafting, menu
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.state import AskingCommune
from bot.conversation.subscribing import NOTICES
from feedback.acts import MAX_TEXT
from feedback.kinds import Kind
from feedback.knowledge import Fact, find

_PAGE = 8
_MORE, _SEND, _LIST = "more", "send", "list"
_FACT = "fact."
_A_QUESTION = 60
"""Characters: what is longer tells of something, and belongs to an officer, not to a list of answers."""


def start(ctx: Context) -> None:
    """What can be asked."""
    ctx.state.dialogue = AskingCommune(topic=_topic(ctx))
    ask_again(ctx)


def ask_again(ctx: Context) -> None:
    """The lines to choose from, once more."""
    asked = ctx.state.dialogue
    facts = ctx.desk.facts()
    if not facts or not isinstance(asked, AskingCommune):
        ctx.lead.append(t("ask.empty"))
        menu.say_phone(ctx)
        menu.show(ctx)
    elif asked.words:
        key = "ask.told" if asked.told else "ask.which" if asked.found else "ask.unknown"
        ctx.ask(t(key), options=[*_options(facts, asked), *nav(back="")])
    else:
        more = Option(NOTICES, t("notices.way"))
        ctx.ask(t("ask.title", commune=ctx.desk.commune().name), options=[*_options(facts, asked), more, *nav(back="")])


def _options(facts: list[Fact], asked: AskingCommune) -> list[Option]:
    """What was found for the words, and to send them to an officer; else a page of titles in the officer's order."""
    by_id = {fact.id: fact for fact in facts}
    rows: list[tuple[str, Text]] = []
    if asked.words:
        rows += [(f"{_FACT}{id}", plain(by_id[id].title)) for id in asked.found if id in by_id]
        rows += [(_SEND, t("ask.send")), (_LIST, t("ask.list"))]
    else:
        page = facts[asked.page * _PAGE : (asked.page + 1) * _PAGE]
        rows += [(f"{_FACT}{fact.id}", plain(fact.title)) for fact in page]
        rows += [(_MORE, t("ask.more"))] if len(facts) > _PAGE else []
    return [Option(id, label, str(place)) for place, (id, label) in enumerate(rows, start=1)]


def hear(ctx: Context, asked: AskingCommune) -> bool:
    """A line of the list, or a question in words; False for what is neither."""
    facts = ctx.desk.facts()
    meant = ctx.meant(_options(facts, asked))
    if ctx.choice == BACK:
        menu.show(ctx)
    elif meant == _SEND:
        kind = Kind.PETITION if Kind.PETITION in ctx.desk.in_use().kinds else None
        drafting.start(ctx, kind, text=asked.words, topic=asked.topic)
    elif meant in (_MORE, _LIST):
        last = (asked.page + 1) * _PAGE >= len(facts)
        ctx.state.dialogue = AskingCommune(page=0 if meant == _LIST or last else asked.page + 1, topic=asked.topic)
        ask_again(ctx)
    elif fact := next((one for one in facts if f"{_FACT}{one.id}" == meant), None):
        _tell(ctx, fact)
    elif ctx.inbound.kind == "text" and len(ctx.said) > 2 and not ctx.choice:
        _search(ctx, facts)
    else:
        return False
    return True


def asked_at_the_menu(ctx: Context) -> bool:
    """A short question whose answer is kept ready; False where it is none."""
    if len(ctx.said) > _A_QUESTION or not ctx.said:
        return False
    facts = ctx.desk.facts()
    if not (facts and find(facts, ctx.said)):
        return False
    _search(ctx, facts)
    return True


def _search(ctx: Context, facts: list[Fact]) -> None:
    """What is nearest to the words, with the way to send them to an officer: nothing is swallowed."""
    found = find(facts, ctx.said)
    words = ctx.inbound.text.strip()[:MAX_TEXT]
    if len(found) == 1:
        ctx.lead += _told(found[0])
        ctx.state.dialogue = AskingCommune(words=words, told=True, topic=_topic(ctx))
    else:
        ctx.state.dialogue = AskingCommune(words=words, found=[fact.id for fact in found], topic=_topic(ctx))
    if not found:
        ctx.lead.append(t("ask.not_found"))
        menu.say_phone(ctx)
    ask_again(ctx)


def _topic(ctx: Context) -> int:
    """What was asked may go to an officer, and may then turn out to be what is not kept: its words have a topic."""
    asked = ctx.state.dialogue
    return asked.topic if isinstance(asked, AskingCommune) and asked.topic else ctx.new_topic()


def _tell(ctx: Context, fact: Fact) -> None:
    ctx.lead += _told(fact)
    ctx.state.dialogue = AskingCommune(page=getattr(ctx.state.dialogue, "page", 0), topic=_topic(ctx))
    ask_again(ctx)


def _told(fact: Fact) -> list[Text]:
    """The answer, who knows more, and where to read on."""
    parts = [plain(f"{fact.title}\n{fact.text}")]
    if fact.phone and fact.person:
        parts.append(t("ask.call_person", phone=fact.phone, person=fact.person))
    elif fact.phone:
        parts.append(t("ask.call", phone=fact.phone))
    if fact.link:
        parts.append(t("ask.link", url=fact.link))
    return parts
