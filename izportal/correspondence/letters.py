"""Letters of correspondence: to the writer in the language chosen when writing, to the staff in theirs."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.correspondence import letters_to, token_of
from izportal.correspondence_models import Awaited, Correspondence
from izportal.models import User
from izportal.wordings import Fact, Letter

Register = Callable[..., Letter]

TERM = Fact(_("Hạn trả lời của Ban"), "17:00, 10/12/2026")
GREETING, MORE = _("Kính gửi Quý vị,"), _("Xem tại")
WARNING = _("Địa chỉ trên mở được trang theo dõi mà không cần mật khẩu; đừng chuyển thư này cho người khác.")


def link(meaning: Promise, path: str) -> Fact:
    return Fact(meaning, f"{settings.SITE_URL}{path}", is_needed=True)


def to_writer(
    *, group: Promise, reader: Promise, reference: Fact, path: str, greeting: Promise = GREETING,
    more: Promise = MORE,
) -> Register:  # fmt: skip
    """What registers the letters with the secret address of one kind of correspondence."""
    common = {"ma": reference, "lien_ket": link(_("Địa chỉ riêng của trang theo dõi"), path)}

    def register(kind: str, name: Promise, subject: Promise, sentence: Promise, **facts: Fact) -> Letter:
        return wordings.register(
            Letter(
                kind=kind, group=group, name=name, reader=reader, subject=subject, fixed=WARNING, is_listed=False,
                body=lambda: "\n\n".join((str(greeting), str(sentence), f"{more}: {{lien_ket}}")),
                facts={**common, **facts},
            )
        )  # fmt: skip

    return register


def to_staff(*, group: Promise, reader: Promise, common: Mapping[str, Fact], lines: Mapping[str, Promise]) -> Register:
    """What registers the letters to the staff; `lines` gives the facts that follow the sentence their labels."""

    def register(kind: str, name: Promise, subject: Promise, sentence: Promise, **facts: Fact) -> Letter:
        def body() -> str:
            return f"{sentence}\n\n" + "\n".join(f"{label}: {{{fact}}}" for fact, label in lines.items())

        return wordings.register(
            Letter(
                kind=kind, group=group, name=name, reader=reader, subject=subject, body=body,
                facts={**common, **facts}, is_to_staff=True, may_wait=True,
            )
        )  # fmt: skip

    return register


def with_link(model: type[Correspondence]) -> str:
    """The kind of letters whose text nobody keeps once they have been sent (`izportal/outbox.py`)."""
    return f"{model._meta.model_name}-link"


def tell_writer(letter: Letter, row: Correspondence, key: str, **facts: str) -> None:
    opts = row._meta
    with translation.override(languages.spoken(row.language)):
        page = settings.SITE_URL + reverse(f"{opts.app_label}:{opts.model_name}_detail", args=[token_of(row)])
    wordings.write(
        letter, key=f"{letters_to(row)}{key}", email=row.email, language=row.language,
        facts={"ma": row.reference, "lien_ket": page, **facts}, is_sample=row.is_sample,
        kind=with_link(type(row)),
    )  # fmt: skip


def tell_staff(letter: Letter, row: Awaited, reader: User | None, key: str, **facts: str) -> bool:
    """Was it written now, and not before?"""
    if reader is None or not reader.is_active:
        return False
    page = settings.SITE_URL + row.get_absolute_url()
    told = {"ma": row.reference, "han": term_words(row.due_at), "lien_ket": page, **facts}
    written = wordings.write(
        letter, key=f"{row._meta.model_name}:{row.pk}:{key}", email=reader.email, user=reader,
        language=reader.language, facts=told, is_sample=row.is_sample, about=row.reference, address=page,
        until=row.due_at,
    )  # fmt: skip
    return written is not None


def term_words(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M, %d/%m/%Y}" if at else ""
