"""Sections kept while they are typed: what the script of the form sends, answered in JSON whoever asks."""

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from izportal.templatetags.date import clock
from onestop import carrying, drafts, questions
from onestop.models import Dossier
from onestop.views.filing import conflict, opening
from onestop.views.windows import hand_of, settle, window_of
from projects import mandates


@never_cache
@require_POST
def dossier_keep(request, pk, section):
    """Keep a section as it stands in the reader's browser; answers JSON, whoever asks."""
    address = reverse("onestop:dossier_edit", args=[pk, section])
    if not _is_reader(request):
        return _signed_out(request, address)
    dossier = Dossier.objects.visible_to(request.user).with_names().filter(pk=pk).first()
    shape = questions.definition(dossier) if dossier else None
    if shape is None or request.user.is_staff:
        return _told("gone", _("Bản nháp này không còn trên cổng, hoặc bạn không còn quyền mở."), status=404)
    if not mandates.may(request.user, dossier.enterprise, "prepare"):
        return _told("refused", _("Bạn không được ủy quyền soạn hồ sơ này; phần vừa gõ chưa được lưu."), status=403)
    return _keep(request, dossier, shape.section(section))


def _keep(request, dossier, part):
    """A page of a form that was replaced since still has its text kept: set aside, where the question is gone."""
    try:
        carrying.rescue(dossier, request.POST)
        if part is None:
            return _moved(dossier)
        form = drafts.keep(dossier, part, request.POST, hand=hand_of(request), by=request.user, at=timezone.now())
    except drafts.DraftChanged as changed:
        return _conflict(request, changed)
    except (drafts.DraftClosed, Dossier.DoesNotExist):
        return _closed(dossier)
    except drafts.TypedRefused as refusal:
        return _told("refused", str(refusal), status=413)
    settle(request)
    return _saved(form)


@never_cache
@require_POST
def dossier_begin(request, code):
    """Begin a draft as soon as its first section says whose it is and which case; before that nothing is kept here."""
    if not _is_reader(request):
        return _signed_out(request, reverse("onestop:dossier_new", args=[code]))
    start = opening(request, code)
    if start.obstacle or request.user.is_staff:
        return _told("refused", _("Bạn không được ủy quyền nộp hồ sơ này tại đây."), status=403)
    if start.begun:
        return _keep(request, start.begun, start.section)
    form = questions.SectionForm(
        request.POST, dossier=start.dossier, section=start.section, user=request.user, enterprises=start.enterprises
    )
    try:
        with transaction.atomic():
            begun = drafts.begin_with(form, hand=hand_of(request), by=request.user, at=timezone.now())
            if begun:
                carrying.begun_from(begun, request.POST)
    except drafts.TypedRefused as refusal:
        return _told("refused", str(refusal), status=413)
    except IntegrityError:  # begun by another request of the same page
        return _told("busy", "", status=503)
    if begun is None:
        return _told(
            "waiting", _("Chỉ mới lưu trên thiết bị này – chọn doanh nghiệp và trường hợp để cổng giữ bản nháp.")
        )
    settle(request)
    return _saved(form)


def _is_reader(request):
    """Signed in, and as the person whose page it is."""
    by, _window = window_of(request)
    return request.user.is_authenticated and by in (None, request.user.pk)


def _told(state, sentence, *, status=200, **more):
    return JsonResponse({"state": state, "sentence": sentence, **more}, status=status)


def _signed_out(request, address):
    sentence = _(
        "Phiên làm việc đã hết hạn. Những gì bạn gõ còn trên thiết bị này và sẽ được gửi sau khi đăng nhập lại."
    )
    if request.user.is_authenticated:
        sentence = _("Trình duyệt này đang đăng nhập bằng tài khoản khác. Đăng nhập lại để gửi những gì bạn gõ.")
    return _told("signed_out", sentence, status=401, url=reverse("account_login", query={"next": address}))


def _closed(dossier):
    if Dossier.objects.filter(pk=dossier.pk).exists():
        sentence = _("Hồ sơ đã nộp nên không sửa được nữa; phần vừa gõ chưa có trong hồ sơ.")
        return _told("filed", sentence, status=409, url=dossier.get_absolute_url(), link=_("Mở hồ sơ đã nộp"))
    return _told("gone", _("Bản nháp đã bị xóa nên phần vừa gõ không lưu được."), status=404)


def _moved(dossier):
    sentence = _("Biểu mẫu vừa đổi nên phần này không còn; những gì bạn gõ được giữ ở trang kiểm tra.")
    url = reverse("onestop:dossier_review", args=[dossier.pk])
    return _told("moved", sentence, status=409, url=url, link=_("Mở trang kiểm tra"))


def _saved(form):
    row, key = form.dossier, form.section.key
    place = [row.pk, key]
    facts = {"time": clock(row.saved_at)}
    sentence = _("Đã lưu trên cổng lúc %(time)s") % facts
    if key in row.typed:
        sentence = _("Đã lưu trên cổng lúc %(time)s, phần này còn khai dở") % facts
    return _told(
        "saved", sentence, version_no=row.version_no, is_sound=key not in row.typed, place="/".join(map(str, place)),
        address=reverse("onestop:dossier_edit", args=place), keep=reverse("onestop:dossier_keep", args=place),
    )  # fmt: skip


def _conflict(request, changed):
    context = conflict(request, changed)
    html = render_to_string("onestop/_changed.html", context, request)
    sentence = _("Chưa lưu: phần này vừa được sửa ở nơi khác")
    return _told(
        "conflict", sentence, status=409, html=html, version_no=changed.current.version_no,
        by=str(context["saver"] or ""), at=changed.save["at"],
        differences=[{"label": a, "theirs": b, "mine": c} for a, b, c in context["differences"]],
    )  # fmt: skip
