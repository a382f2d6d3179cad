"""What one page of the content shows: the edition, whether it stands in for a missing translation or is older than its
source, its picture and files, and the same for machines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.utils import timezone

from izportal import languages
from izportal.press import pictures, richtext, validity
from izportal.press.models import Document, Edition, Item
from izportal.templatetags.date import local


@dataclass
class Reading:
    edition: Edition
    language: str
    at: datetime

    @property
    def item(self) -> Item:
        return self.edition.item

    @property
    def is_fallback(self) -> bool:
        return self.edition.language != self.language

    @property
    def outdated_since(self) -> datetime | None:
        """When the Vietnamese text went on, where this translation has not followed."""
        if self.edition.language == languages.SOURCE or self.edition.original is None:
            return None
        newer = Edition.objects.public(at=self.at).filter(item=self.edition.item_id, language=languages.SOURCE)
        source = newer.filter(number__gt=self.edition.original.number).first()
        return source.out_at if source else None

    @property
    def ended_at(self) -> datetime | None:
        return self.edition.expires_at if self.edition.has_ended(self.at) else None

    @property
    def address(self) -> str:
        return settings.SITE_URL + self.item.get_absolute_url()

    @property
    def alt(self) -> str:
        return getattr(self.item.picture, f"alt_{self.edition.language}", None) or ""

    @property
    def files(self) -> list[Any]:
        return list(self.item.attachments.all())

    @property
    def document(self) -> Document | None:
        return getattr(self.item, "document", None)

    @property
    def state(self) -> dict[str, str]:
        return validity.state(self.document, on=timezone.localdate(self.at)) if self.document else {}

    @property
    def chain(self) -> dict[str, list[Any]]:
        return validity.chain(self.document, at=self.at) if self.document else {}

    @property
    def description(self) -> str:
        return self.edition.summary or richtext.words(self.edition.body)[:160]

    @property
    def share(self) -> dict[str, Any]:
        """For whoever shares the page; without a picture of its own the portal's stands."""
        told: dict[str, Any] = {"type": "website" if self.item.kind == Item.Kind.PAGE else "article"}
        if picture := self.item.picture:
            width = picture.widths[-1]
            told["picture"] = {
                "url": settings.SITE_URL + pictures.url_of(picture, width), "mime": pictures.TYPES[picture.extension],
                "width": width, "height": round(picture.height * width / picture.width), "alt": self.alt,
            }  # fmt: skip
        return told

    @property
    def linked_data(self) -> dict[str, Any]:
        """Of news and notices that are out; an invented one is no news."""
        if self.item.kind not in (Item.Kind.NEWS, Item.Kind.NOTICE) or self.item.is_sample or not self.edition.out_at:
            return {}
        picture = self.share.get("picture")
        return {
            "@type": "NewsArticle" if self.item.kind == Item.Kind.NEWS else "Article", "@id": self.address,
            "url": self.address,
            "headline": self.edition.title[:110], "description": self.description,
            "inLanguage": self.edition.language, "datePublished": local(self.first_at).isoformat(),
            "dateModified": local(self.edition.out_at).isoformat(),
            "publisher": {"@type": "GovernmentOrganization", "url": settings.SITE_URL},
            **({"image": picture["url"]} if picture else {}),
        }  # fmt: skip

    @property
    def first_at(self) -> datetime | None:
        """When the matter first came out in this language."""
        rows = Edition.objects.filter(item=self.edition.item_id, language=self.edition.language)
        rows = rows.exclude(status__in=(Edition.Status.DRAFT, Edition.Status.SUBMITTED))
        return rows.aggregate(first=Min(Coalesce("published_at", "publish_at")))["first"] or self.edition.out_at
