"""The public pages of planning drafts under consultation, the form of a comment, and the page behind its address."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.correspondence import token_of
from izportal.correspondence.pages import by_secret, erase_page, known_of
from izportal.lists import page_of
from izportal.press import consultations, feed, readable
from izportal.press.consultations.letters import title_of
from izportal.press.letter_forms import LetterForm
from izportal.press.models import Comment, CommentGroup, Item
from izportal.press.readers import Reading
from izportal.press.secret import sent, takes_file

RATE = "comments_per_hour"


def _shown(at):
    rows = readable.of_kind(Item.Kind.CONSULTATION, language=get_language(), at=at)
    return rows.select_related("item__consultation__zone", "item__picture", "item__document", "original")


def consultation_list(request):
    at = timezone.now()
    page = page_of(request, _shown(at).order_by("-item__consultation__closes_on", "-pk"))
    for row in page.object_list:
        row.draft, row.is_open = row.item.consultation, row.item.consultation.is_open(on=timezone.localdate(at))
    context = {"page_obj": page, "today": timezone.localdate(at)}
    return render(request, "press/consultation_list.html", context)


def consultation_feed(request):
    return feed.atom(
        Item.Kind.CONSULTATION, title=_("Lấy ý kiến quy hoạch"), name="press:consultation_feed",
        page="press:consultation_list", at=timezone.now(),
    )  # fmt: skip


def consultation_detail(request, slug):
    at = timezone.now()
    rows = _shown(at).prefetch_related("item__attachments__stored")
    edition = readable.at_address(rows, slug)
    if edition.item.slug != slug:
        return redirect(edition.item, permanent=True)
    draft, today = edition.item.consultation, timezone.localdate(at)
    counted = draft.comments.aggregate(all=Count("pk"), counted=Count("pk", filter=Q(status="counted")))
    context = {
        "edition": edition, "draft": draft, "reading": Reading(edition, get_language(), at), "today": today,
        "is_open": draft.is_open(on=today), "is_late": draft.is_late(on=today), "counted": counted,
        "rule": consultations.shortest(on=draft.opens_on), "groups": _groups(draft),
    }  # fmt: skip
    return render(request, "press/consultation_detail.html", context)


def _groups(draft):
    """What was said and answered, once the answers are published."""
    if draft.answered_at is None:
        return CommentGroup.objects.none()
    counted = Count("comments", filter=Q(comments__status=Comment.Status.COUNTED))
    return draft.groups.annotate(count=counted).order_by("position", "pk")


# Commenting ---------------------------------------------------------------------------------------
@takes_file
@never_cache
def comment_new(request, slug):
    at = timezone.now()
    edition = readable.at_address(_shown(at), slug)
    draft = edition.item.consultation
    if request.method == "POST":
        form = LetterForm(request.POST, files=request.FILES, at=at)
        if form.is_valid() and (row := _sent(request, form, draft, at)) is not None:
            return redirect("press:comment_detail", token_of(row))
        return _form_page(request, form, edition, at, status=422)
    if not draft.is_open(on=timezone.localdate(at)):
        return redirect(edition.item)
    # What was typed under the former address is taken above.
    if edition.item.slug != slug:
        return redirect("press:comment_new", edition.item.slug, permanent=True)
    return _form_page(request, LetterForm(at=at, initial=known_of(request.user)), edition, at)


def _sent(request, form, draft, at):
    sorry = _("Địa chỉ mạng của bạn vừa gửi quá nhiều góp ý. Hãy gửi lại sau một giờ.")
    row = sent(
        request, form, model=Comment, page="comment", rule=RATE, take=partial(consultations.comment, draft, at=at),
        sorry=sorry, refusals=consultations.ConsultationRefused,
    )  # fmt: skip
    if row is not None:
        messages.success(request, _("Đã nhận góp ý %(reference)s.") % {"reference": row.reference})
    return row


def _form_page(request, form, edition, at, status=200):
    draft = edition.item.consultation
    context = {"form": form, "edition": edition, "draft": draft, "is_open": draft.is_open(on=timezone.localdate(at))}
    return render(request, "press/comment_new.html", context, status=status)


# Behind the address -------------------------------------------------------------------------------
@by_secret(Comment.objects.select_related("draft", "group"))
def comment_detail(request, token, row):
    draft = row.draft
    context = {"comment": row, "token": token, "draft": draft, "title": title_of(draft, get_language())}
    return render(request, "press/comment_detail.html", context)


@by_secret(Comment.objects.select_related("draft"))
def comment_erase(request, token, row):
    done = _("Đã xóa tên, liên hệ và nội dung của góp ý %(reference)s.")
    return erase_page(
        request, token, row, "press/comment_erase.html", erase=consultations.erase, done=done,
        to="press:consultation_list",
    )  # fmt: skip
