"""Words around Vietnamese names: how people are addressed, and what looks like a name after that and is none."""

from vietnam.names import listed
from vietnam.text import fold

ADDRESSES = (
    *("ông", "bà", "anh", "chị", "cô", "chú", "bác", "em", "cháu", "cụ", "thầy", "dì", "cậu", "mợ", "thím", "dượng"),
    *("bố", "mẹ", "má", "vợ", "chồng", "con", "thằng", "đồng chí", "đ/c", "đ.c", "tên", "tên là", "tôi là", "tôi tên"),
    *("tôi tên là", "em là", "cháu là", "con là", "mình là", "họ tên", "ký tên", "người tên", "gặp", "hộ", "nhà"),
    *("bí thư chi bộ", "bí thư chi đoàn", "tổ trưởng", "trưởng ban", "phó thôn", "phó bản", "phó ấp", "hiệu trưởng"),
    *(
        "chủ nhiệm",
        "trưởng trạm",
        "trưởng công an",
        "chi hội trưởng",
        "trưởng thôn",
        "trưởng bản",
        "trưởng ấp",
        "trưởng xóm",
        "trưởng khu",
        "bí thư",
        "chủ tịch",
        "phó chủ tịch",
    ),
    *("cán bộ", "công an", "bác sĩ", "y sĩ", "y tá", "cô giáo", "thầy giáo", "kế toán", "giám đốc", "già làng"),
    *("chủ quán", "chủ nhà", "tài xế", "thợ", "linh mục", "sư thầy", "sư cô", "zalo", "facebook", "fb", "nick"),
)
"""After which a name may stand."""

PLAIN_ELSE = listed("cu me duong nha ho bo tho gap con ma mo di vo chong ten cau")
"""Addresses that are something else nearly always where no accents are written."""

UNSURE = frozenset({"co", "chu", "bac"})
"""Addresses that are other words as often, where no accents are written ("co": có, "cau": cầu)."""

ONESELF = frozenset({"em", "chau", "con", "toi la", "em la", "chau la", "con la", "minh la", "nha", "gap", "ho", "vo",
                     "chong", "bo", "me", "tho",  "ten", "ten la"})  # fmt: skip
"""How people speak of themselves, and what is followed by much else than names."""

AMONG_KIN = frozenset({"ba", "chi", "co", "chau", "thay", "ten", "ten la", "dong chi", "d/c", "toi ten", "toi ten la"})
"""Addresses after which "anh" is a name and not an address of its own."""

SAID_OF_ONESELF = listed(
    """
    cần định mong thương tính đang thêm tạo thật thường tin chung riêng ở quyết trong tới vui thu hiện gia dự tiếp vận
    hai ba bốn năm sáu bảy tám chín mười cả nhất dân công
    """
)
"""Syllables of names that in such a place are mostly something else."""
PLAIN_SAID_OF_ONESELF = frozenset(fold(one) for one in SAID_OF_ONESELF)

COMMON = listed(
    """
    được có là và với thì mà của này kia đó ấy ta nào trong ngoài đã đang sẽ vẫn không chưa cũng rất hay bị làm nói
    kêu gọi xin muốn mong ở đi đến về ra vào lên xuống cho con em chị cô chú bác ông bà cháu thấy biết nên phải cứ
    chứ lại vì nếu như khi rồi mới vừa đều chỉ tôi mình họ
    """
)
"""Words that follow an address as a rule, and are names too rarely."""

PLAIN_COMMON = (frozenset(fold(one) for one in COMMON) - listed("chi ba bac noi anh")) | listed(
    """
    den du the thoi tai tat tinh tiep tren duoi theo so xa thon ban ap duong cau chua nuoc rac dien nha dat viec tien
    nguoi trieu dong thang ngay gio lon heo cho gan van tham hoi dung thu tro them tao hoc hieu dua day dam chan bo can
    toi kham qua dang nhu lam la ma su vao vi y gia hang ra o
    """
)
"""The same without accents, with what only looks like a name then."""
PLAIN_TOO = listed("dung thang lam van thu hieu dat tien dong tham tinh tai minh")
"""Of these, what is as often a name: after a sure form of address it is taken for one."""
FAMILY_WORDS = listed("nông bàn phủ sử đỗ hứa từ ông thò quan cà cù tòng mạc lường tống lầu y")
"""Family names that are common words: alone they are no name."""

COUNTED = listed(
    """
    tuổi người con đứa nhà bên vợ anh chị ông bà em cái chiếc lần tháng ngày năm giờ mươi trăm nghìn ngàn triệu hộ
    xe mét m km thôn nay ngoái trước sau qua tới phút tuần mùa vụ cây con thửa sào bao đời ngôi lô khu cửa tầng
    phía mặt chục đồng nhau đều cháu cô chú bác cụ thằng gia học sinh tiếng lời câu việc điều chuyện đoạn điểm chỗ
    nơi xã bản tổ đường
    """
)
"""After "hai", "năm" these make a number of it; or a year."""
SURELY_COUNTED = listed("tuổi mươi trăm nghìn ngàn triệu lần tháng ngày giờ nay ngoái người đứa phút chục")
"""The same after "ông", "bà" and whatever else is said to one person: "ông hai" is somebody, whoever stands beside."""
PLAIN_SURELY_COUNTED = frozenset(fold(one) for one in SURELY_COUNTED)
PLAIN_COUNTED = frozenset(fold(one) for one in COUNTED) - listed("xa ban to chi lo mat noi cua cho")
"""The same without accents, but for what is more often a verb then."""

