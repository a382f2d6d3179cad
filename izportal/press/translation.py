"""Which fields of the content are kept in two languages beside the editions, and whose history is kept."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from izportal.press.models import Attachment, Category, Document, Edition, Item, Picture


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


for model in (Item, Document, Picture):
    simple_history.register(model, app="izportal.press")
simple_history.register(Edition, app="izportal.press", excluded_fields=["folded"])
