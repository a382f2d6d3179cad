"""The library's forms for passkeys, made to bear a credential of any shape: what a browser sends can be anything."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms


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
            raise get_adapter().validation_error("incorrect_code") from fault


class LoginForm(Sound, forms.LoginWebAuthnForm):
    pass


class AuthenticateForm(Sound, forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateForm(Sound, forms.ReauthenticateWebAuthnForm):
    pass


class AddForm(Sound, forms.AddWebAuthnForm):
    pass
