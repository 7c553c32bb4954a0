"""A case, a session and an office that the tests of papers share."""

from datetime import date, datetime

import msgspec

from feedback.replies import Outcome, Parts
from reports.paper_facts import CaseFile, Office, Step
from reports.registers import CaseLine, VisitLine
from reports.session_facts import Promise, Question, SessionFile, SessionPaper, Visitor
from vietnam.time import DAY, TZ, to_ms

CODE = "VL-2026-K7M2QX-4"
MADE = date(2026, 10, 9)
AT = to_ms(datetime(2026, 10, 3, 9, 5, tzinfo=TZ))
OFFICE = Office(
    commune="xã Vạn Linh",
    province="tỉnh Lạng Sơn",
    phone="0205 388 899",
    contact="bà Nông Thị Mẫu",
    url="https://nghedan.example.vn/van-linh/",
    signature=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
)
NAMELESS = CaseFile(
    code=CODE,
    kind="feedback",
    category="roads",
    village="thôn Nà Lọt",
    place="đầu cầu treo",
    point="21.57000, 106.51000",
    text="Đường vào nhà văn hoá thôn bị sạt lở sau mưa lớn.\n\nĐề nghị xã cho kè lại.",
    channel="zalo_oa",
    opened_at=AT,
    photos=2,
    state="new",
    due_at=AT + 5 * DAY,
    history=(Step(at=AT, who="citizen", action="open", text="Đường vào nhà văn hoá thôn bị sạt lở sau mưa lớn."),),
)
NAMED = CaseFile(
    code=CODE,
    kind="petition",
    category="environment",
    text="Đề nghị thu gom rác hai lần một tuần.",
    anonymous=False,
    name="Lương Văn Mẫu",
    phone="0912345678",
    channel="webchat",
    opened_at=AT,
    state="answered",
    officer="Nông Thị Mẫu",
    forwarded_to="Công ty Môi trường Lạng Sơn",
    reply="Xã đã hợp đồng thu gom hai lần một tuần.",
    answered_at=AT + 3 * DAY,
    parts=Parts(
        outcome=Outcome.RESOLVED,
        done="Ký phụ lục hợp đồng thu gom rác.",
        day=date(2026, 10, 5),
        person="Hoàng Văn Mẫu",
        photos=(1, 2),
    ),
    history=(
        Step(at=AT, who="citizen", action="open"),
        Step(at=AT + DAY, who="Nông Thị Mẫu", action="forward", to="Công ty Môi trường Lạng Sơn"),
        Step(at=AT + 3 * DAY, who="Nông Thị Mẫu", action="reply", text="Xã đã hợp đồng."),
    ),
)
HOSTILE = CaseFile(
    code=CODE,
    kind="no_such_kind",
    category="no_such_field",
    village="thôn " + "rất dài " * 8,
    place="n" * 300,
    text=("=1+1 \x07\x1b[31m\u202eđảo\u202c مرحبا សួស្តី 😀👍🏽 <b>&amp;</b> " + "khôngcódấucách" * 12 + "\n") * 18,
    anonymous=False,
    name="=cmd|' /C calc'!A0 " + "Nguyễn " * 20,
    phone="0912345678",
    opened_at=AT,
    state="no_such_state",
    forwarded_to="Sở Nông nghiệp và Môi trường " * 10,
    reply="Trả lời 😀\x0b" + "dài " * 800,
)
PROMISE = Promise(text="Cấp giấy chứng nhận", owner="Địa chính xã", due="2026-11-30", session="Tiếp công dân tháng 9")
ASKED = Question(
    topic="land",
    text="Bao giờ xã cấp giấy chứng nhận cho thôn Nà Lọt?",
    asker="Lương Văn Mẫu",
    village="thôn Nà Lọt",
    answer="Tháng 11 sẽ cấp.",
    answered_by="Chủ tịch UBND xã",
)
OPEN_QUESTION = Question(topic="environment", text="Rác ven suối chưa được thu gom.")
SESSION = SessionFile(
    id=1,
    kind="reception",
    host="chairman",
    host_name="Hoàng Văn Mẫu",
    title="Tiếp công dân định kỳ tháng 10",
    place="Phòng tiếp công dân, trụ sở UBND xã",
    state="announced",
    starts_at=to_ms(datetime(2026, 10, 15, 7, 30, tzinfo=TZ)),
    ends_at=to_ms(datetime(2026, 10, 15, 11, 30, tzinfo=TZ)),
    seats=20,
    slot_minutes=15,
    summary="Chủ tịch đã nghe hai ý kiến.",
    visitors=(
        Visitor(
            seat=1,
            slot_at=to_ms(datetime(2026, 10, 15, 7, 30, tzinfo=TZ)),
            state="attended",
            code="LH-7",
            name="Lương Văn Mẫu",
            phone="0912345678",
            village="thôn Nà Lọt",
            topic="land",
            questions=(ASKED,),
            cases=((CODE, "petition", "answered", AT),),
            promises=(PROMISE,),
        ),
        Visitor(state="waiting", name="", topic="other"),
    ),
    questions=(ASKED, OPEN_QUESTION),
    promises=(PROMISE,),
)
DIALOGUE = msgspec.structs.replace(SESSION, kind="exchange", title="Hội nghị trao đổi, đối thoại tháng 10")


def session_for(paper: SessionPaper) -> SessionFile:
    """A session that has such a paper: of a reception nothing is published."""
    return DIALOGUE if paper == "results" else SESSION


LINE = CaseLine(
    code=CODE,
    kind="feedback",
    category="roads",
    village="thôn Nà Lọt",
    place="đầu cầu treo",
    text="Đường vào nhà văn hoá thôn bị sạt lở.",
    officer="Nông Thị Mẫu",
    opened_at=AT,
    due_at=AT + 5 * DAY,
    state="answered",
    reply="Xã đã cho kè lại.",
    answered_at=AT + 3 * DAY,
    stars=5,
)
FORMULA = CaseLine(
    code="VL-2026-AAAAAA-9",
    kind="petition",
    category="land",
    anonymous=False,
    name="=1+1",
    phone="0912345678",
    text='=HYPERLINK("http://example.vn","bấm") \x07 😀 ' + "rất dài " * 490,
    opened_at=AT + DAY,
    state="forwarded",
    forwarded_to="@SUM(A1)",
    apologies=1,
    reopened=1,
)
VISIT = VisitLine(
    starts_at=AT,
    session="Tiếp công dân định kỳ tháng 10",
    host="Hoàng Văn Mẫu",
    name="Lương Văn Mẫu",
    phone="0912345678",
    village="thôn Nà Lọt",
    topic="land",
    questions=("Bao giờ cấp giấy?",),
    answers=("Tháng 11.",),
    promises=(("Cấp giấy", "Địa chính xã", "2026-11-30", "open"),),
)
