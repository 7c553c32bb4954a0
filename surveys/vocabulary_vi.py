"""What people in Việt Nam type for an answer, North and South, with their short forms and slips.

Only what is surely meant answers; what is lukewarm or two-sided ("tốt", "cũng được", "không hài lòng lắm", "tạm")
stands with the answers it could be, and the person is asked again rather than misunderstood.
"""

from surveys.vocabulary_words import DayWords, TimeWords, Vocabulary

_LIKERT = {
    1: (
        *("hoàn toàn không hài lòng", "rất chưa hài lòng", "cực kỳ không hài lòng", "vô cùng không hài lòng"),
        *("hết sức không hài lòng", "rất là không hài lòng", "quá không hài lòng", "không hài lòng chút nào"),
        *("không hài lòng tí nào", "không hề hài lòng", "chẳng hài lòng chút nào", "chẳng hài lòng tí nào"),
    ),
    2: ("chưa hài lòng", "chẳng hài lòng", "chả hài lòng", "không được hài lòng", "thấy không hài lòng"),
    3: ("bình thường thôi", "cũng bình thường", "bình thường à", "cũng bình thường thôi"),
    4: ("cũng hài lòng", "có hài lòng", "đã hài lòng", "được hài lòng", "hài lòng rồi"),
    5: (
        *("rất rất hài lòng", "hoàn toàn hài lòng", "vô cùng hài lòng", "cực kỳ hài lòng", "hết sức hài lòng"),
        *("rất là hài lòng", "rất hài lòng lắm", "hài lòng lắm", "hài lòng lắm lắm", "cực hài lòng"),
        *("hài lòng tuyệt đối", "tuyệt đối hài lòng", "quá hài lòng luôn"),
    ),
    0: (),
    9: ("không áp dụng",),
}

_LUKEWARM = {
    (1, 2): (
        *("tệ", "tệ quá", "tệ lắm", "rất tệ", "kém", "kém quá", "rất kém", "quá kém", "dở", "dở quá", "chán"),
        *("chán quá", "thất vọng", "rất thất vọng", "bức xúc", "không tốt", "chưa tốt", "hài lòng đâu mà hài lòng"),
        *("rất bức xúc", "chưa bao giờ hài lòng", "không bao giờ hài lòng"),
        *("hài lòng gì mà hài lòng", "hài lòng cái gì", "đâu có hài lòng", "có hài lòng đâu", "hài lòng đâu"),
        *("làm gì có hài lòng", "không thể hài lòng", "sao mà hài lòng được", "không được"),
        *("không hài lòng đâu", "hài lòng thế nào được", "không ổn", "chưa ổn"),
    ),
    (1, 2, 0): ("không", "dạ không", "chưa", "chẳng", "chả", "hổng", "hông", "không có"),
    (2, 3): (
        *("không hài lòng lắm", "chưa hài lòng lắm", "chưa thật hài lòng", "chưa thực sự hài lòng", "tàm tạm"),
        *("không thực sự hài lòng", "chưa thật sự hài lòng", "chưa hoàn toàn hài lòng", "không hoàn toàn hài lòng"),
        *("chưa được hài lòng lắm", "không được hài lòng lắm", "hơi không hài lòng", "không rất hài lòng"),
        *("không tốt lắm", "chưa tốt lắm", "không ổn lắm", "ít hài lòng", "hơi thất vọng", "trung bình", "tb"),
        *("không hài lòng cho lắm", "không được hài lòng cho lắm", "chẳng hài lòng lắm"),
    ),
    (3, 4): (
        *("tạm", "tạm được", "tạm ổn", "tạm hài lòng", "tạm tạm", "cũng tạm", "cũng tạm được", "được", "cũng được"),
        *("được thôi", "ổn", "cũng ổn", "khá", "khá ổn", "khá hài lòng", "hơi hài lòng", "tương đối hài lòng"),
        *("hài lòng một phần", "tương đối", "không đến nỗi", "cũng không đến nỗi", "không tệ", "cũng hơi hài lòng"),
        *("ok", "oke", "okie", "okay", "oki", "ô kê", "ừ", "ừ được", "không có gì không hài lòng"),
        *("không phải không hài lòng", "không phải là không hài lòng", "cũng không đến nỗi không hài lòng"),
    ),
    (3, 0): ("sao cũng được", "thế nào cũng được", "gì cũng được", "sao cũng đc", "bình thường không ý kiến"),
    (4, 5): (
        *("tốt", "rất tốt", "tốt lắm", "quá tốt", "tuyệt", "tuyệt vời", "quá tuyệt", "xuất sắc", "hoàn hảo"),
        *("quá hài lòng", "hài lòng quá", "hài lòng ghê", "có", "dạ có", "vâng", "dạ", "đúng", "có chứ", "đồng ý"),
        *("hoàn toàn đồng ý", "ưng", "ưng lắm", "ưng ý", "ưng bụng", "rất ưng", "mừng", "vừa lòng", "vui", "vui lắm"),
        *("thích", "rất thích", "không còn gì để chê", "không chê vào đâu được", "không có gì để chê"),
    ),
}

