"""What a reader who follows a search is written, in the language in which it was asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, outbox, wordings
from izportal.templatetags.area import NBSP, grouped
from izportal.wordings import Fact, Letter
from zones.forms import PlotFilterForm
from zones.models import Availability, Plot, SearchWatch

MOST_NAMED = 20
LONGEST_QUERY = 2000
SEARCH = Fact(_("Các điều kiện của lần tìm"), _("Đất công nghiệp; Diện tích từ 3 ha"), is_needed=True)
LIST = Fact(_("Địa chỉ danh sách của lần tìm"), f"{settings.SITE_URL}/quy-dat/?kind=land", is_needed=True)


def _letter(kind: str, name: Promise, subject: Promise, *sentences: str | Promise, **facts: Fact) -> Letter:
    return wordings.register(
        Letter(
            kind=kind, group=_("Theo dõi lần tìm đất"), name=name, reader=_("Người theo dõi một lần tìm"),
            subject=subject, body=lambda: "\n\n".join(map(str, sentences)),
            facts={"lan_tim": SEARCH, "danh_sach": LIST, **facts}, is_listed=False,
        )
    )  # fmt: skip


CONFIRM = _letter(
    "search-confirm", _("Xác nhận theo dõi lần tìm"), _("Xác nhận nhận thư khi quỹ đất thay đổi"),
    _("Có người, có lẽ là bạn, xin nhận thư khi kết quả của lần tìm này thay đổi: {lan_tim}."),
    _("Mở trang này và bấm xác nhận thì mới có thư: {lien_ket}"),
    _("Nếu không phải bạn, hãy bỏ qua thư này: sau 7 ngày địa chỉ của bạn bị xóa."),
    _("Danh sách hiện nay: {danh_sach}"),
    lien_ket=Fact(_("Địa chỉ trang xác nhận"), f"{settings.SITE_URL}/theo-doi-tim/…/", is_needed=True),
)  # fmt: skip
NEWS = _letter(
    outbox.NEWS, _("Kết quả của lần tìm đã thay đổi"), _("Quỹ đất: {so_lo} khớp với lần tìm của bạn"),
    _("Lần tìm: {lan_tim}. Từ thư trước đến nay:"), "{thay_doi}", _("Danh sách hiện nay: {danh_sach}"),
    _("Ngừng nhận thư này: {ngung}"),
    so_lo=Fact(_("Số lô khớp"), _("12 lô")),
    thay_doi=Fact(
        _("Lô mới, lô đổi, lô không còn khớp"), _("Mới: SC2-CN-05 · Sông Công II, 6,5 ha, Còn trống"), is_needed=True
    ),
    ngung=Fact(_("Địa chỉ ngừng nhận thư"), f"{settings.SITE_URL}/theo-doi-tim/…/ngung/", is_needed=True),
)  # fmt: skip
ENDED = _letter(
    "search-ended", _("Lần tìm không theo dõi được nữa"), _("Cổng ngừng theo dõi lần tìm của bạn"),
    _("Lần tìm này không còn đọc được, vì ngày đã qua hoặc lựa chọn không còn: {danh_sach}"),
    _("Bạn không nhận thư về nó nữa. Hãy mở địa chỉ trên, sửa điều kiện rồi theo dõi lại nếu cần."),
    lan_tim=Fact(SEARCH.meaning, SEARCH.sample),
)  # fmt: skip


def key_of(watch: SearchWatch) -> str:
    """How the keys of all letters about a watch begin."""
    return f"watch:{watch.key.hex}:"


def confirm(watch: SearchWatch, token: str, *, at: datetime) -> None:
    with translation.override(languages.spoken(watch.language)):
        facts = {**_facts(watch), "lien_ket": settings.SITE_URL + reverse("zones:watch_detail", args=[token])}
    _write(CONFIRM, watch, f"confirm:{timezone.localdate(at)}", facts, kind=outbox.WATCH_LINK)


def news(watch: SearchWatch, found: list[Plot], signs: dict[str, str], token: str, *, at: datetime) -> None:
    """`signs` is what is said now, `watch.seen` what was said before."""
    with translation.override(languages.spoken(watch.language)):
        stop = settings.SITE_URL + reverse("zones:watch_end", args=[token])
        lines = list(_changes(watch, found, signs))
        if len(lines) > MOST_NAMED:
            more = gettext("… và %(count)s thay đổi khác") % {"count": len(lines) - MOST_NAMED}
            lines = [*lines[:MOST_NAMED], more]
        number = ngettext("%(count)s lô", "%(count)s lô", len(found)) % {"count": len(found)}
        facts = {**_facts(watch), "so_lo": number, "thay_doi": "\n".join(lines), "ngung": stop}
    _write(NEWS, watch, f"news:{at:%Y%m%d%H%M%S}", facts, address=stop)


def ended(watch: SearchWatch, *, at: datetime) -> None:
    with translation.override(languages.spoken(watch.language)):
        _write(ENDED, watch, f"ended:{timezone.localdate(at)}", _facts(watch))


def _write(letter: Letter, watch: SearchWatch, key: str, facts: dict[str, str], **told: Any) -> None:
    wordings.write(
        letter, key=f"{key_of(watch)}{key}", email=watch.email, language=watch.language, facts=facts, **told
    )


def _facts(watch: SearchWatch) -> dict[str, str]:
    return {
        "lan_tim": words_of(PlotFilterForm(QueryDict(watch.query))),
        "danh_sach": settings.SITE_URL + reverse("zones:plot_list") + (f"?{watch.query}" if watch.query else ""),
    }


def words_of(form: PlotFilterForm) -> str:
    """The search in words, in the language of the moment."""
    return "; ".join(str(chip["text"]) for chip in form.chips) or gettext("Mọi lô còn trống")


def _changes(watch: SearchWatch, found: list[Plot], signs: dict[str, str]) -> Iterator[str]:
    for plot in found:
        said = {"plot": f"{plot.code} · {plot.zone.short_name}", "facts": _told(plot)}
        if plot.code not in watch.seen:
            yield gettext("Mới: %(plot)s, %(facts)s") % said
        elif watch.seen[plot.code] != signs[plot.code]:
            yield gettext("Đổi: %(plot)s, nay %(facts)s") % said
    for code in watch.seen:
        if code not in signs:
            yield gettext("Không còn khớp: %(plot)s") % {"plot": code}


def _told(plot: Plot) -> str:
    state = Availability.Status(plot.status).label if plot.status else gettext("Chưa ghi nhận")
    price = ""
    if plot.price is not None:
        price = f"{grouped(plot.price)}{NBSP}{plot.price_currency} {plot.get_price_basis_display()}"
    sample = gettext("Minh họa") if plot.is_sample else ""
    return ", ".join(filter(None, [f"{grouped(plot.area_ha, at_most=4)}{NBSP}ha", str(state), price, sample]))
