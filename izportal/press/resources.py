"""The sheets of questions and comments: to be read and worked on, with the names as they were given."""

from izportal.cells import ChoiceCell, MomentCell, YesNoCell
from izportal.press.models import Comment, Question, Topic
from izportal.sheets import SheetResource, column


class QuestionResource(SheetResource):
    reference = column("Mã câu hỏi", "reference", readonly=True)
    status = column("Trạng thái", "status", ChoiceCell(Question.Status.choices), readonly=True)
    topic = column("Lĩnh vực", "topic", ChoiceCell(Topic.choices), readonly=True)
    title = column("Hỏi về việc gì", "title", readonly=True)
    text = column("Nội dung hỏi", "text", readonly=True)
    name = column("Họ và tên", "name", readonly=True)
    organisation = column("Tổ chức, doanh nghiệp", "organisation", readonly=True)
    email = column("Thư điện tử", "email", readonly=True)
    phone = column("Điện thoại", "phone", readonly=True)
    asked_on = column("Hỏi ngày", "asked_at", MomentCell(), readonly=True)
    first_due_on = column("Hẹn lần đầu", "first_due_at", MomentCell(), readonly=True)
    due_on = column("Hạn trả lời", "due_at", MomentCell(), readonly=True)
    ended_on = column("Khép lại ngày", "ended_at", MomentCell(), readonly=True)
    answer = column("Trả lời", "answer", readonly=True)
    may_publish = column("Đồng ý công bố", "may_publish", YesNoCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    class Meta(SheetResource.Meta):
        model = Question
        fields = (
            "reference", "status", "topic", "title", "text", "name", "organisation", "email", "phone", "asked_on",
            "first_due_on", "due_on", "ended_on", "answer", "may_publish", "is_sample",
        )  # fmt: skip


class CommentResource(SheetResource):
    reference = column("Mã góp ý", "reference", readonly=True)
    draft = column("Đồ án", "draft", readonly=True)
    status = column("Trạng thái", "status", ChoiceCell(Comment.Status.choices), readonly=True)
    reason = column("Lý do không tổng hợp", "reason", readonly=True)
    group = column("Nhóm ý kiến", "group", readonly=True)
    name = column("Họ và tên", "name", readonly=True)
    organisation = column("Tổ chức, doanh nghiệp", "organisation", readonly=True)
    email = column("Thư điện tử", "email", readonly=True)
    phone = column("Điện thoại", "phone", readonly=True)
    text = column("Nội dung góp ý", "text", readonly=True)
    sent_on = column("Gửi ngày", "sent_at", MomentCell(), readonly=True)
    is_sample = column("Dữ liệu mẫu", "is_sample", YesNoCell(), readonly=True)

    class Meta(SheetResource.Meta):
        model = Comment
        fields = (
            "reference", "draft", "status", "reason", "group", "name", "organisation", "email", "phone", "text",
            "sent_on", "is_sample",
        )  # fmt: skip
