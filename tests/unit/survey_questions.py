"""One question of each kind, for the tests of typed answers and of buttons."""

from surveys.definition import Choice, Kind, Question
from surveys.ready import ready


def choices(*texts: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{number}", text=text) for number, text in enumerate(texts, start=1))


SCALE = Question(id="q", kind=Kind.LIKERT5, text="Ông/Bà hài lòng thế nào?", required=True)
SCALE_NA = Question(
    id="q", kind=Kind.LIKERT5, text="Hài lòng thế nào?", not_applicable="Không áp dụng (tôi chưa gửi)", no_opinion=False
)
YESNO = Question(id="q", kind=Kind.YESNO, text="Cán bộ có xin lỗi không?")
NPS = Question(id="q", kind=Kind.NPS, text="Ông/Bà chấm mấy điểm?")
TIMES = Question(id="q", kind=Kind.NUMBER, text="Ông/Bà phải đến mấy lần?", min=0, max=2000)
ERRAND = ready("chinh_quyen_than_thien").question("viec")
LATE = ready("chinh_quyen_than_thien").question("tre_hen")
VISITS = ready("chinh_quyen_than_thien").question("so_lan")
MONEY = ready("chinh_quyen_than_thien").question("khoan_ngoai")
SEVERAL = Question(
    id="q",
    kind=Kind.MULTIPLE,
    text="Ông/Bà làm những việc gì?",
    max=3,
    choices=(
        *choices("Hộ tịch, chứng thực", "Đất đai, xây dựng", "Điện và nước", "Trợ cấp", "Việc khác"),
        Choice(id="none", text="Không có việc nào", exclusive=True),
    ),
)
WORDS = Question(id="q", kind=Kind.TEXT, text="Cần làm tốt hơn điều gì?")
