"""How people sign in: allauth with our own rules."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened by the board until enterprises can prove who they are."""
        return False
