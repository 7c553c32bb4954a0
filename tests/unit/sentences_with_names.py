"""Made-up sentences as citizens type them, for feedback.hiding: what may not be read stands in [ ]; nobody is meant."""

TOLD = """
ông [hải] xả rác ra mương trước nhà tôi
bà [sáu tư] nuôi heo hôi cả xóm
Nhà ông [bảy] đốt rơm khói vào lớp học
anh [tuấn] lấn ra lòng đường bán hàng
chị [hoa] ở đầu xóm đổ nước thải
cô [lan] dạy mẫu giáo rất nhiệt tình
chú [minh] trưởng xóm không họp dân
bác [thành] làm cột điện nghiêng
cụ [tư] sống một mình không ai giúp
thầy [dũng] thu thêm tiền quỹ lớp
đồng chí [hùng] hướng dẫn chu đáo
đ/c [quang] không tiếp dân đúng giờ
nhà ông [nguyễn văn hải] xây lấn ra ngõ
hộ ông [trần đức thắng] chưa được cấp sổ
bà [lê thị hoa] bán cá gây mùi
[nguyễn thị thu hà] vay tiền không trả
gia đình anh [phúc] nuôi chó thả rông
vợ ông [sơn] chửi hàng xóm suốt đêm
con bà [hạnh] đua xe trên đường liên xã
ông [bình] say rượu đập phá quán
tôi là [phạm thị mai] xin hỏi về trợ cấp
tôi tên là [hoàng văn nam] ở cuối thôn
cháu là [vi thị pành] học lớp chín
em tên [thảo] muốn hỏi học phí
anh [dũng] với anh [cường] đánh nhau ở chợ
bà [năm] với bà [tám] cãi nhau cả ngày
cô [út] ở đầu cầu bán hàng rong lấn vỉa hè
trưởng thôn [lâm] không công khai quỹ
bí thư [khánh] hứa sửa đường mà chưa làm
chủ tịch [vinh] đã trả lời bà con
cán bộ [huyền] ở một cửa rất tốt
công an [tú] tuần tra thường xuyên
kế toán [ngân] chi tiền chậm
bác sĩ [khoa] trạm y tế khám kỹ
cô giáo [nhung] mắng học sinh
giám đốc [toàn] xả thải ra suối
chị [thủy] bên cạnh mở nhạc to
chị [thuỷ] bên cạnh mở nhạc to
ông [hoàng] nuôi bò thả ra ruộng
anh [lộc] chở đất rơi vãi
dì [bảy] bán bánh mì chiếm lề đường
cậu [tâm] phóng xe ẩu
mợ [liên] đổ rác ra kênh
thím [ba] nuôi vịt ô nhiễm ao
anh [páo] chặt cây rừng
chị [súa] chưa có bảo hiểm
bà [sình] già yếu chưa được hỗ trợ
ông [thạch sóc] xin vay vốn
ông [giàng a pao] làm nương lấn rừng
nhà cô [yến] bị ngập
anh [việt] làm hỏng đường ống
ông [an] khóa cổng chung
chị [oanh] bán thuốc không phép
cụ [nhẫn] ốm nặng
bác [chiến] cựu chiến binh đề nghị sửa bia
ông [đức] chửi bới tổ trưởng
bà [ngọc] xây tường cao
anh [khải] khoan giếng
ông [trung] bán đất chung của họ
bà [cúc] hay đổ tro ra đường
chị [kim anh] quản lý chợ thu sai giá
anh [quốc việt] dựng rạp chắn lối
ong [hai] xa rac ra muong
ba [sau tu] nuoi heo hoi lam
anh [tuan] lan chiem long duong
chi [hoa] do nuoc thai ra ngo
nha ong [nguyen van hai] xay lan
ba [tran thi lan] ban ca hoi
ong [bay] dot rom khoi vao truong
[le thi huong] cho vay lai nang
anh [cuong] danh nhau o cho
thay [dung] thu tien quy lop
chi [huyen] mot cua rat tot
ong [thang] nuoi cho tha rong
truong thon [lam] khong hop dan
cong an [tu] tuan tra it qua
ba [hanh] mo karaoke ca dem
anh [khanh] cho dat roi vai
toi la [pham van minh] xin hoi
ong [son] say ruou pha lang xom
Gọi cho tôi số [0912.345.678] nhé
số tôi là [không chín một hai ba bốn năm sáu bảy tám]
so cua toi [khong chin tam bay sau nam bon ba hai mot]
điện thoại [09 12 34 56 78] gọi sau giờ làm
sdt [0987-654-321]
Căn cước số [014203001234] bị sai ngày sinh
cmnd [082 123 456] hết hạn
xe [12a-123.45] chở cát rơi vãi
xe [29h1 123.45] đỗ chắn cổng
bien so [12c04567] chay qua toc do
biển số xe [12B1-67890] phóng nhanh
gửi về [nam.tran@example.com] giúp tôi
mail [nam a còng gmail chấm com]
ở số nhà [12] có mùi lạ
nhà số [45/2] xây không phép
số nhà [mười hai] đổ rác bừa
ngõ [37] bị ngập
so nha [8] mo xuong cua
zalo [hải] gọi lại nhé
facebook [minh] đăng bài nói xấu
chủ quán [dung] bật loa to
tài xế [long] chạy ẩu
già làng [sùng] đề nghị mở đường
ông [mười] với ông [hai] tranh bờ rào
Ông [hùng] lấn đất của bà [tư] rồi
nghe nói anh [tài] bán hàng giả
hôm qua ông [tám] bên kia cầu thả trâu vào ruộng
bà [hai lúa] bán đồ ăn vặt trước cổng trường
chị [phượng] phó thôn phát tiền chưa đủ
tôi gặp anh [hiếu] ở ủy ban mà không được trả lời
đề nghị xã nhắc nhở ông [quyết] vì nuôi lợn
con trai ông [khôi] nẹt pô xe máy
nhà bà [thơm] xả nước rửa chén ra đường
cháu [bảo] bị chó nhà anh [đạt] cắn
thầy [hiệp] đánh học sinh
anh [trường sơn] khai thác cát lậu
chị [tuyết nhung] làm một cửa vui vẻ
ông [nông văn đèn] chưa nhận đền bù
bà [lò thị ín] neo đơn
anh [bùi xuân trường] mượn đất không trả
[đỗ thị kim ngân] nợ tiền hụi
ông [hồ văn a] phá rừng
cô [sáu] đầu ấp hay cho vay nóng
chú [ba] ghe chở cát sụp bờ sông
ong [tu] cong nhan dat cua toi
ba [nam] hang xom do rac
chi [thuy] ban thuoc tay
anh [phong] lai xe tai qua tai
co [mai] day lop hai rat tot
[nguyen thi kim lien] chua duoc tra tien
ong [vuong] lan dat nghia trang
vo chong anh [quyen] danh nhau
liên hệ [0912 345 678] gặp [hà]
xe tải biển [12C-089.34] chở quá tải
cho tôi gửi qua số [chín một hai, ba bốn năm, sáu bảy tám]
địa chỉ số nhà [22 ngõ 5] tối om
bác [thuận] tổ trưởng thu tiền rác hai lần
ông [viện] chặn mương nước của xóm
chị [thắm] kế toán xã chậm làm hồ sơ
anh [mạnh] hay say xỉn
bí thư chi bộ [toản] không họp
""".strip().splitlines()

