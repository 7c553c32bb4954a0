"""Syllables of Vietnamese names, to find a name that nobody wrote with a capital letter.

Family names: those that nearly everybody bears (Lê Trung Hoa, "Họ và tên người Việt Nam", 2005, gives Nguyễn 38 %, Trần
11 %, Lê 10 %, Phạm 7 %, Hoàng or Huỳnh 5 % ...), and those of the Tày, Nùng, Mông, Thái, Dao, Khmer and of Tây Nguyên.
Given and middle names: the usual ones, birth order ("bà sáu", "ông tư") and years of the twelve animals among them; put
together for this, from what is generally known. Common words that are names as well are left in: whoever asks decides
by what stands beside them.
"""

from functools import lru_cache

from vietnam.text import fold


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


FAMILY = listed(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh đoàn lâm tô cao đào trương mai hà
    lương tạ thái tống từ vương châu đàm lưu phùng tăng tôn quách kiều tiêu doãn khổng giáp thân bạch chử cù mạc nghiêm
    ninh ông quan quảng sử thiều trà văn viên vi nông triệu bế hứa la lục ma sầm lăng liễu lộc chu lường lò cầm điêu
    quàng tòng cà vừ giàng sùng vàng thào mùa hạng lầu thò cháng lù sin tẩn bàn phủ thạch kim danh sơn ksor siu kpă rơ
    rmah rah nay niê êban y điểu k'
    """
)
"""Họ, in lower case with accents."""

MIDDLE = listed("a văn thị hữu đức xuân ngọc minh thanh quang đình công bá duy gia kim mỹ như thế trọng viết")
"""Tên đệm."""

ORDER = listed("cả nhất hai ba tư năm sáu bảy bẩy tám chín mười út")
"""Thứ bậc by which elders are called, most of all in the south."""

GIVEN = (
    ORDER
    | MIDDLE
    | listed(
        """
        an ân ấn anh ánh ảnh bách bạch bảng bằng bàng bảo báu bắc bích biên bình bính bổng bường ca cam cảnh cát cẩm
        cần cẩn chấn châu chi chí chiến chiêu chinh chính chung chương chức chuyên cúc cung cương cường cừ chất chiểu
        chúc chắt danh dân diễm diện diệp diệu doanh du dung dũng duyên duyệt dư dự dương dược dậu dần dĩnh dịu đài đại
        đạm đan đào đạo đạt đăng đắc đệ điềm điền điển điệp định đính đoan đoài đoàn đô độ đông đồng đang én gấm giang
        giáp giao giỏi hà hạ hải hạnh hào hảo hãnh hân hằng hậu hiên hiền hiển hiếu hiệp hiệu hinh hoa hòa hoà hoài
        hoan hoàn hoàng hoạt hoạch hồng hồi hợi hợp huân huấn huê huế huệ huê hùng huy huyền huyên huỳnh hưng hương
        hường hưởng hưởng khải khang khanh khánh khiêm khiết khoa khoái khôi khương khuê khuyên khuyến kha khá khâm
        kiên kiều kiệt kính kỳ kỷ lai lam lan lành lài lãm lâm lân lập lê lệ liên liễu liêm liệu linh lĩnh loan loát
        long lộc lợi luân luận lụa luyến luyện lục lương lượng lưu lực lựu ly lý mai mạnh mão mận mậu mẫn mây mến miên
        mị mơ mùi mùa muôn mừng muội my mỵ na nam nga ngà ngạn ngân nghi nghĩa nghiêm nghiệp ngoan ngọ ngôn nguyên
        nguyện nguyệt nhã nhài nhàn nhâm nhân nhật nhẫn nhạn nhi nhị nhiên nhung nhuận nhường nhượng ninh nở nụ nương
        oanh phát phấn phi phong phú phúc phụng phượng phương phước pha quân quảng quế quí quý quốc quy quyên quyền
        quyết quỳnh sa sang sáng sao sâm sen sinh sơn sự sửu sỹ sĩ soạn sồi tài tam tâm tân tấn tần tất tạo thạch thái
        thao thảo thạnh thành thăng thắng thắm thân thập thật thi thìn thịnh thiên thiện thiết thiều thiệu thọ thoa
        thoan thoại thông thơ thơm thời thu thuần thuận thuấn thục thuý thúy thuỳ thùy thuỷ thủy thuyên thuyết thuyền
        thư thực thương thường thưởng thức thước tiên tiến tiệp tình tính tín tỉnh tịnh tiếp toại toan toàn toản tố tôn
        tới trà trâm trân trang tráng trạch trai trí trinh triệu trúc trung truyền trường trưởng trực tú tuân tuấn tuất
        tuệ tuyên tuyền tuyển tuyết tùng tuế tứ tường tưởng tý tỵ ước uy uyên uyển vân vạn vấn vận vang vàng vi vĩ vị
        viên viện việt vinh vĩnh vịnh vọng vui vũ vượng vương vy xoan xoàn xuyến xuyên xứng xoa ý yên yến yêm tèo tí tý
        tũn bờm nhớn đực cún pành páo sình súa chứ dính mỷ sếnh seo dơ chá dế pà phử pao pá lử giống chống páng sính
        tủa sài mẩy phẩy líu rin hờ rươne sóc khem thươl sarây đara h'len h'bia blik
        """
    )
)
"""Tên and tên đệm, in lower case with accents."""


@lru_cache(maxsize=1)
def folded_family() -> frozenset[str]:
    """Họ without accents."""
    return frozenset(fold(one) for one in FAMILY)


@lru_cache(maxsize=1)
def folded_given() -> frozenset[str]:
    """Tên and tên đệm without accents."""
    return frozenset(fold(one) for one in GIVEN)
