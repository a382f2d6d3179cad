"""Tables of the content: items with their editions, what hangs on them, and the count of what changed."""

from izportal.press.models.attached import Attachment, Document, Picture
from izportal.press.models.changes import PressChange
from izportal.press.models.items import Category, Edition, FormerSlug, Item

__all__ = ["Attachment", "Category", "Document", "Edition", "FormerSlug", "Item", "Picture", "PressChange"]
