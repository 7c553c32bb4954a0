"""The words of the officers' template: sheets, headings, kinds of question, marks. They are its keys.

Everything is matched with and without accents, in any case; the first word of a list is the one that is written.
"""

from difflib import get_close_matches
from functools import lru_cache

from surveys.definition import Kind, Privacy
from vietnam.text import fold_words

SURVEY_SHEET, QUESTIONS_SHEET, GUIDE_SHEET = "Phiếu", "Câu hỏi", "Hướng dẫn"
MATRIX, SECTION = "matrix", "section"
"""Kinds of a row that are no kind of question: several questions of one scale, and a heading."""

Words = dict[str, tuple[str, ...]]

COLUMNS: Words = {
    "number": ("STT", "Số thứ tự", "TT", "Số TT", "Câu số", "Số câu"),
    "text": ("Câu hỏi", "Nội dung câu hỏi", "Nội dung", "Câu hỏi khảo sát"),
    "kind": ("Loại", "Loại câu hỏi", "Loại câu", "Kiểu", "Kiểu câu hỏi"),
    "choices": ("Lựa chọn", "Các lựa chọn", "Phương án", "Phương án trả lời", "Các phương án", "Đáp án"),
    "required": ("Bắt buộc", "Bắt buộc trả lời"),
    "when": ("Chỉ hỏi khi câu", "Chỉ hỏi khi", "Hỏi khi câu", "Điều kiện câu"),
    "chosen": ("Chọn", "Chỉ hỏi khi chọn", "Trả lời", "Điều kiện chọn", "Chỉ hỏi khi câu chọn"),
    "hint": ("Gợi ý", "Hướng dẫn trả lời", "Ghi chú cho người trả lời"),
    "factor": ("Nhóm", "Nhóm yếu tố", "Yếu tố", "Tiêu chí"),
    "min": ("Ít nhất", "Tối thiểu", "Nhỏ nhất", "Từ"),
    "max": ("Nhiều nhất", "Tối đa", "Lớn nhất", "Đến"),
    "not_applicable": ("Không áp dụng",),
    "overall": ("Câu chung", "Câu hài lòng chung", "Đánh giá chung"),
    "code": ("Mã", "Mã câu", "Mã câu hỏi"),
}
NEEDED = ("number", "text", "kind")

KINDS: Words = {
    Kind.LIKERT5: ("Mức hài lòng", "Hài lòng", "Mức độ hài lòng", "Thang 5", "Thang 5 mức", "Likert", "likert5"),
    Kind.SINGLE: ("Chọn một", "Chọn 1", "Một lựa chọn", "Chọn một đáp án", "Chọn một phương án", "single"),
    Kind.MULTIPLE: ("Chọn nhiều", "Nhiều lựa chọn", "Chọn nhiều đáp án", "Chọn nhiều phương án", "multiple"),
    Kind.YESNO: ("Có/Không", "Có không", "Có hoặc không", "Có - Không", "yesno"),
    Kind.NUMBER: ("Số", "Số nguyên", "Con số", "number"),
    Kind.DECIMAL: ("Số lẻ", "Số thập phân", "decimal"),
    Kind.TEXT: ("Chữ", "Văn bản", "Ý kiến", "Trả lời bằng chữ", "Tự ghi", "Câu mở", "text"),
    Kind.NPS: ("Điểm 0-10", "Điểm 0 đến 10", "Điểm", "Điểm từ 0 đến 10", "Thang 10", "Thang 0-10", "nps"),
    Kind.DATE: ("Ngày", "Ngày tháng", "Ngày tháng năm", "date"),
    Kind.TIME: ("Giờ", "Giờ phút", "time"),
    Kind.RANK: ("Xếp thứ tự", "Xếp hạng", "Sắp xếp", "Thứ tự ưu tiên", "rank"),
    MATRIX: ("Bảng hài lòng", "Bảng", "Bảng mức hài lòng", "Bảng hỏi", "matrix"),
    Kind.PHOTO: ("Ảnh", "Chụp ảnh", "Hình ảnh", "photo"),
    Kind.VOICE: ("Ghi âm", "Tiếng nói", "voice"),
    Kind.PLACE: ("Vị trí", "Địa điểm", "place"),
    Kind.NOTE: ("Thông báo", "Lời nhắn", "Ghi chú", "note"),
    Kind.ACKNOWLEDGE: ("Xác nhận đã đọc", "Xác nhận", "Đã đọc", "acknowledge"),
    SECTION: ("Mục", "Tiêu đề", "Phần", "Tên mục", "Đề mục"),
}

INFO: Words = {
    "title": ("Tên phiếu", "Tên phiếu khảo sát", "Tên khảo sát", "Tiêu đề phiếu"),
    "id": ("Mã phiếu", "Mã khảo sát"),
    "intro": ("Lời mở đầu", "Lời giới thiệu", "Mở đầu"),
    "thanks": ("Lời cảm ơn", "Cảm ơn", "Kết thúc"),
    "source": ("Nguồn", "Căn cứ", "Nguồn phiếu"),
    "privacy": ("Cách giữ kín", "Ẩn danh", "Bảo mật", "Giữ kín"),
    "index": ("Cách tính chỉ số", "Cách tính"),
    "print_note": ("Ghi chú khi in", "Ghi chú in"),
    "factors": ("Các nhóm",),
}
PRIVACIES: Words = {
    Privacy.ANONYMOUS: ("Ẩn danh", "Không ghi tên", "Có ẩn danh", "anonymous"),
    Privacy.CONFIDENTIAL: ("Giữ kín tên", "Bảo mật", "confidential"),
    Privacy.NAMED: ("Ghi tên", "Có ghi tên", "Có tên", "named"),
}
MARKS: Words = {"yes": ("Có", "x", "TRUE", "1", "v", "✓", "Đúng", "Bắt buộc"), "no": ("Không", "FALSE", "0", "-")}
ALONE = "(chọn riêng)"
"""After a choice of a question with several: whoever takes it takes no other."""
SPECIFY = "(ghi rõ)"
"""Behind "Khác": whoever takes it is asked for the words."""
NOT_APPLICABLE = "Không áp dụng"

_CUTOFF = 0.72


def written(words: Words, key: str) -> str:
    """The word that is written for a key."""
    return words[key][0]


def all_written(words: Words) -> str:
    """Every word that is written, for a fault that lists them."""
    return "; ".join(entry[0] for entry in words.values())


def find(words: dict[str, tuple[str, ...]], text: str) -> str:
    """The key whose word the text is, "" where it is none."""
    return _index(_frozen(words)).get(folded(text), "")


def nearest(words: dict[str, tuple[str, ...]], text: str) -> str:
    """The word that is written for what the text nearly says, "" where nothing is near."""
    index = _index(_frozen(words))
    near = get_close_matches(folded(text), index, n=1, cutoff=_CUTOFF)
    return written(words, index[near[0]]) if near else ""


def folded(text: str) -> str:
    """The text as words are compared: without accents and punctuation; a lone mark stays."""
    return fold_words(text.replace("/", " ").replace("-", " ")) or text.strip()


def _frozen(words: dict[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(words.items())


@lru_cache(maxsize=16)
def _index(words: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {folded(word): key for key, entry in reversed(words) for word in entry}