_YES = (
    *("có", "vâng", "dạ", "ừ", "ừm", "ừa", "ờ", "uh", "uk", "um", "ukm", "uhm", "vg", "ok", "oke", "okay", "oki"),
    *("okie", "okela", "yes", "yep", "đúng", "đúng vậy", "đúng rồi", "đúng thế", "đúng là có", "được", "dc", "đc"),
    *("phải", "phải rồi", "có chứ", "có chớ", "có rồi", "có r", "rồi", "rùi", "có mà", "có luôn", "tất nhiên"),
    *("tất nhiên rồi", "đương nhiên", "đồng ý", "nhất trí", "chính xác", "dạ vâng", "dạ đúng", "ừ đúng rồi", "ừ có"),
    *("vâng có", "vâng đúng", "dạ được", "được chứ", "được rồi", "có được", "đã có", "có đấy", "có đó"),
)

_NO = (
    *("không", "ko", "k", "kg", "kh", "hk", "hok", "hông", "hong", "hổng", "khg", "khong", "kô", "kông", "khum", "hem"),
    *("hẻm", "hơm", "no", "nope", "chưa", "chẳng", "chả", "không hề", "không phải", "không đúng", "không được"),
    *("không có", "chưa có", "chưa được", "chẳng có", "chả có", "đâu có", "có đâu", "làm gì có", "không có đâu"),
    *("ko có", "k có", "kg có", "hk có", "hok có", "hông có", "hong có", "hổng có", "khg có", "kô có", "khum có"),
    *("ko được", "k được", "ko dc", "k dc", "ko đc", "k đc", "hổng được", "hông được", "chưa hề", "chưa bao giờ"),
    *("không bao giờ", "chưa từng", "chưa lần nào", "không lần nào", "không đâu", "đâu", "không đồng ý", "ko phải"),
    *("k phải", "hông phải", "hổng phải", "sai", "sai rồi", "dạ chưa", "dạ không", "không không", "không có gì"),
    *("khong co", "hoàn toàn không", "tuyệt đối không"),
)

_NOT = (
    *("ko", "k", "kg", "kh", "hk", "hok", "hong", "hông", "hổng", "khg", "khog", "khôg", "kong", "kông", "kô", "khum"),
    *("hem", "hẻm", "hơm", "hog", "hôg", "hổg", "k0", "kh0ng", "khogn", "kohng", "khoong", "khồng"),
)
"""Short forms, sounds of the regions and slips of "không"."""

