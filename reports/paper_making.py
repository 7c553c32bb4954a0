"""The papers' own process: one job as JSON on stdin, the names of the files made as JSON on stdout.

    python -m reports.paper_making < job.json

The job is {"work": ..., "out": "folder"}. Exit 0 and [{"name", "media_type"}, ...]; or exit 1 and one line on stderr.
"""

import sys
from pathlib import Path

import msgspec

from reports.document import Document
from reports.dossier import write_dossier
from reports.letters import draw_letters
from reports.make import MEDIA_TYPES, Made
from reports.paper_facts import CaseJob
from reports.paper_jobs import (
    DossierJob,
    LettersJob,
    PosterJob,
    PostersJob,
    RegisterJob,
    dossier_name,
    register_name,
    register_of,
)
from reports.papers import Writer, compose_case, file_name
from reports.posters import draw_poster
from reports.session_facts import SessionJob
from reports.session_papers import compose_session, session_file_name

Single = CaseJob | SessionJob | RegisterJob | PosterJob | PostersJob | LettersJob
Work = Single | DossierJob


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be made. `out` is a folder that is there."""

    work: Work
    out: str


def make_paper(work: Single) -> tuple[str, bytes]:
    """The name and the bytes of one paper, register, poster, ZIP of posters, or sheet of invitations."""
    match work:
        case PosterJob():
            return work.name, draw_poster(work.poster, work.size, work.format, work.made_on)
        case PostersJob():
            return work.name, _zipped([make_paper(one) for one in work.posters])
        case LettersJob():
            return work.name, draw_letters(work.letters, work.made_on)
        case CaseJob():
            document = compose_case(work.paper, work.case, work.office, work.made_on)
            return file_name(work.paper, work.case.code, work.ending), _set(document, work)
        case SessionJob():
            name = session_file_name(work.paper, work.session, work.ending)
            return name, _set(compose_session(work.paper, work.session, work.office, work.made_on), work)
        case RegisterJob():
            from reports.register_files import print_register, write_register

            writer = Writer(work.office, work.made_on)
            register = register_of(work, work.which, writer)
            put_down = write_register if work.ending == "xlsx" else print_register
            return register_name(writer, work.which, work.key, work.ending), put_down(register, writer, work.made_on)


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    from io import BytesIO
    from zipfile import ZIP_STORED, ZipFile, ZipInfo

    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_STORED) as folder:  # PDFs are packed already
        for name, data in files:
            folder.writestr(ZipInfo(name), data)
    return whole.getvalue()


def _set(document: Document, work: CaseJob | SessionJob) -> bytes:
    if work.ending == "docx":
        from reports.docx import write_docx

        return write_docx(document, {}, work.made_on)
    from reports.pdf import write_pdf

    return write_pdf(document, {}, work.made_on)


def media_type_of(name: str) -> str:
    """The media type of a paper by its name."""
    others = {".zip": "application/zip", ".txt": "text/plain; charset=utf-8"}
    ending = Path(name).suffix
    return others.get(ending) or MEDIA_TYPES[ending]


def make_job(job: Job) -> list[Made]:
    """Write the files of a job into its folder. OSError where they cannot be written."""
    out = Path(job.out)
    if isinstance(job.work, DossierJob):
        name = dossier_name(job.work.key, names=job.work.names)
        write_dossier(job.work, out / name)
    else:
        name, data = make_paper(job.work)
        (out / name).write_bytes(data)
    return [Made(name=name, media_type=media_type_of(name))]


def main() -> int:
    """Read, make, tell; 0 when the file stands in the folder."""
    try:
        made = make_job(msgspec.json.decode(sys.stdin.buffer.read(), type=Job))
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent wants one line and an exit code
        # Only the kind of fault and, of a full disk, what the system says: the text could hold what a citizen wrote.
        said = f": {error.strerror}" if isinstance(error, OSError) else ""
        print(f"{type(error).__name__}{said}", file=sys.stderr)  # noqa: T201 - the process speaks by its streams
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(made) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
