"""What an event of a dossier says besides its statuses, in words: its data are kept by key, as other tables and
letters read them."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from izportal.templatetags.date import moment
from onestop.clock import OUTCOMES
from onestop.models import Amendment, Dossier, Opinion
from onestop.step_forms import CHANNELS
from zones.models import Availability

Fact = tuple[str, Any, Any]


def _when(value: str) -> Any:
    return moment(datetime.fromisoformat(value))


def _named(choices: Any) -> Callable[[Any], str]:
    words = dict(choices)
    return lambda value: str(words.get(value, value))


def _heading(letter: dict[str, Any]) -> str:
    """Which letter was issued; its text stands in the dossier."""
    texts = [letter[language] for language in (get_language(), "vi") if language in letter]
    return str(texts[0]["heading"]) if texts else ""


def _joined(values: list[Any]) -> str:
    return ", ".join(map(str, values))


def _yes_or_no(value: bool) -> str:
    return gettext("Có") if value else gettext("Không")


# By key: the label, and how the value is written; a key that tells machines only has none.
SAID: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "due_at": (_("Hạn trả kết quả"), _when),
    "reply_by": (_("Trả lời trước"), _when),
    "filed_at": (_("Nộp lúc"), str),
    "to": (_("Giao cho"), str),
    "from": (_("Trước đó"), str),
    "case": (_("Trường hợp"), str),
    "channel": (_("Kênh"), _named([*Dossier.Channel.choices, *CHANNELS])),
    "receiver": (_("Người nhận"), str),
    "lacking": (_("Còn thiếu"), _joined),
    "rival": (_("Tình trạng lô khi tiếp nhận"), _named(Availability.Status.choices)),
    "body": (_("Cơ quan phối hợp"), str),
    "bodies": (_("Cơ quan phối hợp"), _joined),
    "asked": (_("Số cơ quan được hỏi"), str),
    **{state.value: (state.label, str) for state in Opinion.State},
    "decision_number": (_("Số quyết định"), str),
    "decision": (_("Số quyết định"), str),
    "letter": (_("Văn bản"), _heading),
    "outcome": (_("So với hạn"), _named(OUTCOMES.items())),
    "kind": (_("Việc"), _named(Amendment.Kind.choices)),
    "is_bilingual": (_("Kèm bản dịch"), _yes_or_no),
}
SILENT = {"told", "change", "moved"}


def of_event(event: Any) -> list[Fact]:
    found: list[Fact] = [(gettext("Trạng thái"), event.get_from_status_display(), event.get_to_status_display())]
    if event.instead_of_id:
        found.append((gettext("Thay cho"), "", event.instead_of))
    for key, value in event.data.items():
        if key == "changes":
            found += [(place, before, after) for place, before, after in value]
        elif key not in SILENT and value not in (None, "", [], {}):
            found.append(_told(key, value))
    return found


def _told(key: str, value: Any) -> Fact:
    """As it is kept, where it is of another shape than the steps write now."""
    label, write = SAID.get(key, (key, _plain))
    try:
        return str(label), "", write(value)
    except (TypeError, ValueError, KeyError):
        return str(label), "", _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
