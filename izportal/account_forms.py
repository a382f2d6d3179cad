"""Forms of the library with rules and words of ours: staff keep their address, and a passkey may come in any shape."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class ChangeAddressForm(AddEmailForm):
    def clean_email(self):
        """The board knows its people by their address, and changes it itself."""
        if self.user.is_staff:
            raise get_adapter().validation_error("staff_address")
        return super().clean_email()


class AppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã 6 chữ số")


class Sound:
    """The library looks for parts of the credential before it knows that they are there."""

    def clean_credential(self):
        return self._checked(getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"]))

    def clean(self):
        return self._checked(super().clean)

    def _checked(self, check):
        try:
            return check()
        except (KeyError, AttributeError, IndexError, TypeError, ValueError, OverflowError) as fault:
            raise self._unknown() from fault
        except ValidationError as refusal:
            raise self._unknown() if refusal.code == "incorrect_code" else refusal from refusal

    def _unknown(self):
        return ValidationError(_("Cổng không nhận ra khóa này. Hãy thử lại, hoặc dùng cách khác."), code="unknown_key")


class LoginForm(Sound, forms.LoginWebAuthnForm):
    pass


class AuthenticateForm(Sound, forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateForm(Sound, forms.ReauthenticateWebAuthnForm):
    pass


class AddForm(Sound, forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
