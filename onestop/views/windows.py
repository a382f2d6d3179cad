"""The windows of the counter's forms: which section they carry, and what becomes of one that came too late."""

import contextlib
import uuid

from django.utils.translation import gettext_lazy as _

from izportal.windows import keeps_typing, number_in, seen_in, settle, unsent, window_for, window_of
from onestop import drafts

__all__ = [
    "SENT_TOO_LATE", "hand_of", "keeps_typing", "key_of", "seen_in", "settle", "unsent", "window_for",
    "window_of",
]  # fmt: skip

SENT_TOO_LATE = _("Phiên làm việc đã hết nên chưa gửi được. Chữ bạn gõ còn đây; tệp thì chọn lại.")


def hand_of(request):
    by, window = window_of(request)
    window = window if by == request.user.pk else ""
    return drafts.Hand(seen=seen_in(request), window=window, turn=max(0, number_in(request, "turn")))


def key_of(request):
    """The draft's future identity travels with the form, so that a form sent twice makes one draft."""
    with contextlib.suppress(ValueError):
        return uuid.UUID(request.POST.get("key", ""))
    return uuid.uuid4()
