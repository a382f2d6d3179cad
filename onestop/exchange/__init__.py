"""Messages between the applicant and the officer of a dossier, and notes that stay inside the board.

Both are rows of `Message`. Whatever an applicant reads goes through `shared()`; a note is written by a deed, a form
and an address of its own, so that no slip of the hand sends it out. What is told by letter stands in `letters`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import documents
from izportal.models import StoredFile, User
from onestop import absences
from onestop.exchange import letters
from onestop.models import Dossier, Message
from onestop.models.office import MessageQuerySet
from projects import mandates

LONGEST = 4000
MOST_FILES = 5
# Nobody writes so many by hand; a program that does fills the disk.
MOST_A_DAY = 50
# The same words sent again so soon are the same message, sent twice.
SAME_WITHIN = timedelta(minutes=10)
# Who writes to applicants besides the officer to whom the dossier is assigned, and who leaves notes.
WRITERS = ("reception", "head", "leader")
NOTERS = (*WRITERS, "clerk")
# Who reads every message that waits, not only those of dossiers that they handle.
OVERSEERS = ("head", "leader", "auditor", "administrator")
CLOSED = (Dossier.Status.DRAFT, Dossier.Status.ARCHIVED)


class MessageRefused(Exception):
    """The message is not taken; the text is a sentence for whoever wrote it."""


class FileRefused(MessageRefused):
    """One of the files is not taken, and the message with it."""


# Who may --------------------------------------------------------------------------------------------------------
def is_handler(user: User, dossier: Dossier, *, at: datetime) -> bool:
    """Is the dossier assigned to this person, or to somebody whose place they take that day?"""
    if dossier.assigned_to_id is None or dossier.assigned_to_id == user.pk:
        return dossier.assigned_to_id is not None
    return dossier.assigned_to in absences.covered_by(user, on=timezone.localdate(at))


def why_not(user: User, dossier: Dossier, *, at: datetime, is_internal: bool = False) -> str:
    """Why this person writes no message, or no note, about a dossier that they may read; "" where they may."""
    if dossier.status in CLOSED:
        return _("Hồ sơ đã lưu nên không nhận thêm tin nhắn, ghi chú.")
    if not user.is_staff:
        may = not is_internal and mandates.may(user, dossier.enterprise, mandates.Capacity.PREPARE)
        return "" if may else _("Bạn được xem hồ sơ nhưng không được ủy quyền viết tin nhắn về hồ sơ này.")
    if not (user.has_role(*(NOTERS if is_internal else WRITERS)) or is_handler(user, dossier, at=at)):
        return _("Chỉ cán bộ tiếp nhận, cán bộ thụ lý, trưởng phòng và lãnh đạo viết về hồ sơ này.")
    if not is_internal and reach(dossier).is_nobody:
        return _("Tin nhắn sẽ không đến được ai: doanh nghiệp chưa có tài khoản và hồ sơ không ghi thư điện tử.")
    return ""


def answers_for(user: User, dossier: Dossier, *, at: datetime) -> bool:
    """Does what this person has read count as read by their side? For the enterprise whoever may write; for the board
    whoever handles the dossier, and before it is assigned reception and the heads. Others may look without taking a
    message off the heap of those who have to answer it."""
    if not user.is_staff:
        return mandates.may(user, dossier.enterprise, mandates.Capacity.PREPARE)
    return is_handler(user, dossier, at=at) if dossier.assigned_to_id else user.has_role("reception", "head")


@dataclass(frozen=True)
class Reach:
    """Whom a message of the board reaches: people who read here, or else, with its whole text, mailboxes."""

    is_here: bool
    mailboxes: tuple[str, ...] = ()

    @property
    def is_by_mail(self) -> bool:
        return not self.is_here and bool(self.mailboxes)

    @property
    def is_nobody(self) -> bool:
        return not self.is_here and not self.mailboxes


def reach(dossier: Dossier) -> Reach:
    if letters.reads_here(dossier):
        return Reach(is_here=True)
    return Reach(is_here=False, mailboxes=tuple(reader.email for reader in letters.readers_of(dossier)))


# Writing --------------------------------------------------------------------------------------------------------
def send(
    dossier: Dossier, *, text: str, by: User, at: datetime, uploads: Iterable[File] = (), page: str = ""
) -> Message:
    """A message to the other side, which is told by letter; raises `MessageRefused`. `page` is where another file may
    be sent if the scanner refuses one of these."""
    return _write(dossier, list(uploads), page, text=text, by=by, at=at, is_internal=False)


def note(
    dossier: Dossier, *, text: str, by: User, at: datetime, uploads: Iterable[File] = (), page: str = ""
) -> Message:
    """A note of the board to itself; nobody is told. Raises `MessageRefused`."""
    return _write(dossier, list(uploads), page, text=text, by=by, at=at, is_internal=True)


def _write(
    dossier: Dossier, uploads: list[File], page: str, *, text: str, by: User, at: datetime, is_internal: bool
) -> Message:
    # Looking through large files takes its time: nobody else waits for it.
    found = _inspected(uploads, at)
    with transaction.atomic():
        row = Dossier.objects.select_for_update(of=("self",)).select_related(*letters.NEEDED).get(pk=dossier.pk)
        if sentence := why_not(by, row, at=at, is_internal=is_internal):
            raise MessageRefused(sentence)
        if uploads and by.is_staff and not is_internal and reach(row).is_by_mail:
            raise FileRefused(_("Tin này đi bằng thư điện tử nên không kèm được tệp."))
        before = row.messages.filter(by=by, is_internal=is_internal)
        if same := _same(before.filter(at__gt=at - SAME_WITHIN), text, {one.sha256 for one in found}):
            return same
        if before.filter(at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
            raise MessageRefused(
                _("Bạn đã viết quá nhiều về hồ sơ này trong một ngày; hãy gọi điện hoặc đợi đến mai.")
            )
        message = Message.objects.create(
            dossier=row, by=by, at=at, text=text, is_from_board=by.is_staff, is_internal=is_internal,
            is_sample=row.is_sample,
        )  # fmt: skip
        message.files.set(_kept(zip(uploads, found, strict=True), message, page))
        if not is_internal:
            # Whoever answers has read what they answer.
            _unread_by_side_of(by, row).update(read_at=at)
            letters.tell(message)
    return message


def _inspected(uploads: list[File], at: datetime) -> list[documents.Inspection]:
    if len(uploads) > MOST_FILES:
        raise FileRefused(_("Mỗi tin kèm tối đa %(most)s tệp.") % {"most": MOST_FILES})
    most, found = documents.limit_bytes(timezone.localdate(at)), []
    for upload in uploads:
        try:
            found.append(documents.inspect(upload, max_bytes=most))
        except documents.UploadRefused as refusal:
            told = {"file": documents.clean_name(upload.name or ""), "sentence": refusal.sentence}
            raise FileRefused(_("“%(file)s”: %(sentence)s") % told) from refusal
    return found


def _same(rows: QuerySet[Message], text: str, hashes: set[str]) -> Message | None:
    for message in rows.filter(text=text).prefetch_related("files"):
        if {stored.sha256 for stored in message.files.all()} == hashes:
            return message
    return None


def _kept(pairs: Iterable[tuple[File, documents.Inspection]], message: Message, page: str) -> list[StoredFile]:
    by, at, is_sample = message.by, message.at, message.is_sample
    return [documents.keep(file, found, by=by, at=at, is_sample=is_sample, page=page) for file, found in pairs]


# Reading --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Thread:
    """The last messages, oldest first; `is_cut` where older ones are left out, `fresh` are those not read before."""

    messages: list[Message]
    is_cut: bool
    fresh: frozenset[int]


def thread(dossier: Dossier, *, user: User, most: int, before: int | None = None) -> Thread:
    """What passed between the applicant and the board; `before` is the number of a message to go back from."""
    rows = dossier.messages.shared()
    found, is_cut = _last(rows.filter(pk__lt=before) if before else rows, most)
    is_board = user.is_staff
    fresh = {row.pk for row in found if row.read_at is None and row.is_from_board != is_board}
    return Thread(found, is_cut, frozenset(fresh))


def notes(dossier: Dossier, *, most: int) -> tuple[list[Message], bool]:
    """Notes of the board, oldest first, and whether older ones are left out; never for an applicant's page."""
    return _last(dossier.messages.filter(is_internal=True), most)


