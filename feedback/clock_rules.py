"""The terms of a commune's cases and dialogues as data: how long, counted how, from what, and which law says so.

Where a law gives no term, or where a commune may know better, the number is a value of `Terms` and not of this file.
"""

from enum import StrEnum

import msgspec


class Count(StrEnum):
    """The unit that a term is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


class Ends(StrEnum):
    """When the last day of a term ends: at 24:00 (BLDS 2015, Điều 148 khoản 6), or when the office closes."""

    MIDNIGHT = "midnight"
    CLOSING = "closing"


class Since(StrEnum):
    """What a term runs from: receiving, accepting the đơn (thụ lý), or the dialogue itself."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HELD = "held"


class Pause(StrEnum):
    """Why a term stands still: waiting for the citizen, or a signed decision of suspension (tạm đình chỉ)."""

    CITIZEN = "citizen"
    SUSPENDED = "suspended"


class Ground(StrEnum):
    """Why a term is made longer; OWN is a commune's own promise, for any reason that it tells."""

    COMPLEX = "complex"
    VERY_COMPLEX = "very_complex"
    MANY_PLACES = "many_places"
    OWN = "own"


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """How often a term may be made longer on one ground, and by how much at most each time, in the rule's unit."""

    ground: Ground
    times: int
    each: int
    each_remote: int | None = None
    """The same where travel is hard (vùng sâu, vùng xa); None: no difference."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One term. `law` is its source, printed beside it; `own` marks a promise of the commune, which no law fixes."""

    id: str
    law: str
    count: Count
    length: int
    remote: int | None = None
    """The length where travel is hard (vùng sâu, vùng xa); None: no difference."""
    since: Since = Since.RECEIVED
    ends: Ends = Ends.MIDNIGHT
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    own: bool = False
    before: bool = False
    """Counted back from what is planned, to the last day on which it is still done in time."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a commune's own rules (quy chế) say, and terms of law to be set right where practice knows better.

    `report`, `urgent`: an answer to a phản ánh hiện trường, in working hours. No law; Đồng Nai's 1022 (2021) promised
    24 hours, urgent 4, around the clock: an office that sleeps can promise the same only in hours that it works.
    `petition`: an answer to a kiến nghị brought by chat, working days. No law gives a term for settling one.
    `own_extensions`: how often such a promise may be renewed. `apology`: working hours before a promise runs out at
    which the citizen is told; at most half of the term.
    """

    report: int = 24
    urgent: int = 4
    petition: int = 10
    own_extensions: int = 2
    apology: int = 4
    visitor_answer: int = 10
    petition_transfer: int = 5
    denunciation_transfer: int = 5
    second_complaint: tuple[int, int] = (45, 60)
    """Calendar days: usual, and in a complex matter."""
    second_complaint_remote: tuple[int, int] = (60, 70)

    def __post_init__(self) -> None:
        lengths = (self.report, self.urgent, self.petition, self.visitor_answer, self.petition_transfer)
        if min(*lengths, self.denunciation_transfer, *self.second_complaint, *self.second_complaint_remote) < 1:
            raise ValueError("a term is at least 1")
        if min(self.own_extensions, self.apology) < 0:
            raise ValueError("own_extensions and apology are 0 or more")
        if any(usual > longer for usual, longer in (self.second_complaint, self.second_complaint_remote)):
            raise ValueError("second_complaint: the usual term first, then the longer one")


_KN, _TC, _LTCD = "Luật Khiếu nại 2011", "Luật Tố cáo 2018", "Luật Tiếp công dân 2013"
_CQDP = "Luật Tổ chức chính quyền địa phương 2025 (72/2025/QH15)"
_KN_PAUSE = "tạm đình chỉ theo Luật 136/2025/QH15"
_QUY_CHE = "Quy chế của đơn vị; pháp luật không quy định thời hạn"


def rules(terms: Terms) -> dict[str, Rule]:
    """Every rule by its id; stored deadlines name these ids, so one that is no longer used still stays."""
    every = (
        *_own(terms), *_papers(terms), *_complaints(terms), *_denunciations(terms), *_dialogues(), *_own_data()
    )  # fmt: skip
    return {rule.id: rule for rule in every}


def _own(terms: Terms) -> tuple[Rule, ...]:
    def promise(id: str, count: Count, length: int) -> Rule:
        return Rule(
            id=id,
            law=_QUY_CHE,
            count=count,
            length=length,
            ends=Ends.CLOSING,
            extensions=(Extension(ground=Ground.OWN, times=terms.own_extensions, each=length),),
            pauses=(Pause.CITIZEN,),
            own=True,
        )

    return (
        promise("report", Count.WORKING_HOURS, terms.report),
        promise("report_urgent", Count.WORKING_HOURS, terms.urgent),
        promise("petition", Count.WORKING_DAYS, terms.petition),
    )