_SHORT = {
    **dict.fromkeys(_NOT, "không"),
    **dict.fromkeys(("hl", "hlong", "hlòng", "hlg", "hàilòng"), "hài lòng"),
    "lg": "lòng",
    "rhl": "rất hài lòng",
    "khl": "không hài lòng",
    "kohl": "không hài lòng",
    "chl": "chưa hài lòng",
    "rkhl": "rất không hài lòng",
    "r": "rất",
    **dict.fromkeys(("bt", "bth", "bthg", "btg", "bthuong", "bthường", "bthuờng", "bìnhthường"), "bình thường"),
    **dict.fromkeys(("thg", "thườg", "thuog", "thươg"), "thường"),
    "yk": "ý kiến",
    "ykien": "ý kiến",
    **dict.fromkeys(("bik", "bít", "bit", "biet"), "biết"),
    "kbt": "không biết",
    **dict.fromkeys(("dc", "đc", "đươc", "dk", "đk"), "được"),
    **dict.fromkeys(("cg", "cug", "cũg"), "cũng"),
    "lém": "lắm",
    "wá": "quá",
    "bh": "bao giờ",
    "bjo": "bao giờ",
}

_DAYS = DayWords(
    days={
        **dict.fromkeys(("hôm nay", "nay", "bữa nay", "ngày hôm nay", "sáng nay", "chiều nay", "tối nay"), 0),
        **dict.fromkeys(("hôm qua", "qua", "bữa qua", "ngày hôm qua", "tối qua", "sáng qua", "chiều qua"), -1),
        **dict.fromkeys(("hôm kia", "bữa kia", "ngày hôm kia"), -2),
        **dict.fromkeys(("hôm kìa", "bữa kìa"), -3),
        **dict.fromkeys(("mai", "ngày mai", "sáng mai", "chiều mai"), 1),
        **dict.fromkeys(("mốt", "ngày mốt", "ngày kia"), 2),
    },
    ago=("trước", "rồi"),
    since=("cách đây", "cách nay"),
    ahead=("nữa", "sau", "tới"),
    unit=("ngày", "hôm", "bữa"),
    weekdays={
        **dict.fromkeys(("thứ hai", "thứ 2", "t2"), 0),
        **dict.fromkeys(("thứ ba", "thứ 3", "t3"), 1),
        **dict.fromkeys(("thứ tư", "thứ 4", "t4"), 2),
        **dict.fromkeys(("thứ năm", "thứ 5", "t5"), 3),
        **dict.fromkeys(("thứ sáu", "thứ 6", "t6"), 4),
        **dict.fromkeys(("thứ bảy", "thứ bẩy", "thứ 7", "t7"), 5),
        **dict.fromkeys(("chủ nhật", "cn", "chúa nhật"), 6),
    },
    weeks={
        "tuần này": 0,
        **dict.fromkeys(("tuần trước", "tuần rồi", "tuần qua", "tuần vừa rồi", "tuần vừa qua"), -1),
        **dict.fromkeys(("tuần sau", "tuần tới"), 1),
    },
    last=("vừa rồi", "vừa qua", "rồi"),
    next=("tới", "sắp tới", "tới đây"),
    day=("ngày", "mùng", "mồng"),
    month=("tháng", "thg", "th", "t"),
    year=("năm",),
    months={"này": 0, "trước": -1, "rồi": -1, "vừa rồi": -1, "sau": 1, "tới": 1},
    years={"năm nay": 0, "năm ngoái": -1, "năm trước": -1, "năm rồi": -1, "năm sau": 1, "sang năm": 1, "năm tới": 1},
    lunar=("âm", "âm lịch", "lịch âm", "ta", "lịch ta", "al", "âl", "rằm", "giêng", "chạp", "tết"),
    solar=("dương", "dương lịch", "lịch dương", "tây", "lịch tây", "dl"),
    before=("vào", "lúc", "hồi", "hôm", "đúng", "khoảng", "chừng", "khoảng chừng", "vào khoảng", "lúc khoảng"),
)