def _last(rows: QuerySet[Message], most: int) -> tuple[list[Message], bool]:
    found = list(rows.select_related("by").prefetch_related("files").order_by("-at", "-pk")[: most + 1])
    return found[:most][::-1], len(found) > most


def mark_read(dossier: Dossier, seen: Thread, *, by: User, at: datetime) -> None:
    """What stood before somebody who answers for their side is read; nothing is written where nothing is new."""
    if seen.fresh and answers_for(by, dossier, at=at):
        dossier.messages.filter(pk__in=seen.fresh, read_at__isnull=True).update(read_at=at)


def _unread_by_side_of(user: User, dossier: Dossier) -> MessageQuerySet:
    return dossier.messages.unread_by_board() if user.is_staff else dossier.messages.unread_by_applicant()


def file_of(dossier: Dossier, message: int, file: str, *, is_internal: bool = False) -> StoredFile | None:
    """A file of a message, or of a note, of this very dossier."""
    rows = dossier.messages.filter(pk=message, is_internal=is_internal)
    return StoredFile.objects.filter(pk=file, messages__in=rows).first()


# Counting -------------------------------------------------------------------------------------------------------
def unread_by_board() -> Coalesce:
    """How many messages of the applicant nobody of the board has read, for a list of dossiers."""
    return _count(Message.objects.unread_by_board())


def unread_by_applicant() -> Coalesce:
    return _count(Message.objects.unread_by_applicant())


def _count(rows: MessageQuerySet) -> Coalesce:
    counted = rows.filter(dossier=OuterRef("pk")).order_by().values("dossier").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def unread_in_archive() -> QuerySet[Message]:
    """The archived dossiers with a word that nobody of the board has read: keys alone."""
    unread = Message.objects.unread_by_board().filter(dossier__status=Dossier.Status.ARCHIVED)
    return unread.order_by().values_list("dossier_id", flat=True)


def to_be_read(user: User, *, covering: Sequence[User] = ()) -> Q:
    """Dossiers with messages that wait for this person of the board, or for somebody whose place they take; all of
    them for those who oversee."""
    unread = Q(pk__in=Message.objects.unread_by_board().values("dossier"))
    if user.is_superuser or user.has_role(*OVERSEERS):
        return unread
    mine = Q(assigned_to__in=[user, *covering])
    return unread & (mine | Q(assigned_to__isnull=True) if user.has_role("reception") else mine)
