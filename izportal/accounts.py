"""How people open an account and sign in: allauth with our own rules, words and letters."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from izportal import languages, lockout, outbox, sessions, wordings
from izportal.account_letters import BY_TEMPLATE, facts_of
from izportal.models import User

# Letters that open an account by themselves; the outbox forgets what stood in them.
KEYS = {
    "account/email/email_confirmation": "account-code",
    "account/email/email_confirmation_signup": "account-code",
    "account/email/login_code": "account-code",
    "account/email/password_reset_key": "account-link",
}


# So long may somebody take to type the code of a new account.
UNCONFIRMED_FOR = timedelta(days=7)


def vouch(user: User) -> None:
    """The board has made the account or changed its address, so nobody need confirm it; other addresses go."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
    )


def sweep(*, at: datetime) -> int:
    """Accounts whose address nobody has confirmed go, with sessions that have run out; how many accounts went."""
    call_command("clearsessions")
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()
    waiting = EmailAddress.objects.filter(verified=False).values("user")
    unused = User.objects.filter(pk__in=waiting, last_login__isnull=True, is_staff=False, is_sample=False)
    unused = unused.filter(date_joined__lt=at - UNCONFIRMED_FOR)
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    return sum(_forget(user) for user in unused.exclude(pk__in=confirmed))


def _forget(user: User) -> int:
    try:
        user.delete()
    except ProtectedError:  # the board has written something about this person
        return 0
    return 1


class Particulars(forms.Form):
    """What the board calls somebody, and how it reaches them."""

    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.RegexField(
        r"^[0-9+(][0-9 .()-]{6,28}\Z", label=_("Điện thoại"), max_length=30, required=False,
        error_messages={"invalid": _("Số điện thoại gồm chữ số, có thể có dấu + ở đầu, dấu cách, chấm, ngoặc.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Ngôn ngữ của thư"), choices=languages.choices)


class SignUpForm(Particulars):
    """What is asked besides address and password; allauth makes its own forms of it."""

    field_order = ("full_name", "email", "phone", "language", "password1", "password2")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = translation.get_language()

    def signup(self, request, user):
        for name in Particulars.base_fields:
            setattr(user, name, self.cleaned_data[name])
        user.save()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Thư điện tử hoặc mật khẩu không đúng."),
        "too_many_login_attempts": _("Bạn đã nhập sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
        "staff_address": _("Thư điện tử của cán bộ do người quản trị đổi."),
        "duplicate_email": _("Đây đã là địa chỉ của tài khoản này."),
        "email_taken": _("Địa chỉ này đã có tài khoản khác dùng."),
        "enter_current_password": _("Mật khẩu hiện tại không đúng."),
        "incorrect_code": _("Mã không đúng, hoặc đã hết hạn."),
        "incorrect_password": _("Mật khẩu không đúng."),
        "rate_limited": _("Bạn gửi nhiều yêu cầu quá. Hãy đợi một lát rồi thử lại."),
    }

    # Signing in

    def pre_authenticate(self, request, **credentials):
        email = credentials.get("email", "").lower()
        self._login_failed_rl_usage = lockout.consume(request, email)
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request, **credentials):
        lockout.forgive(request, credentials["email"].lower())

    def pre_login(self, request, user, **kwargs):
        """An account without an address of the sign-in's own was made by the board; a letter has proved its reader."""
        ways = {record["method"] for record in get_authentication_records(request, user)}
        if "password_reset" in ways or not EmailAddress.objects.filter(user=user).exists():
            vouch(user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        lockout.know(request, response, user.email.lower())
        sessions.begin(request)
        return response

    def confirm_email(self, request, email_address):
        """What the search compares follows the new address."""
        is_confirmed = super().confirm_email(request, email_address)
        email_address.user.save(update_fields=["folded"])
        return is_confirmed

    # Letters

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, so that it is tried again, and in the reader's language."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else languages.here()
        said = {"email": email, "site_url": settings.SITE_URL, **context, "user": user}
        is_sample, letter = bool(user and user.is_sample), BY_TEMPLATE.get(template_prefix.rpartition("/")[2])
        if letter:
            text = wordings.worded(letter, facts_of(said), language=language, is_sample=is_sample)
        else:
            with languages.speaking(language):
                text = {
                    "subject": render_to_string(f"{template_prefix}_subject.txt", said),
                    "body": render_to_string(f"{template_prefix}_message.txt", said).strip() + "\n",
                    "language": language, "is_sample": is_sample,
                }  # fmt: skip
        text["kind"] = KEYS.get(template_prefix, "account")
        outbox.write(key=f"tai-khoan-{uuid.uuid4()}", email=email, user=user, **text)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whoever comes from an OpenID Connect provider: a new account like any other, its address confirmed by us."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _("Địa chỉ này đã có tài khoản. Hãy đăng nhập vào tài khoản đó rồi nối với %s."),
        "no_password": _("Tài khoản chưa có mật khẩu nên chưa bỏ cách đăng nhập này được."),
        "connected_other": _("Danh tính này đã nối với một tài khoản khác."),
    }

    def pre_social_login(self, request, sociallogin):
        """What a provider says of an address is not enough: the portal sends a code of its own."""
        for address in sociallogin.email_addresses:
            address.verified = False

    def is_open_for_signup(self, request, sociallogin):
        return bool(settings.OIDC_PROVIDER_ID) and super().is_open_for_signup(request, sociallogin)

    def send_notification_mail(self, *args, **kwargs):
        return AccountAdapter(current.request).send_notification_mail(*args, **kwargs)
