"""Who is told that the chain is broken: those who answer for the records and those who look after them."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.chain.checking import Fault
from izportal.models import User
from izportal.wordings import Fact, Letter

READERS = ("leader", "auditor", "administrator")


def _body() -> str:
    return "\n\n".join(
        (
            gettext("Kính gửi %(name)s,") % {"name": "{nguoi_nhan}"},
            gettext("Khi soát chuỗi ghi chép, cổng thấy chỗ đứt đầu tiên:"),
            "{noi_dung}",
            gettext(
                "Không ai sửa được dòng này trên cổng, nên nó đã bị đổi thẳng trong cơ sở dữ liệu. Hãy giữ nguyên máy "
                "chủ và bản sao lưu, rồi cho kiểm tra ai đã vào cơ sở dữ liệu."
            ),
            gettext("Sổ chốt hằng ngày") + ": {lien_ket}",
        )
    )


BROKEN = wordings.register(
    Letter(
        kind="chain-broken", group=_("Quản trị"), name=_("Chuỗi ghi chép bị đứt"),
        subject=_("Chuỗi ghi chép bị đứt"), body=_body, is_to_staff=True,
        reader=_("Lãnh đạo, người kiểm tra, quản trị hệ thống"),
        facts={
            "noi_dung": Fact(_("Chỗ đứt đầu tiên"), _("Diễn biến hồ sơ số 812 không khớp dấu."), is_needed=True),
            "lien_ket": Fact(_("Địa chỉ sổ chốt hằng ngày"), f"{settings.SITE_URL}/so-ghi/"),
            "nguoi_nhan": Fact(_("Họ và tên người nhận"), _("Nguyễn Văn Minh Họa")),
        },
    )
)  # fmt: skip


def tell(fault: Fault) -> int:
    """Write to each of them, once for one broken link; how many letters are new."""
    rows = User.objects.filter(is_active=True, is_staff=True, groups__name__in=READERS).distinct().order_by("pk")
    return sum(_tell_one(reader, fault) for reader in rows)


def _tell_one(reader: User, fault: Fault) -> bool:
    with languages.speaking(reader.language):
        address = settings.SITE_URL + reverse("sealed_days")
    facts = {"noi_dung": fault.text, "lien_ket": address, "nguoi_nhan": reader.full_name}
    key = f"chain:{fault.table}:{fault.key}:{fault.owner}:{fault.day:%Y%m%d}:{reader.pk}"
    told = wordings.write(
        BROKEN, key=key, email=reader.email, user=reader, language=reader.language, is_sample=reader.is_sample,
        facts=facts, about=fault.text, address=address,
    )  # fmt: skip
    return told is not None
