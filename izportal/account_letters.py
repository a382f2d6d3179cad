"""The kinds of letter about accounts and files. Those that open an account are worded by whoever keeps accounts, and
their words of safety by nobody; notices of a change in an account's protection are no text of the staff at all."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import wordings
from izportal.wordings import Fact, Letter, Said

GROUP = _("Tài khoản")
READER = _("Người có, hoặc đang lập, tài khoản")
SAFETY = _("Ban không bao giờ hỏi mật khẩu qua điện thoại.")
TYPED = _("Nhập mã vào trang đang mở; mã chỉ dùng được trong ít phút. Nếu không phải bạn, hãy bỏ qua thư này.")
CODE = {"code": ("ma", Fact(_("Mã phải nhập"), "4F7K-2M9Q", is_needed=True))}
LINK = Fact(_("Đường dẫn phải mở"), f"{settings.SITE_URL}/tai-khoan/…", is_needed=True)
EMAIL = ("thu_dien_tu", Fact(_("Thư điện tử đã gõ"), "nguoi-nop@mau.example"))
FACTS = {
    **CODE, "email": EMAIL, "password_reset_url": ("duong_dan", LINK), "signup_url": ("trang_dang_ky", LINK),
}  # fmt: skip


def _letter(kind: str, name: Promise, subject: Promise, *said: Said, fixed: Said) -> Letter:
    """Paragraphs in which %(…)s are what the library knows."""
    known = wordings.named_in(FACTS, *said)
    text = [wordings.placed(part, known) for part in said]

    def body() -> str:
        return "\n\n".join(map(str, text))

    return wordings.register(
        Letter(
            kind=kind, group=GROUP, name=name, reader=READER, subject=subject, body=body, facts=dict(known.values()),
            fixed=fixed, is_key=True, is_to_all=True,
        )
    )  # fmt: skip


_WITH_CODE = wordings.joined(TYPED, "\n\n", SAFETY)
# By the name of the library's template, without what stands before it.
BY_TEMPLATE = {
    "email_confirmation": _letter(
        "confirm-address", _("Mã xác nhận thư điện tử mới"), _("Mã xác nhận thư điện tử"),
        _("Mã xác nhận thư điện tử của bạn:"), "%(code)s", fixed=_WITH_CODE,
    ),
    "email_confirmation_signup": _letter(
        "confirm-signup", _("Mã xác nhận khi đăng ký"), _("Mã xác nhận thư điện tử"),
        _("Có người, có thể là bạn, đăng ký tài khoản bằng địa chỉ này. Mã xác nhận:"), "%(code)s", fixed=_WITH_CODE,
    ),
    "login_code": _letter(
        "confirm-person", _("Mã xác nhận là bạn"), _("Mã xác nhận là bạn"), _("Mã để xác nhận là bạn:"), "%(code)s",
        fixed=_WITH_CODE,
    ),
    "password_reset_key": _letter(
        "reset-password", _("Đường dẫn đặt lại mật khẩu"), _("Đặt lại mật khẩu"),
        _("Mở đường dẫn sau để đặt mật khẩu mới:"), "%(password_reset_url)s",
        fixed=wordings.joined(
            _(
                "Có người, có thể là bạn, yêu cầu đặt lại mật khẩu của tài khoản này. Nếu không phải bạn, hãy bỏ qua "
                "thư; mật khẩu không thay đổi."
            ),
            "\n\n", SAFETY,
        ),
    ),
    "account_already_exists": _letter(
        "address-taken", _("Đăng ký bằng địa chỉ đã có tài khoản"), _("Địa chỉ này đã có tài khoản"),
        _(
            "Có người, có thể là bạn, đăng ký tài khoản bằng địa chỉ %(email)s, nhưng địa chỉ này đã có tài khoản."
        ),
        wordings.joined(_("Nếu quên mật khẩu, đặt lại tại:"), "\n%(password_reset_url)s"), fixed=SAFETY,
    ),
    "unknown_account": _letter(
        "address-unknown", _("Đặt lại mật khẩu của địa chỉ chưa có tài khoản"), _("Địa chỉ này chưa có tài khoản"),
        _(
            "Có người yêu cầu đặt lại mật khẩu với địa chỉ %(email)s, nhưng cổng không có tài khoản nào dùng địa chỉ "
            "này."
        ),
        wordings.joined(
            _("Nếu không phải bạn, hãy bỏ qua thư. Nếu là bạn, hãy thử địa chỉ khác, hoặc đăng ký tại:"),
            "\n%(signup_url)s",
        ),
        fixed=SAFETY,
    ),
}  # fmt: skip
FILE_REFUSED = wordings.register(
    Letter(
        kind="file-refused", group=GROUP, name=_("Tệp không được nhận"), reader=_("Người đã tải tệp lên"),
        subject=_("Tệp không được nhận: {ten_tep}"),
        body=lambda: str(
            _(
                "Tệp “{ten_tep}” bạn đã tải lên không được nhận, và nội dung tệp đã bị xóa khỏi cổng.\n\n{vi_sao}\n\n"
                "Mở trang sau để tải lên tệp khác:\n{lien_ket}"
            )
        ),
        facts={
            "ten_tep": Fact(_("Tên tệp"), "to-khai.pdf", is_needed=True),
            "vi_sao": Fact(_("Vì sao không nhận"), _("Tệp có mã độc."), is_needed=True),
            "lien_ket": Fact(_("Trang để tải lên tệp khác"), f"{settings.SITE_URL}/ho-so/…", is_needed=True),
        },
        is_to_all=True,
    )
)  # fmt: skip


def facts_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """What the library knows, under the names of the placeholders."""
    return {place: context[name] for name, (place, _fact) in FACTS.items() if name in context}
