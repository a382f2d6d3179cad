"""What somebody new would not know of a field of the land's forms."""

from django.utils.translation import gettext_lazy

PLOT_HINTS = {
    "is_published": gettext_lazy("Lô chỉ hiện khi không còn thiếu gì; còn thiếu gì được ghi ở đầu trang này."),
    "price": gettext_lazy("Để trống khi chưa có giá được duyệt. Sửa giá thì phải nêu vì sao."),
    "price_on": gettext_lazy("Ngày của văn bản giá; trang lô ghi giá kèm ngày này."),
    "term_until": gettext_lazy("Năm hết thời hạn đất của khu, theo quyết định hoặc hợp đồng thuê đất."),
    "power_kva": gettext_lazy("Tại hàng rào lô này; số của cả khu ghi ở Công suất hạ tầng."),
    "floor_load_t_m2": gettext_lazy("Của nhà xưởng xây sẵn; để trống với lô đất."),
    "clear_height_m": gettext_lazy("Của nhà xưởng xây sẵn: từ mặt nền tới điểm thấp nhất của mái."),
    "building_coverage": gettext_lazy("Diện tích xây dựng chia cho diện tích lô, theo quy hoạch chi tiết của khu."),
}  # fmt: skip
