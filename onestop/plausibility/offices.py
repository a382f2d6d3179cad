"""Checks of forms of representative offices: the trader, the head, the licence and its dates."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop.plausibility.general import known_amount, known_day, known_text, later, told_when_yes
from onestop.plausibility.matter import Answers, Check, Doubt, Matter, is_yes

# Decree 07/2016/NĐ-CP, Article 7: the trader's years before filing, and those left of its registration.
YEARS_IN_BUSINESS, YEARS_LEFT = 1, 1
# In every language of the form: the name is Vietnamese.
OFFICE = "văn phòng đại diện"


def trader_change_is_told(answers: Answers, matter: Matter) -> list[Doubt]:
    is_told = answers.get("new_trader_name") or answers.get("new_trader_address")
    if is_told or not is_yes(answers, "changes_trader"):
        return []
    return [Doubt("new_trader_name", _("Ghi tên mới hoặc địa chỉ mới của thương nhân."))]


def office_name_is_formed(answers: Answers, matter: Matter) -> list[Doubt]:
    office, trader = known_text(answers, "office_name"), known_text(answers, "trader_name")
    if not office or not trader or (trader in office and OFFICE in office):
        return []
    sentence = _("Tên phải gồm tên thương nhân và cụm từ “Văn phòng đại diện”.")
    return [Doubt("office_name", sentence, blocks=False)]


def trader_is_established(answers: Answers, matter: Matter) -> list[Doubt]:
    since = known_day(answers, "trader_registered_on")
    until = known_day(answers, "trader_registration_until")
    sentence = _("Thương nhân phải hoạt động ít nhất 01 năm và đăng ký còn hạn ít nhất 01 năm.")
    is_wrong = {
        "trader_registered_on": since and later(since, years=YEARS_IN_BUSINESS) > matter.on,
        "trader_registration_until": until and until < later(matter.on, years=YEARS_LEFT),
    }
    return [Doubt(key, sentence, blocks=False) for key, wrong in is_wrong.items() if wrong]


def licence_within_registration(answers: Answers, matter: Matter) -> list[Doubt]:
    """Decree 07/2016/NĐ-CP, Article 9; an extension runs on from the licence held."""
    years = known_amount(answers, "licence_term_years")
    until = known_day(answers, "trader_registration_until")
    start = max(matter.on, known_day(answers, "office_licence_until") or matter.on)
    if years is None or until is None or later(start, years=years) <= until:
        return []
    sentence = _("Thời hạn vượt quá thời hạn còn lại của giấy đăng ký kinh doanh.")
    return [Doubt("licence_term_years", sentence, blocks=False)]


def head_is_not_representative(answers: Answers, matter: Matter) -> list[Doubt]:
    head = known_text(answers, "head_name")
    if not head or head != known_text(answers, "representative_name"):
        return []
    sentence = _("Người đứng đầu không được là đại diện theo pháp luật của thương nhân.")
    return [Doubt("head_name", sentence, blocks=False)]


CHECKS: dict[str, Check] = {
    "trader_change_is_told": trader_change_is_told,
    "office_name_is_formed": office_name_is_formed,
    "trader_is_established": trader_is_established,
    "licence_within_registration": licence_within_registration,
    "head_holds_no_barred_post": told_when_yes(
        "head_holds_barred_post", gettext_lazy("Người đứng đầu không được kiêm nhiệm chức vụ này.")
    ),
    "head_is_not_representative": head_is_not_representative,
}
