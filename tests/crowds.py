"""Very many dossiers and events, copied from a few lived ones by the database itself; for PostgreSQL."""

from django.db import connection

from onestop import version
from onestop.models import Dossier, Event
from tests import lives

# The stations in which the open ones lie, each with what it takes from the others of its kind.
OPEN = (
    "submitted", "intake_supplement", "received", "assigned", "in_review", "consulting", "review_supplement",
    "head_check", "leader_sign", "numbering",
)  # fmt: skip
EVENTS_EACH = 10
# One in so many of the settled ones was asked for something and promised anew.
ASKED = 20
# Received on each day of the year so far, settled from two days before the promise to six after: most in time.
OF_THE_SETTLED = {
    "received_at": "mod(i, 280)", "submitted_at": "mod(i, 280)", "due_at": "mod(i, 280)",
    "completed_at": "mod(i, 280) + mod(i / 280, 9) * mod(i / 2520, 2)",
    "delivered_at": "mod(i, 280) + mod(i / 280, 9) * mod(i / 2520, 2)",
}  # fmt: skip
OF_THE_OPEN = {"due_at": "mod(i, 41)"}


def dossiers(many, *, open_ones, by):
    """`many` dossiers with ten events each: `open_ones` open, for `by`, due around the moment of `lives`; as many
    delivered; the others in the archive. Each settled one has its promise, and some a second one after a request."""
    done = lives.lived("01-05", done="01-12", due="01-14")
    archived = lives.lived("01-05", done="01-12", due="01-14", status="archived")
    for seed, times in ((done, open_ones), (archived, many - 2 * open_ones)):
        _multiply(seed, times, OF_THE_SETTLED)
        _promise(seed)
    for place, status in enumerate(OPEN):
        share = open_ones // len(OPEN) + (place < open_ones % len(OPEN))
        seed = lives.lived("03-02", due="03-16", status=status, assigned_to=by, answer_by=lives.moment("03-03"))
        _multiply(seed, share, OF_THE_OPEN)
    _analyse()


def _multiply(seed, times, later):
    """The seed `times` over, some of its moments by so many days `later`; and each with its events."""
    changed = {
        "id": "gen_random_uuid()", "code": "d.code || '-' || i", "reference": "d.reference || '-' || i",
        "lookup": "upper(substr(md5(random()::text), 1, 8))",
        **{name: f"d.{name} + ({days}) * interval '1 day'" for name, days in later.items()},
    }  # fmt: skip
    columns = [field.column for field in Dossier._meta.concrete_fields]
    taken = ", ".join(changed.get(column, f"d.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO onestop_dossier ({', '.join(columns)}) SELECT {taken} FROM onestop_dossier d, "
            f"generate_series(1, %s) i WHERE d.id = %s",
            [times - 1, seed.pk],
        )
        cursor.execute(
            "INSERT INTO onestop_event (dossier_id, step, from_status, to_status, at, role, note, is_public, data, "
            "is_sample) SELECT d.id, 'open_review', 'assigned', d.status, d.received_at + i * interval '1 hour', "
            "'specialist', '', true, '{}', false FROM onestop_dossier d, generate_series(1, %s) i "
            "WHERE d.reference LIKE %s",
            [EVENTS_EACH, f"{seed.reference}%"],
        )


def _promise(seed):
    """The promise of each copy; the last of so many were asked for a supplement and promised two days more."""
    copies = "FROM onestop_dossier d WHERE d.reference LIKE %s AND d.id <> %s"
    is_asked = f"AND mod(split_part(d.reference, '-', 3)::int, {ASKED}) = 0"
    promise = "INSERT INTO onestop_promise (dossier_id, number, promised_at, made_at, reason, ground, is_sample)"
    with connection.cursor() as cursor:
        for statement in (
            f"{promise} SELECT d.id, 1, d.due_at, d.received_at, '', '', false {copies}",
            "INSERT INTO onestop_supplement (dossier_id, stage, cycle, reason, answer, typed, no_answer, "
            "no_answer_ground, asked_by_id, asked_at, answered_at, accepted_at, is_sample) SELECT d.id, 'review', 1, "
            "'x', 'x', '{}', '', '', d.created_by_id, d.received_at + interval '1 day', d.received_at + "
            f"interval '3 day', d.received_at + interval '3 day', false {copies} {is_asked}",
            f"{promise} SELECT d.id, 2, d.due_at + interval '2 day', d.received_at + interval '3 day', "
            f"'', '', false {copies} {is_asked}",
            "UPDATE onestop_dossier SET due_at = due_at + interval '2 day' WHERE id IN "
            f"(SELECT d.id {copies} {is_asked})",
        ):
            cursor.execute(statement, [f"{seed.reference}%", seed.pk])


def _analyse():
    """What the nights between would have done."""
    version.sweep()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def counted():
    return Dossier.objects.count(), Event.objects.count()
