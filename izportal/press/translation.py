"""Which fields of the content are kept in two languages beside the editions, and whose history is kept."""

from modeltranslation.translator import TranslationOptions, register

from izportal.press.models import (
    Answer,
    Attachment,
    Category,
    CommentGroup,
    Document,
    Edition,
    Item,
    Picture,
    PlanningDraft,
)
from izportal.reasons import keep_history


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


keep_history(
    Item, Document, Picture, PlanningDraft, CommentGroup, Category, Attachment, Answer, app="izportal.press"
)  # fmt: skip
keep_history(Edition, app="izportal.press", excluded_fields=["folded"])
