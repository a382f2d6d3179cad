"""The board's side of the exchange: the thread with the applicant, and, on a page and at an address of their own, the
notes that stay inside."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from izportal import documents
from izportal.backoffice import ReadOnlyAdmin
from onestop import exchange
from onestop.exchange.forms import MessageForm, NoteForm
from onestop.models import Dossier
from onestop.views.exchange import MANY, again, sent, talk
from onestop.views.papers import limits, receive_uploads
from onestop.views.windows import keeps_typing, window_for

FEW_NOTES = 10


def pages(office):
    """Addresses under the dossiers of the back office; `office` is their admin."""
    read = office.admin_site.admin_view(_of(office, require_safe(file_page)))
    file = "<uuid:pk>/messages/<int:message>/files/<uuid:file>/"
    return [
        path("<uuid:pk>/messages/", _writing(office, message_page), name="onestop_dossier_message"),
        path("<uuid:pk>/notes/", _writing(office, note_page), name="onestop_dossier_note"),
        path(file, read, name="onestop_dossier_message_file"),
    ]


def _of(office, view):
    def page(request, **address):
        return view(request, office, **address)

    return page


def _writing(office, view):
    """Files are measured before the form is read, and words sent after the session had ended are kept, both before
    the back office asks who is there; the token is checked on the way."""
    inner = keeps_typing(office.admin_site.admin_view(_of(office, view)))

    @csrf_exempt
    def page(request, **address):
        return receive_uploads(request, inner, **address)

    return page


def file_view(request, dossier):
    """What the file of a dossier shows of the exchange, each part with its own empty form."""
    return {"talk": board_talk(request, dossier), "inside": inside(request, dossier)}


def board_talk(request, dossier, **shown):
    return {**talk(request, dossier, **shown), "reach": exchange.reach(dossier)}


def inside(request, dossier, *, form=None, most=FEW_NOTES):
    rows, is_cut = exchange.notes(dossier, most=most)
    closed = exchange.why_not(request.user, dossier, at=timezone.now(), is_internal=True)
    return {
        "notes": rows, "is_cut": is_cut, "closed": closed,
        "form": form or NoteForm(), "window": window_for(request), "most_files": exchange.MOST_FILES, **limits(),
    }  # fmt: skip


def message_page(request, office, pk):
    dossier, is_post = office._dossier(request, pk), request.method == "POST"
    form = MessageForm(request.POST, request.FILES) if is_post else again(request, MessageForm)
    if is_post and sent(request, dossier, form, exchange.send, page=request.path):
        messages.success(request, _("Đã gửi tin nhắn cho người nộp."))
        return redirect(f"{_file(dossier)}#trao-doi")
    shown = {"dossier": dossier, "form": form, "talk": board_talk(request, dossier, form=form, most=MANY)}
    return office._page(request, "message", _("Trao đổi với người nộp"), status=_status(form), **shown)


def note_page(request, office, pk):
    dossier, is_post = office._dossier(request, pk), request.method == "POST"
    form = NoteForm(request.POST, request.FILES) if is_post else again(request, NoteForm)
    if is_post and sent(request, dossier, form, exchange.note, page=request.path):
        messages.success(request, _("Đã lưu ghi chú nội bộ."))
        return redirect(f"{_file(dossier)}#ghi-chu")
    shown = {"dossier": dossier, "form": form, "inside": inside(request, dossier, form=form, most=MANY)}
    return office._page(request, "note", _("Ghi chú nội bộ"), status=_status(form), **shown)


def _status(form):
    return 409 if form.non_field_errors() else 200


def _file(dossier):
    return reverse("admin:onestop_dossier_change", args=[dossier.pk])


def file_page(request, office, pk, message, file):
    """A file of a message or of a note, for the board."""
    dossier = office._dossier(request, pk)
    stored = exchange.file_of(dossier, message, file) or exchange.file_of(dossier, message, file, is_internal=True)
    if stored is None:
        raise Http404
    return documents.serve(stored, as_attachment="show" not in request.GET)


class MessageAdmin(ReadOnlyAdmin):
    """Messages and notes of the dossiers that this person may read."""

    list_display = ("at", "of_dossier", "by", "is_from_board", "is_internal", "begins", "read_at")
    list_display_links = None
    list_select_related = ("dossier", "by")
    list_filter = ("at", "is_internal", "is_from_board", ("read_at", admin.EmptyFieldListFilter))
    search_fields = ("dossier__folded",)
    fields = ("dossier", "at", "by", "is_from_board", "is_internal", "text", "read_at")

    def get_object(self, request, object_id, from_field=None):
        # Nothing is written, so nothing is locked: PostgreSQL locks no row that is ordered through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(dossier__in=Dossier.objects.visible_to(request.user))

    @admin.display(description=gettext_lazy("Hồ sơ"), ordering="dossier__code")
    def of_dossier(self, row):
        address = reverse("admin:onestop_dossier_change", args=[row.dossier_id])
        return format_html('<a href="{}">{}</a>', address, row.dossier)

    @admin.display(description=gettext_lazy("Nội dung"))
    def begins(self, row):
        return Truncator(row.text).chars(90)
