"""How a report stands, and by when it is due, in words."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.templatetags.badge import flag_unverified, icon
from izportal.templatetags.date import day
from projects.reports import duties, showing

register = template.Library()

# Word, colour of the tag, shape.
STATES = {
    duties.MISSING: (gettext_lazy("Chưa nộp"), "line", "s-hold"),
    duties.DRAFT: (gettext_lazy("Lưu nháp"), "line", "s-soon"),
    duties.WAITING: (gettext_lazy("Chờ duyệt"), "warn", "s-today"),
    duties.ACCEPTED: (gettext_lazy("Đã tiếp nhận"), "ok", "s-ok"),
    duties.RETURNED: (gettext_lazy("Yêu cầu chỉnh sửa"), "bad", "s-late"),
}


@register.simple_tag
def report_state(state):
    word, colour, shape = STATES[state]
    return format_html('<span class="tag tag--{}">{}{}</span>', colour, icon(shape), word)


@register.simple_tag
def report_due(period):
    """The last day, what it was before an extension, and the mark of a day that nobody has confirmed."""
    if period.last_on is None:
        return format_html("{} {}", _("chờ Ban xác nhận"), flag_unverified())
    late = _("đã qua hạn") if period.is_late_on(timezone.localdate()) else ""
    extended = _("gia hạn từ") if period.extended_to else ""
    return format_html(
        "{} {}{}{}", day(period.last_on), "" if period.is_settled else flag_unverified(),
        format_html('<small class="d">{}</small>', late) if late else "",
        format_html('<small class="d">{} {}</small>', extended, day(period.due_on)) if extended else "",
    )  # fmt: skip


@register.simple_tag
def report_number(value):
    """A plain number of a version as text; a text stays as it is."""
    return showing.amount_or_text(value)
