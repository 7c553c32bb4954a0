"""What the papers' own process is asked for beside single papers: a register, or the ZIP of a period."""

from datetime import date
from typing import Literal

import msgspec

from reports.letters import Letters
from reports.paper_facts import CaseFile, Office
from reports.papers import Writer
from reports.posters import Format, Poster, Size
from reports.registers import CaseLine, Register, VisitLine, Which, case_register, visit_register


class DossierCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case, and where its pictures lie: paths of files beside the job."""

    case: CaseFile
    photos: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class DossierJob(msgspec.Struct, frozen=True, kw_only=True, tag="dossier"):
    """Everything of a period. `names`: with names and telephones of those who gave them."""

    office: Office
    period: str
    key: str
    first: date
    last: date
    names: bool
    lines: tuple[CaseLine, ...]
    visits: tuple[VisitLine, ...]
    cases: tuple[DossierCase, ...]
    made_on: date


class RegisterJob(msgspec.Struct, frozen=True, kw_only=True, tag="register"):
    """One register of a period."""

    office: Office
    which: Which
    period: str
    key: str
    first: date
    last: date
    names: bool
    lines: tuple[CaseLine, ...] = ()
    visits: tuple[VisitLine, ...] = ()
    ending: Literal["xlsx", "pdf"]
    made_on: date


class PosterJob(msgspec.Struct, frozen=True, kw_only=True, tag="poster"):
    """A poster; `name` is that of its file."""

    poster: Poster
    name: str
    size: Size
    format: Format
    made_on: date


class PostersJob(msgspec.Struct, frozen=True, kw_only=True, tag="posters"):
    """Many posters in one ZIP of that name."""

    posters: tuple[PosterJob, ...]
    name: str


class LettersJob(msgspec.Struct, frozen=True, kw_only=True, tag="letters"):
    """Invitations on paper; `name` is that of their file."""

    letters: Letters
    name: str
    made_on: date


def register_of(job: RegisterJob | DossierJob, which: Which, writer: Writer) -> Register:
    """The register of a job."""
    if which == "cases":
        return case_register(writer, job.lines, job.period, job.first, job.last, names=job.names)
    return visit_register(writer, job.visits, job.period, job.first, job.last, names=job.names)


def register_name(writer: Writer, which: str, key: str, ending: str) -> str:
    """ "so-tiep-cong-dan-2026-10.xlsx"."""
    return f"{writer.say(f'register.{which}.file')}-{key.lower()}.{ending}"


def dossier_name(key: str, *, names: bool) -> str:
    """ "ho-so-kiem-tra-2026-10.zip"; what leaves the names out says so."""
    return f"ho-so-kiem-tra-{key.lower()}{'' if names else '-khong-ten'}.zip"
