"""Tables of the content: items with their editions, what hangs on them, what people ask and comment, and the count of
what changed."""

from izportal.press.models.attached import Attachment, Document, Picture
from izportal.press.models.changes import PressChange
from izportal.press.models.consultations import Comment, CommentGroup, PlanningDraft
from izportal.press.models.items import Category, Edition, FormerSlug, Item
from izportal.press.models.questions import Answer, Question, Topic

__all__ = [
    "Answer", "Attachment", "Category", "Comment", "CommentGroup", "Document", "Edition", "FormerSlug", "Item",
    "Picture", "PlanningDraft", "PressChange", "Question", "Topic",
]  # fmt: skip