COMPOUNDS = frozenset(
    (first, second)
    for first, *rest in (
        line.split()
        for line in """
        công an nhân chức trình ty việc tác cộng khai bằng tâm trường sở lao
        dân phòng quân làng tộc vận chủ cư số sinh phố
        thanh niên tra toán lý thiếu
        nhân viên dân khẩu hậu quyền
        sinh viên ra sống năm hoạt con
        trường mầm học tiểu thcs thpt mẫu trung đại lớp
        trưởng thôn bản ấp xóm phòng ban khu công họ đoàn trạm nhóm thành tổ
        văn thư hóa phòng nghệ minh bản
        bảo vệ hiểm là rằng tôi với dưỡng trợ mẫu chị anh em con đảm kê họ
        an ninh toàn tâm ủi
        hải quan sản đảo
        tài xế chính sản trợ khoản liệu
        hoa màu quả mắt
        mai táng sau mốt mối
        hiền lành hậu từ
        hạnh phúc kiểm
        tư vấn pháp nhân thục tưởng cách
        tố cáo giác
        hòa giải nhã thuận
        hoà giải nhã thuận
        thương binh lái mại hại tật lượng tích yêu tình vong
        lợi dụng ích nhuận
        thông báo tin cảm qua thường thoáng
        chính quyền sách thức phủ trị xác
        phát hiện biểu triển sinh thanh cho hành quang
        đăng bài tin ảnh
        thu thêm gom tiền hoạch hồi nhập phí mua hút thập
        quyết định liệt toán tâm
        thực hiện phẩm tế sự hành tập trạng
        yên tâm ổn lòng tĩnh
        vui lòng vẻ tính mừng chơi
        đồng ý tình bào hành thời nghiệp
        bình thường đẳng luận tĩnh phong
        năm nay ngoái trước sau tới kia
        đại diện biểu học lý hội tá úy
        đoàn viên thể kết
        đội trưởng
        hội viên trưởng
        tổ trưởng
        y tá tế sĩ bác
        bác sĩ bỏ đơn ái cháu học
        cụ thể ông bà già
        cô giáo đơn lập đọng gái dâu bác chú nuôi tiên bé em quạnh
        chú ý trọng thích tâm rể bác bộ cháu
        thầy thuốc giáo cô u
        anh em chị ấy ta trai rể
        chị em ấy ta gái dâu
        em bé út trai gái dâu rể
        ông bà cụ già nội ngoại trời chủ ấy ta xã
        bà con nội ngoại già đỡ chủ ấy ta mẹ xã
        con em cái trai gái cháu dâu rể người đường đê sông suối kênh mương bò trâu chó lợn heo gà nước số
        mùa mưa khô màng vụ hè đông xuân hạn lũ gặt
        nam giới nữ sinh
        thường xuyên trực lệ trú vụ hay
        thành phố viên lập phần tích
        nhất là định trí
        giáo viên dục dân
        giao thông đất cho
        quản lý
        lý do lịch lẽ trưởng luận
        khá giả là
        hồi trước sáng chiều âm đáp nãy
        vận động chuyển hành
        tự ý nguyện
        sự việc cố
        đông người con đúc đảo khách
        sang đường năm tên bên nhà sông tháng nhượng trọng sửa
        sáng nay mai sớm hôm ra
        tới đây lui nhà khi nay tận
        tính tình toán đến
        tình hình trạng nguyện thương cảm huống
        thật thà sự ra là
        dự án kiến định họp toán
        tiếp tục tế dân nhận theo
        hoàn thành cảnh toàn trả
        đăng ký kí lên
        tạo điều ra
        trà đá sữa
        cảnh sát báo giác
        thái độ dương
        ban công ngành đêm
        điện lực thoại
        gia đình súc cầm tăng
        học sinh
        vệ sinh
        tổ chức dân
        phụ nữ huynh
        trực tiếp ban
        cho biết
        nông dân nghiệp thôn sản
        chi bộ cục nhánh hội tiền trả phí tiết đoàn
        lấn chiếm đất ra sân lối sang vào
        đánh nhau bạc đập bài
        mở karaoke nhạc cửa quán rộng đường
        hiệu trưởng phó quả lực
        cao tuổi niên tốc điểm áp su
        chung tay quanh sống cư
        cần thiết được có
        cả nhà xã thôn bản làng đời hai ngày năm
        hai vợ bên anh chị ông bà con người đầu chiều
        ba mẹ má anh bên con người
        tám mươi
        hộ nghèo cận khẩu gia kinh dân tịch
        nhà nước ở máy văn trường dân thầu đất cửa tôi em mình hàng trọ vệ xe bếp nghèo
        ảnh hưởng
        liên quan hệ tục
        lập tức biên
        lai dắt
        chức năng danh trách
        quy định hoạch trình
        việt nam
        ý kiến thức định
        viên chức
        """.splitlines()
        if line.strip()
    )
    for second in rest
)
"""Two syllables that are one word: neither begins a name here."""
PLAIN_COMPOUNDS = frozenset((fold(first), fold(second)) for first, second in COMPOUNDS)
"""The same without accents."""
