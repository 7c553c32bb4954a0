"""The form that opens a wave, read as values; what cannot be read is named, and the form keeps what was typed."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import msgspec

from storage.reading_waves import Asking
from storage.units import Unit
from storage.wave_acts import WaveRow
from surveys.editing import FRONT_ENDS
from surveys.sampling import AllocationFault, allocate, sample_size
from surveys.waves import Opening, Owner, Per, Refusal, Repeat, Segment, WaveKind, WaveState
from vietnam.time import start_of
from web.body import Form, line
from web.console.sessions_forms import day

CHANNELS = ("webchat", "telegram", "zalo_oa", "zalo_bot")
"""As app.capabilities."""
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
MOST_TITLE = 200
_SHOWN = 20
_LONGEST_NUMBER = 7
_YEARS = range(2001, 2200)
REMIND_AFTER = 3
"""Days before a reminder, as the form begins."""
ALL, AUTO = "tat-ca", "tu-tinh"
EMPTY = Form({"cach": "open", "moi": "person", "mau": AUTO, "nhac_ngay": str(REMIND_AFTER), "nhac_lan": "0"})


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A wave as it is meant. `frame` is the name of a list; `auto`: its size is computed from that of the list."""

    slug: str
    opening: Opening
    frame: str
    auto: bool


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """How a sample will be drawn: of `listed` rows `sample`, by village (0: without one) as (rows, drawn)."""

    listed: int
    sample: int
    villages: dict[int, tuple[int, int]]


class Unreadable(Exception):
    """A field of the form that cannot be read."""

    def __init__(self, key: str, text: str = "") -> None:
        super().__init__(key)
        self.refusal = Refusal(key, {"text": text[:_SHOWN]})


def wanted(form: Form, owner: Owner, asking: Collection[Asking], villages: Sequence[Unit], now: int) -> Wanted:
    """The form as a wave. Unreadable."""
    survey = next((one for one in asking if one.slug == form["phieu"]), None)
    if survey is None:
        raise Unreadable("wave.no_survey")
    if form["cach"] not in list(WaveKind):
        raise Unreadable("form.kind")
    kind = WaveKind(form["cach"])
    invited = kind is WaveKind.INVITED
    code = form["ma"].strip().lower()
    if code and not CODE.fullmatch(code):
        raise Unreadable("form.code")
    first, last = _day(form["tu"]), _day(form["den"])
    opening = Opening(
        code=code or survey.slug,
        title=line(form["ten"])[:MOST_TITLE],
        kind=kind,
        owner=owner,
        per=Per(form["moi"]) if invited and form["moi"] in list(Per) else Per.PERSON,
        sealed=bool(form["kin"]) or owner is Owner.FRONT,
        segment=_segment(form, survey, villages, invited=invited),
        opens_at=max(now, start_of(first)) if first else now,
        closes_at=start_of(last + timedelta(days=1)) if last else None,
        seed=line(form["tu_khoa"])[:MOST_TITLE] if invited else "",
        sample=_number(form["mau_so"]) if invited and form["mau"] not in (ALL, AUTO) else 0,
        population=_number(form["tong"], empty=True) if invited else 0,
        remind_days=_number(form["nhac_ngay"], empty=True),
        remind_times=_number(form["nhac_lan"], empty=True),
        repeat=Repeat.MONTHLY if form["lap"] else Repeat.NEVER,
    )
    if first and last and last < first:
        raise Unreadable("wave.to_before_from")
    frame = form["danh_sach"] if invited else ""
    return Wanted(slug=survey.slug, opening=opening, frame=frame, auto=invited and form["mau"] == AUTO)


def _segment(form: Form, survey: Asking, villages: Sequence[Unit], *, invited: bool) -> Segment:
    chosen = tuple(village.id for village in villages if form[f"thon{village.id}"])
    if len(chosen) == len(villages):
        chosen = ()  # all of them are everybody, those without a village included
    languages = tuple(tag for tag in survey.languages if form[f"tieng_{tag}"])
    return Segment(
        villages=chosen,
        groups=tuple(line(part) for part in form["nhom"].split(",") if part.strip()) if invited else (),
        channels=tuple(name for name in CHANNELS if form[f"kenh_{name}"]),
        languages=() if len(languages) == len(survey.languages) else languages,
    )


def drawing(wanted: Wanted, sizes: dict[int, int]) -> Drawing:
    """What the sample of that wave will be, from the rows of the list by village."""
    listed = sum(sizes.values())
    size = sample_size(listed) if wanted.auto else wanted.opening.sample
    if not 0 < size < listed:
        return Drawing(listed=listed, sample=size or listed, villages={id: (n, n) for id, n in sizes.items()})
    try:
        drawn = allocate(sizes, size)
    except AllocationFault:
        drawn = allocate(sizes, size, least=0)
    return Drawing(listed=listed, sample=size, villages={id: (n, drawn.get(id, 0)) for id, n in sizes.items()})


def free_code(slug: str, owner: Owner, kind: WaveKind, known: Collection[WaveRow]) -> str:
    """A word for the link of a new wave that no standing one has: the survey's own name where that is free."""
    taken = {wave.code for wave in known if wave.state in (WaveState.OPEN, WaveState.PLANNED)}
    used = taken | {wave.code for wave in known} if kind is WaveKind.INVITED else taken
    own = slug.endswith(FRONT_ENDS)
    base = f"{slug}-mt"[:32] if owner is Owner.FRONT and not own else slug[:32]
    if kind is WaveKind.OPEN and base not in taken:
        return base
    number = 1
    while (code := f"{base[:27]}-m{number}") in used:
        number += 1
    return code


def same(wave: WaveRow, wanted: Wanted) -> bool:
    """Whether a standing wave is what the form asks for: it was sent twice."""
    meant = wanted.opening
    return (
        (wave.slug, wave.code, wave.kind, wave.owner, wave.per, wave.own_title)
        == (wanted.slug, meant.code, meant.kind, meant.owner, meant.per, meant.title)
        and (wave.segment, wave.closes_at, wave.repeat) == (meant.segment, meant.closes_at, meant.repeat)
        and (wave.frame_name, wave.sealed) == (wanted.frame, meant.sealed)
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    found = day(text)
    if found is None or found.year not in _YEARS:
        raise Unreadable("form.day", line(text))
    return found


def _number(text: str, *, empty: bool = False) -> int:
    digits = text.strip().replace(".", "")
    if not digits and empty:
        return 0
    if not (digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_NUMBER):
        raise Unreadable("form.number", line(text))
    if not empty and not int(digits):
        raise Unreadable("form.number", line(text))
    return int(digits)
