"""Two people wrote to the same record: what each of them wants, field by field, and which of both is to stand. Stands
before the form in the bases; a form under another one only tells, and what was typed there stays on screen."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

SEEN, CHOSEN = "as_seen", "choose-{}"
MINE, THEIRS = "mine", "theirs"
EMPTY = "—"


@dataclass(frozen=True)
class Difference:
    """A field that a colleague has saved otherwise than it stands in the form. `chosen` is "" while it is open; what
    the person has not touched is theirs from the start."""

    name: str
    label: str
    theirs: str
    mine: str
    chosen: str

    @property
    def key(self) -> str:
        return CHOSEN.format(self.name)


class Conflicts:
    """`differences` and `seen` are for the page; `settled` takes over what the person chose from it."""

    differences: list[Difference] = []
    seen = ""

    def settled(self, *, now: str, changed: list[str]) -> bool:
        """Has the person said of each field which value is to stand, knowing the record as it is `now`? Where theirs
        is, it takes the place of what was typed."""
        if self.prefix:
            return False
        self.seen = now
        self.differences = [self._difference(name) for name in changed if name in self.changed_data]
        if self.data.get(SEEN) != now or not all(row.chosen for row in self.differences):
            return False
        for row in self.differences:
            if row.chosen == THEIRS:
                self.cleaned_data[row.name] = self._stored(row.name)
        return True

    def _difference(self, name: str) -> Difference:
        typed = self.cleaned_data.get(name, self.data.get(name))
        return Difference(
            name, capfirst(str(self.fields[name].label or name)), self._told(name, self._stored(name)),
            self._told(name, typed), self._choice(name),
        )  # fmt: skip

    def _choice(self, name: str) -> str:
        said = self.data.get(CHOSEN.format(name))
        if said in (MINE, THEIRS):
            return said
        return THEIRS if self.is_as_loaded(name) else ""

    def _stored(self, name: str) -> Any:
        field = self.instance._meta.get_field(name)
        return getattr(self.instance, name).all() if field.many_to_many else getattr(self.instance, name)

    def _told(self, name: str, value: Any) -> str:
        try:
            field = self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return str(value)
        if field.many_to_many:
            return ", ".join(str(row) for row in value or ()) or EMPTY
        if field.is_relation or isinstance(value, str) and not field.choices:
            return str(value or EMPTY)
        return str(display_for_field(value, field, EMPTY))