_MORNING = {hour: hour for hour in range(1, 12)}
_TIMES = TimeWords(
    hour=("giờ", "h", "g", "gio"),
    minute=("phút", "p", "ph", "phút đúng"),
    half=("rưỡi", "rưởi"),
    less=("kém",),
    parts={
        **dict.fromkeys(("sáng", "buổi sáng", "sáng sớm", "am", "sa"), _MORNING),
        **{text: {10: 10, 11: 11, 12: 12, 1: 13, 2: 14} for text in ("trưa", "buổi trưa")},
        **{text: {hour: hour + 12 for hour in range(1, 8)} for text in ("chiều", "buổi chiều", "ch")},
        **{text: {**{hour: hour + 12 for hour in range(5, 12)}, 12: 0} for text in ("tối", "buổi tối")},
        **{text: {9: 21, 10: 22, 11: 23, 12: 0, 1: 1, 2: 2, 3: 3, 4: 4} for text in ("đêm", "khuya", "nửa đêm")},
        "pm": {**{hour: hour + 12 for hour in range(1, 12)}, 12: 12},
    },
    exact={"nửa đêm": "00:00", "giữa trưa": "12:00", "đúng ngọ": "12:00", "giữa đêm": "00:00"},
)

VIETNAMESE = Vocabulary(
    likert=_LIKERT,
    lukewarm=_LUKEWARM,
    yes=_YES,
    no=_NO,
    not_yet=("chưa",),
    yes_or_no=(
        *("lúc có lúc không", "khi có khi không", "có khi có khi không", "có lúc có lúc không", "có và không"),
        *("thỉnh thoảng", "đôi khi", "có khi", "có lúc", "lâu lâu", "lâu lâu có", "ít khi", "hiếm khi"),
        *(
            "o",
            "có cũng như không",
            "vừa có vừa không",
            "bữa có bữa không",
            "hôm có hôm không",
            "có không",
            "có mà không",
        ),
    ),
    asks=("có", "đã"),
    asides=("khi", "nếu", "lúc", "vì", "để", "trước", "sau"),
    acknowledged=(
        *("đã đọc", "đọc rồi", "đã đọc rồi", "đã xem", "xem rồi", "đọc xong", "đọc xong rồi", "tôi đã đọc"),
        *("rõ", "rõ rồi", "đã rõ", "đã hiểu", "hiểu", "hiểu rồi", "đã nắm", "nắm rõ", "biết rồi", "đã biết", "xong"),
        *("đồng ý", "nhất trí", "tôi đồng ý", "đã đọc và đồng ý", "đã đọc và hiểu", "đã đọc kỹ", "tiếp tục"),
    ),
    not_acknowledged=(
        *("chưa đọc", "chưa đọc xong", "chưa rõ", "chưa hiểu", "không hiểu", "không rõ", "không đọc", "chưa xem"),
        *("không đồng ý", "chưa đồng ý", "không nhất trí", "không đọc được"),
    ),
    skip=(
        *("bỏ qua", "bỏ qua câu này", "cho qua", "qua", "skip", "next", "không trả lời", "không muốn trả lời"),
        *("miễn trả lời", "khỏi trả lời", "không tiện trả lời", "xin không trả lời", "tôi không trả lời"),
        *("câu khác", "qua câu khác", "câu tiếp", "câu tiếp theo", "tiếp câu khác", "ko trả lời", "k trả lời"),
        *("không muốn nói", "xin miễn", "để sau", "bỏ câu này"),
    ),
    unknowing=(
        *("không ý kiến", "không có ý kiến", "chưa có ý kiến", "không biết", "không rõ", "chưa rõ", "chưa biết"),
        *("không biết nữa", "không rõ lắm", "không biết nói sao", "không biết trả lời sao", "không nhớ"),
        "không nhớ rõ",
        *("không có ý kiến gì", "không để ý", "không rành", "chịu", "không biết gì", "khó nói"),
    ),
    short=_SHORT,
    before=(
        *("dạ", "vâng", "thưa", "tôi", "tui", "em", "con", "cháu", "bác", "mình", "chị", "chú", "ngộ", "bọn tôi"),
        *("chúng tôi", "gia đình tôi", "nhà tôi", "là", "thì", "thấy", "cảm thấy", "nói chung", "nói chung là"),
        *("tôi chọn", "xin chọn", "ừ", "ừm", "theo tôi"),
    ),
    after=(
        *("ạ", "nhé", "nha", "nghe", "nghen", "hen", "hén", "chớ", "chứ", "hà", "á", "đó", "đấy", "luôn", "em ạ"),
        *("cháu ạ", "em nhé", "cháu nhé", "ad ạ", "ad", "em"),
    ),
    never=("bao giờ", "bao giờ cả", "lần nào", "lần nào cả", "lần nào hết", "bao giờ hết"),
    none_of=("nào",),
    number_before=(
        *("số", "mức", "điểm", "chọn", "chọn số", "chọn mức", "câu", "câu số", "câu trả lời", "đáp án", "đáp án số"),
        *("ý", "ý số", "ô", "ô số", "phương án", "phương án số", "mục", "mục số", "bấm", "bấm số", "cho", "chấm"),
        *("khoảng", "chừng", "khoảng chừng", "ước chừng", "độ chừng", "cỡ khoảng"),
        *("tôi cho", "tôi chấm", "lựa chọn", "mức độ", "loại", "chỉ", "mới", "chỉ có", "mới có", "tổng cộng"),
    ),
    number_after=("điểm", "sao", "đ", "điểm tròn", "thôi"),
    grades=("điểm", "sao", "chấm", "đ"),
    stars=("sao",),
    above=("trên", "hơn", "quá"),
    from_on=("từ",),
    both=("và", "với"),
    either=("hoặc", "hay", "hay là", "hoặc là", "or"),
    upto=("đến", "tới"),
    then=("rồi", "sau đó", "rồi đến", "rồi tới", "tiếp theo", "tiếp đến", "kế đến", "cuối cùng"),
    weighty=(
        *("không", "chưa", "chẳng", "chả", "đừng", "đâu", "hết", "thiếu", "bất", "trừ", "ngoài", "khó"),
        *("rất", "quá", "hơn", "kém", "hơi", "khá", "cực", "trên", "dưới", "ít", "nhiều", "trước", "sau", "cả"),
    ),
    negations=(
        *("không", "chưa", "chẳng", "chả", "đừng", "đâu", "hỏng", "no", "khl", "kohl", "chl", "rkhl"),
        *_NOT,
    ),
    numbers={
        "một": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "năm": 5,
        "sáu": 6,
        "bảy": 7,
        "bẩy": 7,
        "tám": 8,
        "chín": 9,
        "mười": 10,
    },
    tens=("mươi", "mười", "chục"),
    twenties={"hăm": 20, "băm": 30},
    ones={"mốt": 1, "lăm": 5, "nhăm": 5, "tư": 4},
    half=("rưỡi", "rưởi"),
    magnitudes={
        **dict.fromkeys(("nghìn", "ngàn"), 1_000),
        **dict.fromkeys(("triệu", "tr", "củ"), 1_000_000),
        **dict.fromkeys(("tỷ", "tỉ"), 1_000_000_000),
        "k": 1_000,
    },
    unsure=("tam",),
    thumbs_up=("👍", "👌", "✅", "🆗", "✔"),
    thumbs_down=("👎", "❌", "✖"),
    glad=("😀", "😃", "😄", "😁", "🙂", "😊", "☺", "😍", "🥰", "❤", "💯", "👏", "🎉", "🤩", "😘"),
    sad=("😡", "😠", "🤬", "😞", "😟", "🙁", "☹", "😢", "😭", "😤", "😒"),
    days=_DAYS,
    times=_TIMES,
)
