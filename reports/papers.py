"""The papers of one case by Nghị định 30/2020/NĐ-CP: phiếu tiếp nhận, phiếu chuyển, văn bản trả lời."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from feedback.replies import Outcome
from reports.document import Block, Document, Facing, Paragraph
from reports.lettering import lines, masked, one_line
from reports.paper_facts import CaseFile, CasePaper, Office
from reports.phrases import split_name
from reports.texts import Texts, texts
from vietnam.numbers import date_vi, long_date_vi
from vietnam.time import day_of, local

MARKS: dict[CasePaper, str] = {"receipt": "PTN-UBND", "transfer": "PC-UBND"}
"""The mark of the number; a letter has that of the office which drafts it."""


def compose_case(paper: CasePaper, case: CaseFile, office: Office, made_on: date) -> Document:
    """One paper of a case. What it lacks (no answer yet, no authority named) stands in it as a mark for the officer."""
    writer = Writer(office, made_on)
    match paper:
        case "receipt":
            return _receipt(writer, case)
        case "transfer":
            return _transfer(writer, case)
        case "answer":
            return _answer(writer, case)


def file_name(paper: str, code: str, ending: str) -> str:
    """ "phieu-tiep-nhan-VL-2026-K7M2QX-4.docx"."""
    return f"{texts().say(f'paper.{paper}.file')}-{code}.{ending}"


class Writer:
    """What every paper of an office needs: its wording, its head and its signature."""

    def __init__(self, office: Office, made_on: date, wording: Texts | None = None) -> None:
        self.office = office
        self.made_on = made_on
        self.texts = wording or texts()
        self.word, self.place = split_name(office.commune, self.texts)
        self.committee = self.say("paper.committee", commune=office.commune)

    def say(self, key: str, **params: object) -> str:
        """A text of the catalogue."""
        return self.texts.say(key, **params)

    def named(self, group: str, id: str) -> str:
        """The name of a kind, field or channel; its id where the catalogue does not know it."""
        key = f"{group}.{id}"
        return self.say(key) if key in self.texts else self.say(f"{group}.other")

    def at(self, ms: int) -> str:
        """ "09 giờ 05 phút, ngày 03/10/2026"."""
        moment = local(ms)
        return self.say("paper.at", hour=f"{moment:%H}", minute=f"{moment:%M}", day=date_vi(moment.date()))

    def mark(self, key: str) -> Paragraph:
        """What an officer has to add before the paper goes out."""
        return Paragraph(self.say("doc.add", what=self.say(key)), "mark")

    def contact(self) -> str:
        """ "số điện thoại 0205 ... (gặp ...)", or where to ask without one."""
        office = self.office
        if not office.phone:
            return self.say("paper.contact.none", committee=self.committee)
        key = "paper.contact.person" if office.contact else "paper.contact"
        return self.say(key, phone=office.phone, person=office.contact)

    def document(
        self,
        blocks: tuple[Block, ...],
        *,
        title: str,
        mark: str,
        copies: tuple[str, ...],
        name: str = "",
        about: tuple[str, ...] = (),
        signature: tuple[str, ...] | None = None,
        signature_note: str = "",
        signer: str | None = None,
        facing: Facing | None = None,
        **more: Any,  # noqa: ANN401 - further fields of Document
    ) -> Document:
        """The frame of a paper of this office; signed as the office signs unless told otherwise."""
        say, office = self.say, self.office
        return Document(
            title=title,
            subject=say("paper.subject", commune=office.commune, province=office.province),
            nation=say("doc.nation"),
            motto=say("doc.motto"),
            issuer=(say("doc.issuer"), office.commune.upper()),
            number=say("doc.number", mark=mark) if mark else "",
            place_date=say("doc.place_date", place=self.place, year=self.made_on.year),
            name=name,
            about=about,
            sample=say("doc.sample") if office.sample else "",
            sample_note=say("paper.sample") if office.sample else "",
            blocks=blocks,
            copies_head=say("doc.copies"),
            copies=copies,
            signature=office.signature if signature is None else signature,
            signature_note=signature_note,
            signer=office.signer if signer is None else signer,
            facing=facing,
            **more,
        )


def _receipt(writer: Writer, case: CaseFile) -> Document:
    say = writer.say
    noun = writer.named("paper.noun", case.kind)
    blocks: list[Block] = [Paragraph(say("paper.receipt.opening", committee=writer.committee, noun=noun))]
    facts = [("code", case.code), ("sender", _sender(writer, case))]
    phone = masked(case.phone)
    facts += [("phone", phone)] if phone else []
    facts += [("where", _where(writer, case)), ("field", writer.named("category", case.category))]
    facts += [
        ("how", say("paper.how", channel=writer.named("paper.channel", case.channel), at=writer.at(case.opened_at)))
    ]
    facts += [("wanted", one_line(case.wanted_day))] if case.wanted_day else []
    facts += [("attached", _attached(writer, case)), ("due", _due(writer, case))]
    for number, (key, value) in enumerate(facts, start=1):
        blocks.append(Paragraph(say(f"paper.fact.{key}", number=number, value=value)))
    blocks.append(Paragraph(say("paper.fact.text", number=len(facts) + 1)))
    blocks += [Paragraph(line, "words") for line in lines(case.text)]
    key = "paper.receipt.closing" if writer.office.url else "paper.receipt.closing.phone"
    blocks.append(Paragraph(say(key, url=writer.office.url, code=case.code, contact=writer.contact())))
    return writer.document(
        tuple(blocks),
        title=say("paper.receipt.title", code=case.code),
        mark=MARKS["receipt"],
        name=say("paper.receipt.name"),
        about=(writer.named("paper.noun", case.kind)[:1].upper() + noun[1:],),
        copies=(say("paper.copy.sender"), say("paper.copy.file")),
        signature=(say("paper.receipt.signature"),),
        signature_note=say("paper.sign_here"),
        signer=case.officer,
    )


def _transfer(writer: Writer, case: CaseFile) -> Document:
    say = writer.say
    noun = writer.named("paper.noun", case.kind)
    to = one_line(case.forwarded_to)
    blocks: list[Block] = [] if to else [writer.mark("paper.missing.authority")]
    opening = say(
        "paper.transfer.opening",
        committee=writer.committee,
        noun=noun,
        day=long_date_vi(day_of(case.opened_at)),
        code=case.code,
        whose=_whose(writer, case),
    )
    blocks += [
        Paragraph(opening),
        Paragraph(say("paper.transfer.field", field=writer.named("category", case.category))),
    ]
    blocks += [Paragraph(say("paper.transfer.where", where=_where(writer, case)))]
    blocks += [Paragraph(say("paper.transfer.text"))]
    blocks += [Paragraph(line, "words") for line in lines(case.text)]
    if case.photos or case.recordings:
        blocks.append(Paragraph(say("paper.transfer.attached", attached=_attached(writer, case))))
    blocks.append(Paragraph(say("paper.transfer.reason", noun=noun)))
    if not case.name:
        blocks.append(Paragraph(say("paper.transfer.nameless", committee=writer.committee)))
    closing = say("paper.transfer.closing", committee=writer.committee)
    return writer.document(
        (*blocks, Paragraph(closing)),
        title=say("paper.transfer.title", code=case.code),
        mark=MARKS["transfer"],
        name=say("paper.transfer.name"),
        about=(say("paper.transfer.about", noun=noun),),
        to_head=say("doc.to", to=to or say("paper.blank")),
        copies=(say("paper.copy.above"), say("paper.copy.sender"), say("paper.copy.file")),
    )


def _answer(writer: Writer, case: CaseFile) -> Document:
    say = writer.say
    noun = writer.named("paper.noun", case.kind)
    whom = say("paper.answer.named", name=one_line(case.name)) if case.name else say("paper.answer.sender", noun=noun)
    opening = say(
        "paper.answer.opening",
        committee=writer.committee,
        noun=noun,
        day=long_date_vi(day_of(case.opened_at)),
        code=case.code,
    )
    blocks: list[Block] = [Paragraph(opening), *(Paragraph(line, "words") for line in lines(case.text))]
    blocks += [Paragraph(say("paper.answer.result", committee=writer.committee)), *_result(writer, case)]
    key = "paper.answer.closing" if case.name else "paper.answer.closing.nameless"
    closing = say(key, committee=writer.committee, contact=writer.contact(), code=case.code)
    return writer.document(
        (*blocks, Paragraph(closing)),
        title=say("paper.answer.title", code=case.code),
        mark=writer.office.letters_mark,
        regarding=say("paper.answer.regarding", noun=noun, code=case.code),
        to_head=say("doc.to", to=whom),
        copies=(say("paper.copy.same"), say("paper.copy.head"), say("paper.copy.letters")),
    )


def _result(writer: Writer, case: CaseFile) -> Iterator[Block]:
    """The parts of the answer, numbered; what a formal answer should say and nobody has said yet is marked."""
    say, parts = writer.say, case.parts
    if not case.reply.strip():
        yield writer.mark("paper.missing.answer")
        return
    head, *rest = lines(case.reply)
    outcome = say("paper.outcome", outcome=say(f"paper.outcome.{parts.outcome}"), text=head)
    yield Paragraph(head if parts.outcome is Outcome.ANSWERED and not parts.done else outcome)
    yield from (Paragraph(line) for line in rest)
    if parts.done:
        first, *more = lines(parts.done)
        yield Paragraph(say("paper.checked" if parts.outcome is Outcome.UNFOUNDED else "paper.done", text=first))
        yield from (Paragraph(line) for line in more)
    if parts.day is not None:
        key = "paper.until" if parts.outcome is Outcome.PROMISED else "paper.on"
        yield Paragraph(say(key, day=long_date_vi(parts.day)))
    if parts.person:
        yield Paragraph(say("paper.person", person=one_line(parts.person)))
    if parts.photos:
        yield Paragraph(say("paper.evidence", photos=len(parts.photos)))
    if case.state == "reopened":
        yield writer.mark("paper.missing.again")


def _sender(writer: Writer, case: CaseFile) -> str:
    if case.nameless:
        return writer.say("paper.sender.left_out")
    if case.anonymous:
        return writer.say("paper.sender.anonymous")
    return one_line(case.name) or writer.say("paper.sender.none")


def _whose(writer: Writer, case: CaseFile) -> str:
    """ "của ông (bà) ..., điện thoại ..." or "(người gửi không nêu tên)"."""
    if not case.name:
        return writer.say("paper.whose.nameless")
    key = "paper.whose.phone" if case.phone else "paper.whose"
    return writer.say(key, name=one_line(case.name), phone=case.phone)


def _where(writer: Writer, case: CaseFile) -> str:
    parts = [one_line(case.place), case.village and f"{case.village}, {writer.office.commune}"]
    found = ", ".join(part for part in parts if part)
    if case.point:
        point = writer.say("paper.point", point=case.point)
        found = f"{found} {point}".strip()
    return found or writer.say("paper.where.none")


def _attached(writer: Writer, case: CaseFile) -> str:
    found = [writer.say("paper.photos", photos=case.photos)] if case.photos else []
    found += [writer.say("paper.recordings", recordings=case.recordings)] if case.recordings else []
    return ", ".join(found) or writer.say("paper.photos.none")


def _due(writer: Writer, case: CaseFile) -> str:
    if case.answered_at is not None and case.state in {"answered", "closed"}:
        return writer.say("paper.due.answered", at=writer.at(case.answered_at))
    if case.paused:
        return writer.say("paper.due.paused")
    if case.due_at is None:
        return writer.say("paper.due.none")
    return writer.say("paper.due", at=writer.at(case.due_at))
