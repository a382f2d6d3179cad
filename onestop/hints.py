"""What somebody new would not know of a field of a procedure's forms."""

from django.utils.translation import gettext_lazy

VERSION_HINTS = {
    "valid_from": gettext_lazy("Ngày quyết định công bố có hiệu lực: hồ sơ nộp từ ngày này theo phiên bản này."),
    "valid_to": gettext_lazy("Để trống khi đang áp dụng. Phiên bản sau bắt đầu thì ghi ngày liền trước."),
    "clock_mode": gettext_lazy("Theo điều khoản của thủ tục: chờ bổ sung thì dừng tính ngày, hay tính lại từ đầu."),
    "max_supplements": gettext_lazy("Khi thẩm định. Quá số lần này phải có lãnh đạo cho phép, có lý do."),
    "no_answer_ground": gettext_lazy("Điều, khoản, số văn bản; người nộp đọc được trong thư yêu cầu bổ sung."),
    "fee_vnd": gettext_lazy("0 là không thu; để trống là chưa rõ và trang ghi “chờ xác nhận”."),
    "announcing_decision": gettext_lazy("Số, ngày của quyết định công bố thủ tục hành chính."),
    "papers_status": gettext_lazy("Danh sách giấy tờ bên dưới đã đủ và đã đối chiếu hay chưa."),
}  # fmt: skip
LIMIT_HINTS = {
    "key": gettext_lazy("Chữ thường không dấu. Tờ khai và hồ sơ dựa vào khóa này nên không đổi sau khi đã dùng."),
    "value": gettext_lazy("Số ngày theo luật hoặc theo mức Ban cam kết ngắn hơn, đếm theo đơn vị bên cạnh."),
    "second_value": gettext_lazy("Chỉ cho thủ tục hai giai đoạn: số ngày tính từ khi đủ hồ sơ."),
    "cap": gettext_lazy("Chỉ khi luật đặt mức tối đa sau khi hồ sơ đã đủ."),
}  # fmt: skip
