"""The papers of one session: the desk's list, the notice on the wall, minutes, results, the loudspeaker's text."""

from collections.abc import Iterable, Iterator
from datetime import date

from reports.document import Block, Code, Document, Facing, Heading, Paragraph, Table
from reports.lettering import lines, one_line, shortened, tidy
from reports.paper_facts import Office
from reports.papers import Writer
from reports.session_facts import Promise, Question, SessionFile, SessionPaper, Visitor, allowed
from reports.texts import texts
from vietnam.numbers import date_vi
from vietnam.spoken import WEEKDAYS
from vietnam.time import day_of, local

_CELL = 400
"""Signs of one thing in a cell of the desk's list."""
_CAME = frozenset({"attended"})
_PARTY = "secretary"


def compose_session(paper: SessionPaper, session: SessionFile, office: Office, made_on: date) -> Document:
    """One paper of a session. What is not there yet stands in it as a mark for the officer.

    ValueError for a paper that a session of its kind has not.
    """
    if not allowed(paper, session.kind):
        raise ValueError(f"no {paper} of a {session.kind}")
    writer = Writer(office, made_on)
    match paper:
        case "sheet":
            return _sheet(writer, session)
        case "notice":
            return _notice(writer, session)
        case "minutes":
            return _minutes(writer, session)
        case "results":
            return _results(writer, session)
        case "loudspeaker":
            return _loudspeaker(writer, session)


def session_file_name(paper: SessionPaper, session: SessionFile, ending: str) -> str:
    """ "danh-sach-tiep-dan-2026-10-15-0730.docx"."""
    return f"{texts().say(f'session.{paper}.file')}-{local(session.starts_at):%Y-%m-%d-%H%M}.{ending}"


def _sheet(writer: Writer, session: SessionFile) -> Document:
    say = writer.say
    expected = [one for one in session.visitors if one.state != "waiting"]
    rows = tuple(_visitor(writer, number, one) for number, one in enumerate(session.visitors, start=1))
    blocks: list[Block] = [Paragraph(text) for text in _when_and_where(writer, session)]
    if rows:
        table = Table(
            caption=say("session.sheet.caption"),
            head=tuple(say("session.sheet.columns").split("|")),
            rows=rows,
            widths=(0.11, 0.24, 0.30, 0.27, 0.08),
            align="clllc",
            foot=say("session.sheet.foot"),
        )
        blocks.append(table)
    loose = [one for one in session.questions if not one.asker]
    if loose and not rows:
        blocks += [Paragraph(say("session.sheet.loose"))]
    key = "session.sheet.closing" if rows else "session.sheet.closing.none"
    blocks.append(Paragraph(say(key, n=len(expected), waiting=len(session.visitors) - len(expected))))
    return writer.document(
        tuple(blocks),
        title=say("session.sheet.title", day=date_vi(day_of(session.starts_at))),
        mark="",
        name=say("session.sheet.name"),
        about=(one_line(session.title),),
        copies=(),
        signature=(say("session.sheet.signature"),),
        signature_note=say("paper.sign_here"),
        signer="",
    )


def _visitor(writer: Writer, number: int, one: Visitor) -> tuple[str, ...]:
    say = writer.say
    when = f"{local(one.slot_at):%H:%M}" if one.slot_at is not None else ""
    order = say("session.sheet.waiting") if one.state == "waiting" else str(one.seat or number)
    person = [shortened(one.name, _CELL) or say("register.no_name"), one_line(one.village), one.phone, one.code]
    asked = [writer.named("category", one.topic), *(shortened(q.text, _CELL) for q in one.questions)]
    past = [
        say(
            "session.sheet.case",
            code=code,
            kind=writer.named("kind", kind).lower(),
            day=date_vi(day_of(at)),
            state=say(f"register.state.{state}" if f"register.state.{state}" in writer.texts else "register.state"),
        )
        for code, kind, state, at in one.cases
    ]
    past += [_promised(writer, promise, "session.sheet.promise") for promise in one.promises]
    came = say("session.sheet.came") if one.state in _CAME else ""
    cells = ([order, when], person, asked, past or [say("none")])
    return (*("\n".join(part for part in parts if part) for parts in cells), came)


