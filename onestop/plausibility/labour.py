"""Checks of labour forms: foreign workers, their papers and terms, trainees, labour regulations."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop.plausibility.general import known_amount, known_day, later, told_when_yes
from onestop.plausibility.matter import Answers, Check, Doubt, Matter

# The numbers of the law. Labour Code: 45/2019/QH14. Those of Decree 219/2025/NĐ-CP: chờ Ban xác nhận.
ADULT_YEARS = 18  # Labour Code, Article 151(1)(a)
PERMIT_YEARS = 2  # Labour Code, Article 155
REGISTERED_FROM_WORKERS = 10  # Labour Code, Article 119(1)
CERTIFICATE_YEARS = 2  # Decree 219/2025/NĐ-CP, Article 9
HEALTH_MONTHS = 12  # Decree 219/2025/NĐ-CP, Article 18
CRIMINAL_RECORD_MONTHS = 6  # Decree 219/2025/NĐ-CP, Article 18
EXEMPT_FROM_VND = Decimal(3_000_000_000)  # Decree 219/2025/NĐ-CP, Article 7
# Years of experience, Decree 219/2025/NĐ-CP, Article 3.
EXPERT_YEARS, PRIORITY_EXPERT_YEARS = 2, 1
TECHNICIAN_YEARS, UNTRAINED_TECHNICIAN_YEARS, TRAINED_FROM_YEARS = 2, 3, 1


def worker_is_adult(answers: Answers, matter: Matter) -> list[Doubt]:
    born = known_day(answers, "worker_born_on")
    start = known_day(answers, "work_from") or matter.on
    if born is None or later(born, years=ADULT_YEARS) <= start:
        return []
    return [Doubt("worker_born_on", _("Người lao động phải đủ 18 tuổi."))]


def _term_within(years: int, sentence: Promise, *, blocks: bool) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        start, end = known_day(answers, "work_from"), known_day(answers, "work_until")
        if start is None or end is None or end <= later(start, years=years):
            return []
        return [Doubt("work_until", str(sentence), blocks=blocks)]

    return check


def _issued_within(key: str, months: int, sentence: Promise) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        issued = known_day(answers, key)
        if issued is None or later(issued, months=months) >= matter.on:
            return []
        return [Doubt(key, str(sentence), blocks=False)]

    return check


def passport_valid_after_term(answers: Answers, matter: Matter) -> list[Doubt]:
    passport, end = known_day(answers, "passport_until"), known_day(answers, "work_until")
    if passport is None or end is None or passport >= end:
        return []
    return [Doubt("work_until", _("Hộ chiếu hết hạn trước ngày kết thúc làm việc."), blocks=False)]


def registration_is_due(answers: Answers, matter: Matter) -> list[Doubt]:
    workers = known_amount(answers, "workers_total")
    if workers is None or workers >= REGISTERED_FROM_WORKERS:
        return []
    return [Doubt("workers_total", _("Dưới 10 lao động không bắt buộc đăng ký nội quy."), blocks=False)]


def experience_fits_position(answers: Answers, matter: Matter) -> list[Doubt]:
    years, due = known_amount(answers, "experience_years"), _experience_due(answers)
    if years is None or due is None or years >= due:
        return []
    return [Doubt("experience_years", _("Số năm kinh nghiệm thấp hơn mức của vị trí này."), blocks=False)]


def _experience_due(answers: Answers) -> int | None:
    """In years; None for a position without such a condition, and where what it hangs on was not answered."""
    priority = answers.get("is_priority_field")
    if answers.get("position") == "expert" and isinstance(priority, bool):
        return PRIORITY_EXPERT_YEARS if priority else EXPERT_YEARS
    trained = known_amount(answers, "trained_years")
    if answers.get("position") != "technician" or trained is None:
        return None
    return TECHNICIAN_YEARS if trained >= TRAINED_FROM_YEARS else UNTRAINED_TECHNICIAN_YEARS


def contribution_reaches_exemption(answers: Answers, matter: Matter) -> list[Doubt]:
    given = known_amount(answers, "contribution_vnd")
    is_due = answers.get("exemption_ground") in ("llc_owner", "board_member")
    if not is_due or given is None or given >= EXEMPT_FROM_VND:
        return []
    return [Doubt("contribution_vnd", _("Vốn góp dưới 3 tỷ đồng."), blocks=False)]


CHECKS: dict[str, Check] = {
    "worker_is_adult": worker_is_adult,
    "term_within_two_years": _term_within(
        PERMIT_YEARS, gettext_lazy("Thời hạn giấy phép lao động tối đa 02 năm."), blocks=True
    ),
    "certificate_within_two_years": _term_within(
        CERTIFICATE_YEARS, gettext_lazy("Giấy xác nhận thường có thời hạn không quá 02 năm."), blocks=False
    ),
    "passport_valid_after_term": passport_valid_after_term,
    "health_recent": _issued_within("health_on", HEALTH_MONTHS, gettext_lazy("Giấy khám sức khỏe đã quá 12 tháng.")),
    "criminal_record_recent": _issued_within(
        "criminal_record_on", CRIMINAL_RECORD_MONTHS, gettext_lazy("Lý lịch tư pháp đã cấp quá 06 tháng.")
    ),
    # Labour Code, Article 155.
    "extended_once": told_when_yes(
        "extended_before", gettext_lazy("Giấy phép chỉ được gia hạn một lần; hãy đề nghị cấp mới.")
    ),
    "registration_is_due": registration_is_due,
    "experience_fits_position": experience_fits_position,
    "contribution_reaches_exemption": contribution_reaches_exemption,
}
