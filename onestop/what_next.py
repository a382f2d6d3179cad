"""What comes after each step, told before it is taken and again when it is done; and where there is no way back."""

from django.utils.translation import gettext_lazy as _

NEXT = {
    "receive": _("Tiếp theo: trưởng phòng phân công thụ lý."),
    "ask_intake_supplement": _("Tiếp theo: chờ người nộp; bổ sung xong, hồ sơ trở lại hàng tiếp nhận."),
    "record_answer": _("Tiếp theo: xem phần đã bổ sung rồi xác nhận hồ sơ đã đủ."),
    "demand_fee": _("Tiếp theo: chờ người nộp, rồi xác nhận đã nộp phí."),
    "confirm_fee": _("Tiếp theo: trưởng phòng phân công thụ lý."),
    "assign": _("Tiếp theo: chuyên viên bắt đầu thẩm định; còn phân công lại được."),
    "open_review": _("Tiếp theo: thẩm định, rồi trình dự thảo, lấy ý kiến hoặc yêu cầu bổ sung."),
    "ask_opinion": _("Tiếp theo: chờ trả lời; đủ ý kiến hoặc hết hạn thì kết thúc lấy ý kiến."),
    "close_opinion": _("Tiếp theo: trình dự thảo kết quả hoặc yêu cầu bổ sung."),
    "ask_supplement": _("Tiếp theo: chờ người nộp, rồi xác nhận hồ sơ đã đủ."),
    "accept_supplement": _("Tiếp theo: chuyên viên thẩm định tiếp."),
    "seek_permit": _("Tiếp theo: lãnh đạo cho phép hoặc không."),
    "permit_supplement": _("Tiếp theo: chuyên viên yêu cầu bổ sung thêm một lần."),
    "deny_permit": _("Tiếp theo: chuyên viên thẩm định với hồ sơ hiện có."),
    "propose": _("Tiếp theo: trưởng phòng kiểm tra, trình ký hoặc trả lại."),
    "return_to_specialist": _("Tiếp theo: chuyên viên sửa theo nội dung này rồi trình lại."),
    "return_from_leader": _("Tiếp theo: chuyên viên sửa theo nội dung này rồi trình lại."),
    "forward": _("Tiếp theo: lãnh đạo đọc rồi ký hoặc trả lại."),
    "grant": _("Tiếp theo: văn thư đóng dấu."),
    "refuse": _("Tiếp theo: văn thư đóng dấu."),
    "seal": _("Tiếp theo: trả kết quả cho người nộp."),
    "deliver": _("Tiếp theo: văn thư lưu hồ sơ."),
    "draft_amendment": _("Tiếp theo: lãnh đạo đọc và ký; trước đó chưa có gì thay đổi và dự thảo còn bỏ được."),
    "drop_amendment": _("Kết quả đang có giữ nguyên."),
}

_ENDS = _("Hồ sơ kết thúc và không mở lại được; người nộp được báo ngay.")
_SIGNED = _("Đã ký thì không rút lại được: quyết định được cấp số ngay; nếu sai phải đính chính hoặc thu hồi.")
NO_WAY_BACK = {
    "receive": _("Thời hạn bắt đầu tính và Giấy tiếp nhận được gửi người nộp ngay."),
    "ask_intake_supplement": _("Phiếu yêu cầu được gửi người nộp ngay, không rút lại được."),
    "ask_supplement": _("Phiếu yêu cầu được gửi người nộp ngay, không rút lại được."),
    "extend": _("Văn bản xin lỗi được gửi người nộp ngay; hồ sơ chỉ được hẹn lại một lần."),
    "refuse_intake": _ENDS,
    "record_withdrawal": _ENDS,
    "stop": _ENDS,
    "grant": _SIGNED,
    "refuse": _SIGNED,
    "sign_amendment": _SIGNED,
}