def _notice(writer: Writer, session: SessionFile) -> Document:
    if session.state == "cancelled":
        return _off(writer, session)
    say = writer.say
    whom = say("session.whole", commune=writer.office.commune) if not session.village else session.village
    opening = say("session.notice.opening", committee=writer.committee, title=_lowered(session.title))
    blocks: list[Block] = [*_party(writer, session), *_moved(writer, session), Paragraph(opening)]
    when, where, host = _facts(writer, session)
    about = [say("session.fact.matter", matter=one_line(session.matter).rstrip("."))] if session.matter.strip() else []
    facts = [when, where, *about, host, say("session.fact.whom", whom=whom)]
    if session.online:
        facts.append(say("session.fact.online", address=one_line(session.online)))
    facts.append(say("session.fact.book", url=writer.office.url or writer.office.commune, contact=writer.contact()))
    facts.append(say("session.fact.bring"))
    blocks += [Paragraph(say("session.numbered", number=at, text=text)) for at, text in enumerate(facts, start=1)]
    if writer.office.url:
        address = f"{writer.office.url}?n=dt_{session.id}"
        alt = say("session.notice.code.alt", address=address)
        blocks.append(Code(address=address, caption=say("session.notice.code"), alt=alt))
    blocks.append(Paragraph(say("session.notice.closing", committee=writer.committee)))
    return writer.document(
        tuple(blocks),
        title=say("session.notice.title", title=one_line(session.title)),
        mark=say("session.notice.mark"),
        name=say("session.notice.name"),
        about=(say("session.notice.about", title=_lowered(session.title)),),
        copies=(say("session.copy.wall"), say("session.copy.heads"), say("session.copy.archive")),
    )


def _moved(writer: Writer, session: SessionFile) -> list[Paragraph]:
    """When and where it was to be as it was told before, and why it is not; nothing where it was never moved."""
    said = []
    if session.earlier_at is not None:
        was = local(session.earlier_at)
        day, weekday = date_vi(was.date()), WEEKDAYS[was.weekday()]
        said.append(writer.say("session.moved.when", start=f"{was:%H:%M}", weekday=weekday, day=day))
    if session.earlier_place:
        said.append(writer.say("session.moved.where", place=one_line(session.earlier_place)))
    if said and session.reason:
        said.append(writer.say("session.moved.why", reason=one_line(session.reason).rstrip(".")))
    return [Paragraph(text) for text in said]


def _off(writer: Writer, session: SessionFile) -> Document:
    """That it is not held after all, for the wall on which its notice hangs."""
    say = writer.say
    start = local(session.starts_at)
    when = {"start": f"{start:%H:%M}", "weekday": WEEKDAYS[start.weekday()], "day": date_vi(start.date())}
    blocks: list[Block] = [
        *_party(writer, session),
        Paragraph(say("session.off.opening", committee=writer.committee, title=_lowered(session.title), **when)),
        Paragraph(say("session.off.why", reason=one_line(session.reason).rstrip("."))),
        Paragraph(say("session.off.closing", committee=writer.committee, contact=writer.contact())),
    ]
    return writer.document(
        tuple(blocks),
        title=say("session.off.title", title=one_line(session.title)),
        mark=say("session.notice.mark"),
        name=say("session.notice.name"),
        about=(say("session.off.about", title=_lowered(session.title)),),
        copies=(say("session.copy.wall"), say("session.copy.heads"), say("session.copy.archive")),
    )


def _minutes(writer: Writer, session: SessionFile) -> Document:
    say = writer.say
    came = sum(one.state in _CAME for one in session.visitors)
    blocks: list[Block] = [*_party(writer, session), Heading(1, say("session.minutes.when"))]
    blocks += [Paragraph(text) for text in _when_and_where(writer, session)]
    blocks.append(Heading(1, say("session.minutes.who")))
    blocks.append(Paragraph(_host(writer, session, "session.minutes.host")))
    blocks.append(writer.mark("session.missing.people"))
    blocks.append(Paragraph(say("session.minutes.came", n=came)))
    blocks.append(Heading(1, say("session.minutes.said")))
    blocks += [Paragraph(line) for line in lines(session.summary)]
    blocks += list(_questions(writer, session.questions))
    blocks.append(Heading(1, say("session.minutes.promised")))
    blocks += _promises(writer, session.promises)
    blocks.append(Paragraph(say("session.minutes.closing")))
    return writer.document(
        tuple(blocks),
        title=say("session.minutes.title", title=one_line(session.title)),
        mark=say("session.minutes.mark"),
        name=say("session.minutes.name"),
        about=(one_line(session.title),),
        copies=(say("session.copy.people"), say("session.copy.archive")),
        signature=(say("session.minutes.chair"),),
        signature_note=say("paper.sign_here"),
        signer=one_line(session.host_name),
        facing=Facing(lines=(say("session.minutes.clerk"),), note=say("paper.sign_here")),
    )


def _results(writer: Writer, session: SessionFile) -> Document:
    """What is made public: nobody who asked is named, and of a question only what an officer has worded for all."""
    say = writer.say
    moment = local(session.starts_at)
    opening = say(
        "session.results.opening",
        committee=writer.committee,
        title=_lowered(session.title),
        day=date_vi(moment.date()),
        place=one_line(session.place),
    )
    blocks: list[Block] = [*_party(writer, session), Paragraph(opening)]
    blocks += [Paragraph(line) for line in lines(session.summary)] or [writer.mark("session.missing.summary")]
    blocks.append(Heading(1, say("session.results.questions")))
    blocks += list(_public_questions(writer, session.questions))
    blocks.append(Heading(1, say("session.results.promised")))
    blocks += _promises(writer, session.promises)
    blocks.append(Paragraph(say("session.results.closing", committee=writer.committee, contact=writer.contact())))
    return writer.document(
        tuple(blocks),
        title=say("session.results.title", title=one_line(session.title)),
        mark=say("session.notice.mark"),
        name=say("session.notice.name"),
        about=(say("session.results.about", title=_lowered(session.title)),),
        to_head=say(
            "doc.to", to=say("session.heads" if not session.village else "session.head", village=session.village)
        ),
        copies=(say("paper.copy.same"), say("session.copy.wall"), say("session.copy.archive")),
    )