NOBODY = """
ông trời mưa mãi không dứt
bà con mong có nước sạch
anh em trong xóm đều biết
cô giáo dạy tốt
bác sĩ khám nhanh
chú ý đoạn đường cong
em xin hỏi về thủ tục
em muốn làm lại giấy khai sinh
anh chị cho hỏi giờ làm việc
cô chú một cửa rất nhiệt tình
ông bà già đi lại khó khăn
thầy cô trong trường vất vả
cụ thể là đoạn trước chợ
bác bỏ đơn mà không nói lý do
cô đơn nên cần người giúp
em bé chưa có thẻ bảo hiểm
chị em phụ nữ cần lớp nghề
anh ấy nói chưa đến lượt
bà ấy bị ngã vì ổ gà
ông ta bảo chờ
em là sinh viên xin vay vốn
tôi là nông dân ở cuối kênh
tôi là người dân tộc thiểu số
cháu là học sinh lớp chín
anh công an hướng dẫn tận tình
anh thanh niên chạy xe ẩu
chị văn thư đóng dấu nhanh
chị nhân viên nói nhỏ nhẹ
ông trưởng thôn không họp dân
bà chủ quán mở nhạc to
ông hàng xóm đốt rác
bà bán rau chiếm vỉa hè
anh lái xe chở đất rơi vãi
chị nuôi gà gần trường
ông thông báo muộn cho dân
em hai tuổi chưa được tiêm
nhà tôi có ba người
hai vợ chồng tôi đều ốm
năm nay hai con đi học xa
con đường hai bên toàn rác
con số năm trước khác năm nay
con sông bị ô nhiễm
nhà nước hỗ trợ bao nhiêu
nhà văn hóa thiếu ghế
hộ nghèo năm nay được gì
hộ gia đình có người có công
bố mẹ tôi già yếu
vợ tôi sinh con chưa nhận tiền
chồng tôi làm ăn xa
mẹ con tôi ở nhờ
đường điện ba pha yếu
trường thiếu phòng học
mùa mưa đường ngập
cầu tạm bị cuốn trôi
xã nên công khai quỹ
cán bộ một cửa hướng dẫn rõ
công an xã tuần tra ban đêm
chủ tịch xã tiếp dân ngày nào
bí thư chi bộ họp mấy giờ
hỗ trợ 5.000.000 đồng cho hộ nghèo
ngày 15/10/2026 mất điện cả thôn
từ 7 giờ đến 11 giờ không có nước
mương dài 200 m bị sạt
thửa ruộng bị ngập ba ngày
giá đất tăng 20% so với năm ngoái
cả nhà bị ngộ độc
cô dâu chú rể đăng ký kết hôn ở đâu
anh hướng dẫn giúp thủ tục
chị giải thích thêm giúp em
bà đỡ ở bản còn không
ong troi mua mai
ba con mong co nuoc sach
anh em trong xom deu biet
co giao day tot
chu y doan duong cong
em xin hoi ve thu tuc
bac si kham nhanh
co hai con duong hong nang
den duong khong sang ba ngay nay
nuoc sinh hoat bi duc
cho hoi thu tuc lam khai sinh
can bo mot cua huong dan tot
duong vao thon lay loi
cau hong can sua gap
truong hoc thieu ban ghe
bà con xóm trên chưa có đường bê tông
anh chị em công nhân mất việc
cô nuôi dạy trẻ còn thiếu
ông nào phụ trách chợ xin trả lời
bà mẹ việt nam anh hùng cần được quan tâm
chị ơi cho em hỏi giấy tờ cần mang
anh phụ trách đi vắng suốt
em gửi hồ sơ từ tháng ba
con tôi năm tuổi chưa có chỗ học
các cụ cao tuổi mong có quà tết
chú bảo vệ cho vào
thầy hiệu trưởng nói chờ
cô y tá tiêm nhẹ tay
hộ tôi có bốn nhân khẩu
nhà tôi ở gần cầu sắt
tên đường chưa có biển
chồng em đi bộ đội
em đang nuôi con nhỏ
tôi là cựu chiến binh
ong nuoc bi vo ba ngay
ba thang nay khong co nuoc
anh em cong nhan can viec lam
cho em hoi gia dat nam nay
nam nay hai vu deu mat mua
cac bac si can tan tinh hon
duong tu cho ra cau rat xau
den cao ap chay suot ngay
chị nào phụ trách đất đai
anh xem lại giúp hồ sơ
bà ngoại tôi mất sổ hộ nghèo
""".strip().splitlines()
