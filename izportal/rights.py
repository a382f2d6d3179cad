"""How Django asks what somebody may do: by the rights that are read with their roles, in one question."""

from allauth.account.auth_backends import AuthenticationBackend


class Rights(AuthenticationBackend):
    def get_all_permissions(self, user_obj, obj=None):
        if obj is None and user_obj.is_active and user_obj.is_staff and not user_obj.is_superuser:
            # Reads the permissions too, where nobody has asked for either.
            user_obj.role_codes  # noqa: B018
        return super().get_all_permissions(user_obj, obj)
