"""Who at the board is away, and who takes their steps meanwhile: written down, cut short, asked by the day.

What a substitute may do with a dossier stands in `onestop/workflow.py`.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from onestop.models import Absence

# Roles in which somebody takes steps of a dossier; a substitute holds one of the absent person's.
WORKING = frozenset({"reception", "specialist", "head", "leader", "clerk", "register"})
# Who writes down the absence of anybody.
FOR_ALL = ("leader", "administrator")
# A longer one is a slip of the keyboard, or a post to be filled.
LONGEST_DAYS = 366


class AbsenceRefused(Exception):
    """The absence cannot be written down or cut short; the text is a sentence for the person who tried."""


def officers() -> QuerySet[User]:
    """People of the board who take steps of dossiers."""
    return User.objects.filter(is_active=True, is_staff=True, groups__name__in=WORKING).distinct()


def covered_by(user: User, *, on: date) -> tuple[User, ...]:
    """The absent people whose steps this person takes that day, with their roles at hand; two queries at most."""
    if not (user.is_staff and user.is_active):
        return ()
    standing = Absence.objects.in_force(on=on).filter(substitute=user)
    absent = User.objects.filter(absences__in=standing, is_active=True, is_staff=True).prefetch_related("groups")
    return tuple(person for person in absent if shared_roles(user, person))


def shared_roles(one: User, other: User) -> frozenset[str]:
    return one.role_codes & other.role_codes & WORKING


def may_record(by: User, person: User) -> bool:
    """One's own; a head for the division; whoever answers for all."""
    if not (by.is_staff and by.is_active):
        return False
    if by == person or by.is_superuser or by.has_role(*FOR_ALL):
        return True
    return by.has_role("head") and by.division_id is not None and by.division_id == person.division_id


def recordable_by(user: User) -> QuerySet[User]:
    """The people whose absence this person may write down."""
    found = officers()
    if user.is_superuser or user.has_role(*FOR_ALL):
        return found
    if user.has_role("head") and user.division_id:
        return found.filter(division=user.division_id) | found.filter(pk=user.pk)
    return found.filter(pk=user.pk)


@transaction.atomic
def record(absence: Absence, *, by: User, at: datetime) -> Absence:
    """Write down an absence; raises `AbsenceRefused`."""
    lock(absence)
    if sentence := why_not(absence, by=by, on=timezone.localdate(at)):
        raise AbsenceRefused(sentence)
    absence.made_by, absence.made_at = by, at
    absence.save()
    return absence


def lock(absence: Absence) -> None:
    """Two absences of the same people are written one after the other."""
    people = User.objects.filter(pk__in=[absence.person_id, absence.substitute_id]).order_by("pk")
    list(people.select_for_update(of=("self",)).values_list("pk"))


def why_not(absence: Absence, *, by: User, on: date) -> str:
    """Why this absence cannot be written down; "" where it can."""
    if not may_record(by, absence.person):
        return _("Bạn chỉ ghi được việc vắng mặt của mình; trưởng phòng ghi cho người trong phòng.")
    return _faulty_dates(absence, on) or _unfit(absence) or _in_the_way(absence)


def _faulty_dates(absence: Absence, on: date) -> str:
    if absence.ends_on < absence.starts_on:
        return _("Ngày cuối phải từ ngày đầu trở đi.")
    if absence.ends_on < on:
        return _("Thời gian vắng mặt đã qua; chỉ ghi việc vắng mặt từ hôm nay trở đi.")
    if (absence.ends_on - absence.starts_on).days >= LONGEST_DAYS:
        return _("Chỉ ghi việc vắng mặt trong vòng một năm.")
    return ""


def _unfit(absence: Absence) -> str:
    person, substitute = absence.person, absence.substitute
    if person == substitute:
        return _("Người thay phải là người khác.")
    if not (substitute.is_active and substitute.is_staff):
        return _("%(who)s không còn làm việc tại Ban.") % {"who": substitute}
    if not shared_roles(person, substitute):
        return _("%(substitute)s không có vai trò nào cùng với %(person)s nên không làm thay được.") % {
            "substitute": substitute,
            "person": person,
        }
    return ""


def _in_the_way(absence: Absence) -> str:
    """Another absence over these days; a substitute's substitute is never looked for."""
    rows = Absence.objects.over(absence.starts_on, absence.ends_on).select_related("person", "substitute")
    person, substitute = absence.person, absence.substitute
    if own := rows.filter(person=person).first():
        return _("%(who)s đã được ghi vắng mặt %(days)s.") % {"who": person, "days": days(own)}
    if theirs := rows.filter(person=substitute).first():
        return _("%(who)s cũng vắng mặt %(days)s; hãy chọn người thay khác.") % {
            "who": substitute,
            "days": days(theirs),
        }
    if other := rows.filter(substitute=person).first():
        return _("%(who)s đang thay cho %(person)s %(days)s; hãy đổi người thay cho %(person)s trước.") % {
            "who": person,
            "person": other.person,
            "days": days(other),
        }
    return ""


def days(absence: Absence) -> str:
    first, last = f"{absence.starts_on:%d/%m/%Y}", f"{absence.last_on:%d/%m/%Y}"
    return _("từ %(first)s đến hết %(last)s") % {"first": first, "last": last}


@transaction.atomic
def end(absence: Absence, *, back_on: date, by: User, at: datetime) -> Absence:
    """The person is back on a day before the one written first; called off where that is before the first day."""
    row, today = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk), timezone.localdate(at)
    if not may_record(by, row.person):
        raise AbsenceRefused(_("Bạn chỉ ghi được việc vắng mặt của mình; trưởng phòng ghi cho người trong phòng."))
    if row.last_on < max(today, row.starts_on):
        raise AbsenceRefused(_("Việc vắng mặt này đã kết thúc."))
    if not today <= back_on <= row.last_on:
        raise AbsenceRefused(_("Ngày trở lại phải từ hôm nay đến ngày cuối của thời gian vắng mặt."))
    row.ended_on = back_on
    row.save(update_fields=["ended_on"])
    return row