def _papers(terms: Terms) -> tuple[Rule, ...]:
    return (
        Rule(
            id="letter",
            law="Thủ tục hành chính X-KNTC02, Xử lý đơn thư tại cấp xã: 10 ngày",
            count=Count.CALENDAR_DAYS,
            length=10,
        ),
        Rule(
            id="visitor_answer",
            law=f"{_LTCD}, Điều 28: trả lời người đến trong 10 ngày làm việc",
            count=Count.WORKING_DAYS,
            length=terms.visitor_answer,
        ),
        Rule(
            id="petition_transfer",
            law=f"{_LTCD}; Thông tư 05/2021/TT-TTCP: chuyển kiến nghị, phản ánh trong 05 ngày làm việc",
            count=Count.WORKING_DAYS,
            length=terms.petition_transfer,
        ),
    )


def _complaints(terms: Terms) -> tuple[Rule, ...]:
    usual, longer = terms.second_complaint
    remote, remote_longer = terms.second_complaint_remote

    def accepting(id: str, article: int) -> Rule:
        law = f"{_KN}, Điều {article}: thụ lý trong 10 ngày"
        return Rule(id=id, law=law, count=Count.CALENDAR_DAYS, length=10)

    first = Rule(
        id="complaint",
        law=f"{_KN}, Điều 28: 30 ngày, phức tạp 45; vùng sâu, vùng xa 45, phức tạp 60; {_KN_PAUSE}",
        count=Count.CALENDAR_DAYS,
        length=30,
        remote=45,
        since=Since.ACCEPTED,
        extensions=(Extension(ground=Ground.COMPLEX, times=1, each=45 - 30, each_remote=60 - 45),),
        pauses=(Pause.SUSPENDED,),
    )
    second = Rule(
        id="complaint_second",
        law=f"{_KN}, Điều 37: 45 ngày, phức tạp 60; vùng sâu, vùng xa 60, phức tạp 70; {_KN_PAUSE}",
        count=Count.CALENDAR_DAYS,
        length=usual,
        remote=remote,
        since=Since.ACCEPTED,
        extensions=(
            Extension(ground=Ground.COMPLEX, times=1, each=longer - usual, each_remote=remote_longer - remote),
        ),
        pauses=(Pause.SUSPENDED,),
    )
    return accepting("complaint_accept", 27), first, accepting("complaint_second_accept", 36), second


def _denunciations(terms: Terms) -> tuple[Rule, ...]:
    return (
        Rule(
            id="denunciation_check",
            law=f"{_TC}, Điều 24: xử lý ban đầu 07 ngày làm việc, xác minh tại nhiều địa điểm không quá 10",
            count=Count.WORKING_DAYS,
            length=7,
            extensions=(Extension(ground=Ground.MANY_PLACES, times=1, each=10 - 7),),
        ),
        Rule(
            id="denunciation_transfer",
            law=f"{_TC}, Điều 24: chuyển đến nơi có thẩm quyền trong 05 ngày làm việc",
            count=Count.WORKING_DAYS,
            length=terms.denunciation_transfer,
        ),
        Rule(
            id="denunciation",
            law=(
                f"{_TC}, Điều 30: 30 ngày; phức tạp gia hạn một lần, đặc biệt phức tạp hai lần, mỗi lần không quá 30"
                " ngày; Điều 34: thời gian tạm đình chỉ không tính"
            ),
            count=Count.CALENDAR_DAYS,
            length=30,
            since=Since.ACCEPTED,
            extensions=(
                Extension(ground=Ground.COMPLEX, times=1, each=30),
                Extension(ground=Ground.VERY_COMPLEX, times=2, each=30),
            ),
            pauses=(Pause.SUSPENDED,),
        ),
    )


def _dialogues() -> tuple[Rule, ...]:
    return (
        Rule(
            id="dialogue_notice",
            law=f"{_CQDP}, Điều 43: thông báo chậm nhất 07 ngày trước ngày tổ chức",
            count=Count.CALENDAR_DAYS,
            length=7,
            since=Since.HELD,
            before=True,
        ),
        Rule(
            id="dialogue_results",
            law=f"{_CQDP}, Điều 43: công khai kết quả, gửi Trưởng thôn trong 10 ngày",
            count=Count.CALENDAR_DAYS,
            length=10,
            since=Since.HELD,
        ),
    )


def _own_data() -> tuple[Rule, ...]:
    """Terms for what a person asks about their own data; each may be made longer once, by 15 days."""
    law = "Luật Bảo vệ dữ liệu cá nhân 2025 (91/2025/QH15) và Nghị định 356/2025/NĐ-CP"
    longer = (Extension(ground=Ground.COMPLEX, times=1, each=15),)
    lengths = (("data_access", 10), ("data_correct", 10), ("data_withdraw", 15), ("data_erase", 20))
    return (
        Rule(id="data_reply", law=f"{law}: phản hồi trong 02 ngày làm việc", count=Count.WORKING_DAYS, length=2),
        *(
            Rule(id=id, law=f"{law}: {days} ngày", count=Count.CALENDAR_DAYS, length=days, extensions=longer)
            for id, days in lengths
        ),
    )
