"""A survey with a question of every kind, and people who answer it at random."""

from random import Random

from surveys.definition import Answer, Choice, Factor, Kind, Privacy, Question, Survey

CHOICES = tuple(Choice(id=id, text=text) for id, text in (("cho", "Chợ"), ("duong", "Đường"), ("nuoc", "Nước")))
EVERY = Survey(
    id="du_loai",
    title="Phiếu đủ loại",
    privacy=Privacy.NAMED,
    factors=(Factor(id="f", text="Phục vụ"),),
    questions=(
        Question(id="note", kind=Kind.NOTE, text="Xin đọc"),
        Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?", overall=True, not_applicable="Chưa làm"),
        Question(
            id="m_a", kind=Kind.LIKERT5, text="Thái độ", matrix="m", stem="Cán bộ tiếp Ông/Bà ra sao?", factor="f"
        ),
        Question(
            id="m_b", kind=Kind.LIKERT5, text="Lời nói", matrix="m", stem="Cán bộ tiếp Ông/Bà ra sao?", factor="f"
        ),
        Question(id="mot", kind=Kind.SINGLE, text="Việc nào?", choices=CHOICES),
        Question(id="nhieu", kind=Kind.MULTIPLE, text="Những việc nào?", choices=CHOICES),
        Question(id="thu_tu", kind=Kind.RANK, text="Việc nào trước?", choices=CHOICES),
        Question(id="so", kind=Kind.NUMBER, text="Mấy lần?"),
        Question(id="do", kind=Kind.DECIMAL, text="Mấy héc-ta?"),
        Question(id="thang", kind=Kind.RANGE, text="Từ 0 đến 10?", min=0, max=10, step=1),
        Question(id="loi", kind=Kind.TEXT, text="Ý kiến khác?"),
        Question(id="gioi_thieu", kind=Kind.NPS, text="Có giới thiệu không?"),
        Question(id="co_khong", kind=Kind.YESNO, text="Có trễ hẹn không?"),
        Question(id="ngay", kind=Kind.DATE, text="Ngày nào?"),
        Question(id="gio", kind=Kind.TIME, text="Mấy giờ?"),
        Question(id="anh", kind=Kind.PHOTO, text="Ảnh chụp?"),
        Question(id="tieng", kind=Kind.VOICE, text="Xin nói:"),
        Question(id="cho_o", kind=Kind.PLACE, text="Ở đâu?"),
        Question(id="da_doc", kind=Kind.ACKNOWLEDGE, text="Tôi đã đọc"),
        Question(id="tong", kind=Kind.CALCULATED, text="Tổng số", value="so + do"),
    ),
)


def somebody(random: Random) -> dict[str, Answer]:
    """One person's answers; some are skipped."""
    return {
        question.id: None
        if random.random() < 0.1 and question.kind is not Kind.CALCULATED
        else answer(random, question)
        for question in EVERY.questions
    }


def answer(random: Random, question: Question) -> Answer:
    """An answer of the kind that is asked for."""
    ids = [choice.id for choice in question.choices]
    found: dict[Kind, Answer] = {
        Kind.LIKERT5: random.choices((1, 2, 3, 4, 5, 0, 9), (1, 2, 6, 20, 12, 2, bool(question.not_applicable)))[0],
        Kind.SINGLE: random.choices(ids, range(1, len(ids) + 1))[0] if ids else None,
        Kind.MULTIPLE: tuple(id for id in ids if random.random() < 0.5) or tuple(ids[:1]),
        Kind.RANK: tuple(random.sample(ids, len(ids))),
        Kind.NUMBER: random.randint(0, 6),
        Kind.DECIMAL: random.randint(0, 60) / 10,
        Kind.RANGE: random.randint(0, 10),
        Kind.TEXT: "Cần thêm ghế",
        Kind.NPS: random.choices(range(11), (0, 0, 0, 1, 1, 1, 2, 6, 9, 12, 5))[0],
        Kind.YESNO: random.choices(("yes", "no"), (1, 9))[0],
        Kind.DATE: "2026-10-02",
        Kind.TIME: "08:30",
        Kind.PHOTO: "blob:1",
        Kind.VOICE: "blob:2",
        Kind.PLACE: "21.8,106.7",
        Kind.ACKNOWLEDGE: "yes",
        Kind.CALCULATED: random.randint(0, 12),
    }
    return found.get(question.kind)
