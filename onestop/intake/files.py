"""Files that a sending system sends before the dossier that needs them: checked, kept, used once or swept."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import documents
from izportal.models import Rule, StoredFile
from onestop import papers
from onestop.models import Component, Dossier, IntakeSystem, Paper


class FileMismatch(Exception):
    """What arrived is not what the sender says it sent; the text is a sentence."""


def keep(*, system: IntakeSystem, upload: File, sha256: str = "", at: datetime) -> StoredFile:
    """Keep a file that a dossier will refer to; raises `documents.UploadRefused` and `FileMismatch`."""
    if sha256 and sha256.lower() != digest_of(upload):
        raise FileMismatch(_("SHA-256 bạn gửi không khớp với nội dung tệp nhận được; hãy gửi lại tệp."))
    limit = documents.limit_bytes(timezone.localdate(at))
    return documents.store(upload, by=system.account, at=at, max_bytes=limit, is_sample=system.is_sample)


def digest_of(upload: File) -> str:
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()


def sent_by(system: IntakeSystem) -> QuerySet[StoredFile]:
    """The files that a system has sent, and no slip that was issued in its name."""
    return StoredFile.objects.filter(uploaded_by_id=system.account_id, slips__isnull=True)


def sweep(*, at: datetime) -> int:
    """Throw away files that no dossier has used for as long as the rule `intake_file_kept_days` says."""
    try:
        before = at - timedelta(days=Rule.number("intake_file_kept_days", on=timezone.localdate(at)))
    except Rule.DoesNotExist:
        return 0
    sent = StoredFile.objects.filter(uploaded_by__intake_system__isnull=False, uploaded_at__lt=before)
    unused = list(sent.filter(papers__isnull=True, slips__isnull=True).values_list("pk", flat=True))
    return sum(_throw_away(pk) for pk in unused)


@transaction.atomic
def _throw_away(pk: uuid.UUID) -> bool:
    stored = StoredFile.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if stored is None or stored.papers.exists():
        return False
    stored.delete()
    transaction.on_commit(lambda: stored.file.delete(save=False))
    return True


class Files:
    """The files that a call refers to, locked, so that no two dossiers take the same one."""

    def __init__(self, dossier: Dossier, wanted: Iterable[uuid.UUID]) -> None:
        self.dossier = dossier
        assert dossier.system is not None
        sent = sent_by(dossier.system).filter(pk__in=list(wanted))
        self.found = {row.pk: row for row in sent.select_for_update(of=("self",)).order_by("pk")}
        self.used = set(Paper.objects.filter(stored__in=self.found).values_list("stored", flat=True))

    def why_not(self, pk: uuid.UUID) -> str:
        stored = self.found.get(pk)
        if stored is None:
            return _("Không có tệp này, hoặc tệp đã hết hạn chờ; hãy gửi lại tệp.")
        if pk in self.used:
            return _("Tệp này đã được dùng cho một giấy tờ khác; hãy gửi lại tệp.")
        if stored.state == StoredFile.State.PENDING:
            return _("Tệp đang được quét mã độc; hãy gửi lại hồ sơ sau ít phút.")
        return "" if stored.state == StoredFile.State.SAFE else _("Tệp đã bị từ chối khi quét mã độc.")

    def use(self, pk: uuid.UUID, at: datetime, *, component: Component | None = None, title: str = "") -> None:
        papers.put(self.dossier, self.found[pk], by=self.dossier.created_by, at=at, component=component, title=title)
        self.used.add(pk)
