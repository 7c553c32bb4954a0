"""One inbound event = one transaction: seen once, thought about, applied, answered and remembered together."""

from contextlib import nullcontext

import msgspec

from bot import handing_up, telling
from bot.conversation.desk import Commune
from bot.conversation.effects import (
    ActOnCase,
    BookSeat,
    Came,
    CancelSeat,
    CorrectSeat,
    DropMedia,
    Effect,
    EraseTopic,
    FetchMedia,
    FollowCase,
    GiveConsent,
    Join,
    MoveSeat,
    OfferJoin,
    OpenCase,
    Option,
    Part,
    Say,
    SetLanguage,
    SetOptOut,
    Submit,
    Subscribe,
    UnfollowCase,
    UseRight,
    WrongCode,
)
from bot.conversation.menu import capital, phone_line
from bot.conversation.messages import Bubble, Button, Inbound, Own
from bot.conversation.state import Answering, AskingCommune, Booking, Dialogue, Drafting, dump, expires_at, load
from bot.conversation.step import step
from bot.conversation.wording import Wording
from bot.ledger import CaseBook, Chat, Refused
from feedback import attaching
from feedback.acts import Act, CaseFacts, Decision, Open, Refusal
from feedback.deciding import decide
from feedback.office import Office
from feedback.roles import CITIZEN, Actor
from surveys.definition import Kind

MAX_TRIES = 3
_REFUSABLE = Submit | OpenCase | ActOnCase | Join | FollowCase | BookSeat | CancelSeat | CorrectSeat | MoveSeat
_NOT_WORTH_A_CALL = frozenset({"receive", "take"})
"""What nobody without a chat is called for: that work goes on."""


class TooManyRefusals(Exception):
    """Three attempts were refused one after the other: the turn is given up and its event kept."""


def take_turn(chat: Chat, inbound: Inbound, wording: Wording) -> bool:
    """Answer one event inside the open transaction; False where it had been answered before."""
    if not chat.first_time(inbound):
        return False
    if inbound.kind == "gone":
        chat.gone("blocked")
        return True
    if inbound.kind == "back":
        chat.gone("")
        return True
    wording = wording.typed() if chat.only_typed else wording
    stored = chat.state()
    refusal = ""
    for _ in range(MAX_TRIES):
        before = load(stored)
        # A press of a button is shown as its label, which only the question that was open knows.
        topic = _topic(before.dialogue)
        wordy = _asks_for_words(chat, before.dialogue)
        state, effects = step(before, inbound, chat.desk(), wording, refusal)
        spoken = wording.spoken(state.language)
        try:
            # Only what can be refused needs a way back; a savepoint costs as much as a statement.
            with chat.trial() if any(isinstance(effect, _REFUSABLE) for effect in effects) else nullcontext():
                # The words that began a case belong to it.
                begun = topic or (_topic(state.dialogue) if isinstance(state.dialogue, Drafting | AskingCommune) else 0)
                _keep_own(chat, inbound, begun, long=wordy)
                asked = _apply(chat, effects, inbound, spoken, before.asked)
        except Refused as refused:
            refusal = refused.key
            continue
        state.asked = asked
        chat.save(dump(state), expires_at(state))
        return True
    raise TooManyRefusals(refusal)


def _topic(dialogue: Dialogue | None) -> int:
    if isinstance(dialogue, Booking):
        return dialogue.talk
    return dialogue.topic if isinstance(dialogue, Answering | Drafting | AskingCommune) else 0


def _asks_for_words(chat: Chat, dialogue: Dialogue | None) -> bool:
    """Whether a survey's question in free words is open."""
    if not isinstance(dialogue, Answering) or dialogue.stage != "question" or not chat.shows_own_words:
        return False
    return chat.desk().survey(dialogue.version).question(dialogue.at).kind is Kind.TEXT


