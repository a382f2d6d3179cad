"""The second factor: when staff must have one, what is called how, and how an administrator removes a lost one."""

import base64
import secrets
import uuid
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import ciphers, languages, outbox, sessions
from izportal.models import User

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What staff may open before they have a factor: setting one up, proving who they are, and leaving.
OPEN = {
    *("account_login", "account_logout", "account_inactive", "account_reauthenticate", "admin:logout"),
    *("account_email_verification_sent", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate"),
    *("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "healthz", "robots", "opensearch", "sitemap"),
}


class FactorRefused(Exception):
    """A factor that may not be removed; carries a sentence for the reader."""


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Mã không đúng. Hãy nhập mã đang hiện trên điện thoại."),
        "unverified_email": gettext_lazy("Hãy xác nhận thư điện tử trước khi đặt lớp bảo vệ thứ hai."),
        "cannot_delete_authenticator": gettext_lazy(
            "Cán bộ của Ban phải giữ ít nhất một lớp bảo vệ thứ hai. Hãy thêm cách khác trước khi gỡ cách này."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Hãy đặt lớp bảo vệ thứ hai trước khi tạo mã khôi phục."),
    }

    def encrypt(self, text):
        return ciphers.hide(text)

    def decrypt(self, encrypted_text):
        """In place of what the key no longer opens: a secret of which nobody has a code."""
        return ciphers.reveal(encrypted_text) or base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self):
        return _("Ban Quản lý các KCN Thái Nguyên")

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Khóa %(number)s") % {"number": number}

    def can_delete_authenticator(self, authenticator):
        return not must_have(authenticator.user) or proofs(authenticator.user) > 1


def proofs(user: User) -> int:
    """How many ways somebody has to prove who they are; recovery codes are no way of their own."""
    return Authenticator.objects.filter(user=user, type__in=PROOFS).count()


def must_have(user: User) -> bool:
    return settings.STAFF_SECOND_FACTOR and (user.is_staff or user.is_superuser)


class StaffSecondFactor:
    """Leads a staff member without a factor to the page that sets one up, whatever they ask for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.STAFF_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        request.lacks_factor = must_have(request.user) and not proofs(request.user)
        if request.lacks_factor and request.resolver_match.view_name not in OPEN:
            return redirect("mfa_index")
        return None


# A lost telephone ---------------------------------------------------------------------------------
class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do, và đã xác minh người này bằng cách nào"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row


def remove(user: User, *, by: User, at: datetime, reason: str) -> str:
    """Take every factor off somebody's account, end their sessions and tell them; answers a sentence for the doer."""
    if user == by:
        raise FactorRefused(_("Không ai tự gỡ lớp bảo vệ của mình ở đây; hãy dùng trang tài khoản."))
    if user.is_superuser and not by.is_superuser:
        raise FactorRefused(_("Chỉ người quản trị tối cao gỡ được lớp bảo vệ của người quản trị tối cao."))
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        ended = sessions.end_all(user)
        _tell(user, by=by, at=at)
    return _("Đã gỡ lớp bảo vệ thứ hai và kết thúc %(ended)s phiên đăng nhập. Lý do: %(reason)s") % {
        "ended": ended, "reason": reason,
    }  # fmt: skip


def _tell(user: User, *, by: User, at: datetime) -> None:
    with languages.speaking(user.language):
        subject = _("Lớp bảo vệ thứ hai của tài khoản đã được gỡ")
        body = _(
            "Người quản trị %(who)s đã gỡ lớp bảo vệ thứ hai của tài khoản %(email)s và kết thúc mọi phiên đăng nhập. "
            "Từ nay chỉ cần mật khẩu là đăng nhập được; hãy đặt lại lớp bảo vệ ngay: %(url)s\n\n"
            "Nếu bạn không yêu cầu việc này, hãy báo ngay cho người quản trị của Ban và đổi mật khẩu."
        ) % {"who": by.full_name, "email": user.email, "url": settings.SITE_URL + reverse("mfa_index")}
    outbox.write(
        key=f"go-lop-bao-ve-{uuid.uuid4()}", kind="account", email=user.email, subject=subject, body=body + "\n",
        language=user.language, user=user, is_sample=user.is_sample,
    )  # fmt: skip
