"""Which fields of the content are kept in two languages beside the editions, and whose history is kept."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from izportal.press.models import (
    Attachment,
    Category,
    CommentGroup,
    Document,
    Edition,
    Item,
    Picture,
    PlanningDraft,
)


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name",)


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt",)


@register(Attachment)
class AttachmentTranslation(TranslationOptions):
    fields = ("title",)


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("issuer",)


@register(PlanningDraft)
class PlanningDraftTranslation(TranslationOptions):
    fields = ("basis",)


@register(CommentGroup)
class CommentGroupTranslation(TranslationOptions):
    fields = ("summary", "answer")


for model in (Item, Document, Picture, PlanningDraft, CommentGroup):
    simple_history.register(model, app="izportal.press")
simple_history.register(Edition, app="izportal.press", excluded_fields=["folded"])