def _keep_own(chat: Chat, inbound: Inbound, topic: int, *, long: bool) -> None:
    if not chat.shows_own_words or inbound.kind not in ("text", "choice", "photo", "voice", "location"):
        return
    if inbound.media:
        chat.keep_own(Own(text=inbound.text, blob=inbound.media[0].blob, voice=inbound.kind == "voice"), topic)
    elif inbound.text:
        chat.keep_own(Own(text=inbound.text), topic, long=long)


def _apply(chat: Chat, effects: list[Effect], inbound: Inbound, wording: Wording, asked: int) -> int:
    """Make it happen; the id of the message that asks now. `asked` is that of the one before."""
    for effect in effects:
        match effect:
            case Say():
                asked = _say(chat, effect, wording, asked)
            case Submit():
                chat.submit(effect)
            case EraseTopic(topic=topic):
                chat.erase(topic)
            case OpenCase(act=act):
                _open(chat, act, inbound)
            case ActOnCase(code=code, act=own):
                _act(chat, code, own, inbound)
            case FollowCase(case=case):
                chat.follow(case)
            case UnfollowCase(case=case):
                chat.unfollow(case)
            case BookSeat() | CancelSeat() | CorrectSeat() | MoveSeat():
                chat.seat(effect)
            case Join(code=code):
                channel = wording(f"channel.{inbound.channel}")
                chat.join(code, Bubble(text=wording("join.told", channel=channel)))
            case _:
                _note(chat, effect)
    return asked


def _note(chat: Chat, effect: Effect) -> None:
    """What neither says anything nor can be refused."""
    match effect:
        case GiveConsent():
            chat.consent(effect)
        case FetchMedia():
            chat.fetch_media(effect)
        case DropMedia(blobs=blobs):
            chat.drop_media(blobs)
        case SetOptOut(out=out):
            chat.set_opt_out(out=out)
        case SetLanguage(language=language):
            chat.set_language(language)
        case Came(code=code, place=place):
            chat.came(code, place)
        case WrongCode():
            chat.wrong_code()
        case OfferJoin(code=code):
            chat.offer_join(code)
        case Part():
            chat.part()
        case Subscribe(village=village):
            chat.subscribe(village)
        case UseRight(right=right, note=note):
            chat.use_right(right, note)


def _say(chat: Chat, say: Say, wording: Wording, asked: int) -> int:
    """Say it, in place of the message that asked last where it is meant so; the id of the one that asks now."""
    bubble = _with_page(chat, say, worded(say, wording), wording)
    if say.instead and asked:
        bubble = msgspec.structs.replace(bubble, edits=asked)
    id = chat.say(bubble, say.topic, long=say.long)
    return id if say.nonce else asked


def _with_page(chat: Chat, say: Say, bubble: Bubble, wording: Wording) -> Bubble:
    """The message with the address of a page, where the question wants more than the channel can bring."""
    address = chat.page_for(say.wants, say.nonce) if say.wants else ""
    if not address:
        return bubble
    return msgspec.structs.replace(bubble, link=address, link_label=wording(f"page.{say.wants}"))


def _open(chat: Chat, act: Open, inbound: Inbound) -> None:
    actor = Actor(kind=CITIZEN, unit=chat.unit)
    decision = decide(None, act, actor, now=inbound.at, office=chat.office)
    if isinstance(decision, Refusal):
        raise Refused(decision.key)
    chat.open_case(act, decision, actor)


def _act(chat: Chat, code: str, act: Act, inbound: Inbound) -> None:
    book = chat.book(code)
    if book is None:
        raise Refused("act.not_allowed")
    actor = Actor(kind=CITIZEN, unit=chat.unit)
    facts = book.facts()
    decision = decide(facts, act, actor, now=inbound.at, office=chat.office)
    if isinstance(decision, Refusal) or facts is None:
        raise Refused(decision.key if isinstance(decision, Refusal) else "act.no_case")
    if not book.write(facts, decision, actor):
        raise Refused("act.changed")


