"""How often codes may be guessed, and forms sent: tries are counted by address and hour, apart for each page."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils import timezone

from izportal.models import Rule

# This many wrong tries where no rule says otherwise.
WINDOW, MOST = 3600, 20


class Guesses:
    """The tries of whoever sends `request` at one page; `rule` says how many an hour."""

    def __init__(self, request, page, *, rule="lookup_attempts_per_hour"):
        self.rule = rule
        place = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()[:32]
        # The hour is part of the key, so that a slow trickle never keeps an old count alive.
        self.key = f"{page}:{place}:{int(time.time() // WINDOW)}"

    @property
    def are_too_many(self):
        return cache.get(self.key, 0) >= self._most()

    def count(self):
        cache.set(self.key, cache.get(self.key, 0) + 1, WINDOW)

    def _most(self):
        try:
            return Rule.number(self.rule, on=timezone.localdate())
        except Rule.DoesNotExist:
            return MOST
