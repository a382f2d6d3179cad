"""Very many dossiers and events, copied from a few lived ones by the database itself; for PostgreSQL."""

from django.db import connection

from onestop.models import Dossier, Event
from tests import lives

# The stations in which the open ones lie, each with what it takes from the others of its kind.
OPEN = (
    "submitted", "intake_supplement", "received", "assigned", "in_review", "consulting", "review_supplement",
    "head_check", "leader_sign", "numbering",
)  # fmt: skip
EVENTS_EACH = 10


def dossiers(many, *, open_ones, by):
    """`many` dossiers with ten events each: `open_ones` open, for `by`, due around the moment of `lives`; as many
    delivered; the others in the archive."""
    done = lives.lived("01-05", done="01-12", due="01-14")
    archived = lives.lived("01-05", done="01-12", due="01-14", status="archived")
    _multiply(done, open_ones, spread_days=0)
    _multiply(archived, many - 2 * open_ones, spread_days=0)
    for place, status in enumerate(OPEN):
        share = open_ones // len(OPEN) + (place < open_ones % len(OPEN))
        seed = lives.lived("03-02", due="03-16", status=status, assigned_to=by, answer_by=lives.moment("03-03"))
        _multiply(seed, share, spread_days=40)
    _analyse()


def _multiply(seed, times, *, spread_days):
    """The seed `times` over, the due dates spread over so many days; and each with its events."""
    changed = {
        "id": "gen_random_uuid()", "code": "d.code || '-' || i", "reference": "d.reference || '-' || i",
        "lookup": "upper(substr(md5(random()::text), 1, 8))",
        "due_at": f"d.due_at + mod(i, {spread_days + 1}) * interval '1 day'",
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


def _analyse():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def counted():
    return Dossier.objects.count(), Event.objects.count()