def _told(facts: CaseFacts, decision: Decision, commune: Commune, wording: Wording, responsible: str) -> list[str]:
    """What the citizen hears of an officer's act: what it was, its words, who sees to it, whom to call."""
    line = phone_line(commune)
    call = [] if line is None else [wording.word(line)]
    if decision.tell != "case.late" or decision.deadline is None or facts.deadline is None:
        due = decision.deadline.due_day if decision.deadline is not None else ""
        said = [wording(decision.tell, code=facts.code, to=decision.to, day=due, other=decision.other_code)]
        if decision.contact:
            said.append(telling.stopped(wording("case.forwarded.contact", contact=decision.contact)))
        if responsible and decision.tell in telling.NAMES:
            said.append(wording(telling.NAMES[decision.tell], person=responsible))
        elif responsible and not commune.contact:
            call.insert(0, wording("case.late.who", person=responsible))
        return [" ".join(said), *([decision.text] if decision.text else []), *call]
    promised, due = facts.deadline.due_day, decision.deadline.due_day
    said = [wording("case.late", Commune=capital(commune.name), code=facts.code, day=promised)]
    said.append(telling.stopped(wording("case.late.why", reason=decision.text or wording(decision.sorry))))
    said.append(wording("case.late.until", day=due) if due > promised else wording("case.late.open"))
    if responsible:
        said.append(wording("case.late.who", person=responsible))
    return [" ".join(said), *call]


def worded(say: Say, wording: Wording) -> Bubble:
    """A message as a channel renders it."""
    return Bubble(
        text="\n\n".join(_joined([wording.word(part) for part in say.parts])),
        buttons=tuple(_button(option, say.nonce, wording) for option in say.options),
        wide=say.wide,
        wants=say.wants,
        blob=say.blob,
        audio=say.audio,
        audio_name=say.audio_name,
    )


def _joined(parts: list[str]) -> list[str]:
    """Parts with the lines of a list kept together."""
    joined: list[str] = []
    for part in parts:
        if joined and part.startswith("• ") and joined[-1].rpartition("\n")[2].startswith("• "):
            joined[-1] += "\n" + part
        else:
            joined.append(part)
    return joined


def _button(option: Option, nonce: int, wording: Wording) -> Button:
    id = option.id if option.id.startswith("go:") else f"{nonce}:{option.id}"
    return Button(id=id, label=wording.word(option.label), digit=option.digit)


def apply_act(book: CaseBook, act: Act, actor: Actor, wording: Wording, *, now: int) -> Decision | Refusal:
    """Decide an act from outside the chat and write it in the open transaction, with what the citizen is told."""
    facts = book.facts()
    decision = decide(facts, act, actor, now=now, office=book.chat().office if facts else Office())
    if isinstance(decision, Refusal) or facts is None:
        return decision if isinstance(decision, Refusal) else Refusal("act.no_case")
    decision = telling.in_words(decision, wording)
    if not book.write(facts, decision, actor):
        return Refusal("act.changed")
    if decision.tell and not (book.chat().only_by_hand and decision.action in _NOT_WORTH_A_CALL):
        chat = book.chat()
        desk = chat.desk()
        if decision.tell == "case.handed_up":
            parts = handing_up.told(facts, desk.commune(), desk.guidance(), wording)
        else:
            parts = _told(facts, decision, desk.commune(), wording, book.responsible(actor))
        if listed := attaching.listed(decision.files, wording):
            parts.insert(2 if decision.text else 1, listed)  # below the words that they belong to
        if "done" in decision.ways:
            parts.append(wording("case.is_it_done"))
        ways = telling.buttons(facts, decision, wording)
        bubble = telling.with_evidence(chat, facts, decision, Bubble(text="\n\n".join(parts), buttons=ways), wording)
        chat.say(bubble, 0, notice=True, case=facts.id)
        chat.save(None)
    elif actor.kind == CITIZEN:
        telling.by_page(book.chat(), facts, decision, wording)
    return decision
