"""Who may act for an enterprise: asked here by every floor above, never worked out in a view."""

from izportal.models import User
from projects.models import Enterprise, Mandate

Capacity = Mandate.Capacity
# Who may sign may also prepare, and who may prepare may also view.
INCLUDES = {
    Capacity.VIEW: (Capacity.VIEW, Capacity.PREPARE, Capacity.SIGN),
    Capacity.PREPARE: (Capacity.PREPARE, Capacity.SIGN),
    Capacity.SIGN: (Capacity.SIGN,),
}


def enterprises_of(user: User, capacity: str = Capacity.VIEW):
    """The enterprises for which a person holds an approved, unexpired mandate of at least this capacity."""
    if not user.is_authenticated:
        return Enterprise.objects.none()
    held = Mandate.objects.in_force().filter(user_id=user.pk, capacity__in=INCLUDES[Capacity(capacity)])
    return Enterprise.objects.filter(pk__in=held.values("enterprise"))


def may(user: User, enterprise: Enterprise, capacity: str) -> bool:
    return enterprises_of(user, capacity).filter(pk=enterprise.pk).exists()
