"""One ZIP for a đoàn kiểm tra: the registers of a period, a folder for every case, and a list of all files with sums.

Files are dated by the day on which the ZIP is made, and nothing in them says on which machine that was.
"""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from reports.docx import write_docx
from reports.lettering import lines, one_line
from reports.paper_facts import CaseFile, CasePaper
from reports.paper_jobs import DossierCase, DossierJob, register_name, register_of
from reports.papers import Writer, compose_case, file_name
from reports.register_files import print_register, write_register

INDEX, SUMS = "muc-luc.txt", "SHA256SUMS"
_STORED = frozenset({".jpg", ".jpeg", ".png", ".webp", ".pdf"})
"""What is packed already."""


def write_dossier(job: DossierJob, to: Path) -> int:
    """Write the ZIP; how many files are in it. OSError (nothing left behind) where the disk has no room for it."""
    beside = to.with_name(f".{to.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
            pack = _Pack(packed, job)
            pack.all()
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)
    return len(pack.sums)


class _Pack:
    """The ZIP while it is written, with the sum of every file that is in it."""

    def __init__(self, packed: zipfile.ZipFile, job: DossierJob) -> None:
        self.packed = packed
        self.job = job
        self.writer = Writer(job.office, job.made_on)
        self.sums: list[tuple[str, int, str, str]] = []
        """(path, bytes, SHA-256, what it is)."""

    def all(self) -> None:
        """Registers, cases, and at last the two lists."""
        self._registers()
        for one in self.job.cases:
            self._case(one)
        sums = "".join(f"{digest}  {path}\n" for path, _, digest, _ in self.sums)
        index = self._index()
        self._put(SUMS, sums.encode(), "")
        self._put(INDEX, index.encode("utf-8-sig"), "")

    def _registers(self) -> None:
        writer, job = self.writer, self.job
        for which in ("cases", "visits"):
            register = register_of(job, which, writer)
            what = f"{register.title}, {register.period}"
            name = f"so/{register_name(writer, which, job.key, 'xlsx')}"
            self._put(name, write_register(register, writer, job.made_on), what)
            printed = print_register(register, writer, job.made_on)
            self._put(f"so/{register_name(writer, which, job.key, 'pdf')}", printed, what)

    def _case(self, one: DossierCase) -> None:
        case, say = one.case, self.writer.say
        folder = f"vu-viec/{case.code}"
        for paper in _papers_of(case):
            made = write_docx(compose_case(paper, case, self.job.office, self.job.made_on), {}, self.job.made_on)
            self._put(
                f"{folder}/{file_name(paper, case.code, 'docx')}", made, say(f"paper.{paper}.title", code=case.code)
            )
        story = "\n".join(timeline(self.writer, case)) + "\n"
        self._put(f"{folder}/qua-trinh.txt", story.encode("utf-8-sig"), say("dossier.timeline", code=case.code))
        for key, paths in (("anh", one.photos), ("anh-ket-qua", one.evidence)):
            for number, path in enumerate(paths, start=1):
                source = Path(path)
                name = f"{folder}/{key}-{number}{source.suffix}"
                self._put(name, source.read_bytes(), say(f"dossier.{key}", code=case.code, number=number))

    def _put(self, path: str, data: bytes, what: str) -> None:
        day = self.job.made_on
        info = zipfile.ZipInfo(path, date_time=(day.year, day.month, day.day, 0, 0, 0))
        info.compress_type = zipfile.ZIP_STORED if Path(path).suffix in _STORED else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self.packed.writestr(info, data)
        if what:
            self.sums.append((path, len(data), hashlib.sha256(data).hexdigest(), what))

    def _index(self) -> str:
        say, job, writer = self.writer.say, self.job, self.writer
        head = [
            say("dossier.title"),
            writer.committee,
            say("dossier.period", period=job.period, first=f"{job.first:%d/%m/%Y}", last=f"{job.last:%d/%m/%Y}"),
            say("dossier.made", day=f"{job.made_on:%d/%m/%Y}", n=len(job.cases), files=len(self.sums)),
            say("dossier.names" if job.names else "dossier.nameless"),
            say("dossier.confidential"),
            say("dossier.sums", sums=SUMS),
            "",
        ]
        if job.office.sample:
            head.insert(0, say("doc.sample"))
        body = [
            f"{number}. {what}\r\n   {path} ({size} byte)\r\n   SHA-256: {digest}"
            for number, (path, size, digest, what) in enumerate(self.sums, start=1)
        ]
        return "\r\n".join([*head, *body]) + "\r\n"


def _papers_of(case: CaseFile) -> Iterator[CasePaper]:
    """The papers that there is something to say in."""
    yield "receipt"
    if case.forwarded_to:
        yield "transfer"
    if case.reply.strip():
        yield "answer"


def timeline(writer: Writer, case: CaseFile) -> Iterator[str]:
    """The history of a case, a line an act, and what was said indented under it."""
    say = writer.say
    yield say("timeline.title", code=case.code)
    yield f"{writer.named('kind', case.kind)}; {writer.named('category', case.category).lower()}"
    yield ""
    for text in lines(case.text):
        yield f"  {text}"
    yield ""
    for step in case.history:
        key = f"timeline.who.{step.who}"
        who = say(key) if key in writer.texts else one_line(step.who) or say("timeline.who.officer")
        known = f"timeline.{step.action}"
        did = say(known if known in writer.texts else "timeline.other")
        to = f": {one_line(step.to)}" if step.to else ""
        yield f"- {writer.at(step.at)}: {who} {did}{to}"
        if step.action != "open":
            yield from (f"    {text}" for text in lines(step.text))