def _loudspeaker(writer: Writer, session: SessionFile) -> Document:
    """The text that is read out, to be approved and signed before it is."""
    say = writer.say
    blocks = tuple(Paragraph(text) for text in lines(session.aloud))
    return writer.document(
        blocks or (writer.mark("session.missing.aloud"),),
        title=say("session.loudspeaker.title", title=one_line(session.title)),
        mark="",
        name=say("session.loudspeaker.name"),
        about=(one_line(session.title),),
        copies=(),
        signature=(say("session.loudspeaker.signature"),),
        signature_note=say("paper.sign_here"),
        signer="",
    )


def _when_and_where(writer: Writer, session: SessionFile) -> tuple[str, ...]:
    return tuple(_facts(writer, session)[:2])


def _facts(writer: Writer, session: SessionFile) -> list[str]:
    """Time, place, host, each a sentence of its own."""
    start, end = local(session.starts_at), local(session.ends_at)
    weekday = WEEKDAYS[start.weekday()]
    when = writer.say(
        "session.fact.when",
        start=f"{start:%H:%M}",
        end=f"{end:%H:%M}",
        weekday=weekday,
        day=date_vi(start.date()),
    )
    where = writer.say("session.fact.where", place=one_line(session.place))
    return [when, where, _host(writer, session, "session.fact.host")]


def _host(writer: Writer, session: SessionFile, key: str) -> str:
    office = writer.say(f"session.host.{session.host}", word=writer.word)
    name = one_line(session.host_name)
    return writer.say(key, host=writer.say("session.host.named", name=name, office=office) if name else office)


def _party(writer: Writer, session: SessionFile) -> tuple[Block, ...]:
    """Papers of the Party's committee have a head of their own, by the Party's rules and not the decree's."""
    return (writer.mark("session.missing.party"),) if session.host == _PARTY else ()


def _questions(writer: Writer, asked: Iterable[Question]) -> Iterator[Block]:
    """Word for word, with who asked: for the minutes, which stay in the office."""
    say = writer.say
    found = False
    for number, one in enumerate(asked, start=1):
        found = True
        who = ", ".join(part for part in (shortened(one.asker, _CELL), one_line(one.village)) if part)
        topic = writer.named("category", one.topic)
        key = "session.question.who" if who else "session.question"
        yield Heading(2, say(key, number=number, topic=topic, who=who))
        yield from (Paragraph(line, "words") for line in lines(one.text))
        yield from _answer(writer, one)
    if not found:
        yield Paragraph(say("session.no_questions"))


def _public_questions(writer: Writer, asked: Iterable[Question]) -> Iterator[Block]:
    say = writer.say
    found = False
    for number, one in enumerate(asked, start=1):
        found = True
        yield Heading(2, say("session.question", number=number, topic=writer.named("category", one.topic)))
        yield from (Paragraph(line) for line in lines(one.public))
        yield from _answer(writer, one)
    if not found:
        yield Paragraph(say("session.no_questions"))


def _answer(writer: Writer, one: Question) -> Iterator[Block]:
    if not one.answer.strip():
        yield writer.mark("session.missing.answer")
        return
    head, *rest = lines(one.answer)
    by = one_line(one.answered_by)
    yield Paragraph(writer.say("session.answer.by" if by else "session.answer", by=by, text=head))
    yield from (Paragraph(line) for line in rest)


def _promises(writer: Writer, promises: Iterable[Promise]) -> list[Block]:
    say = writer.say
    rows = tuple(
        (
            str(number),
            shortened(one.text, _CELL),
            shortened(one.owner, _CELL),
            date_vi(date.fromisoformat(one.due)),
            say(f"register.promised.{one.state}"),
        )
        for number, one in enumerate(promises, start=1)
    )
    if not rows:
        return [Paragraph(say("session.no_promises"))]
    return [
        Table(
            caption=say("session.promises.caption"),
            head=tuple(say("session.promises.columns").split("|")),
            rows=rows,
            widths=(0.07, 0.41, 0.24, 0.15, 0.13),
            align="cllcc",
        )
    ]


def _promised(writer: Writer, one: Promise, key: str) -> str:
    return writer.say(
        key, text=shortened(one.text, _CELL), owner=one_line(one.owner), due=date_vi(date.fromisoformat(one.due))
    )


def _lowered(title: str) -> str:
    """A title inside a sentence: only its first letter changes."""
    plain = one_line(tidy(title))
    return plain[:1].lower() + plain[1:]
