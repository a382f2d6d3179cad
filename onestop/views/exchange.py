"""The applicant's side of the exchange: reading what passed, writing to the board, opening a file of a message."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from izportal import documents
from onestop import exchange
from onestop.exchange.forms import MessageForm
from onestop.views.access import applicant_page, reader_page
from onestop.views.papers import limits, receive_uploads
from onestop.views.windows import SENT_TOO_LATE, keeps_typing, settle, unsent, window_for

# How many of the last messages stand on the dossier's page, and on the page of their own.
FEW, MANY = 10, 100


def talk(request, dossier, *, form=None, most=FEW):
    """What a page shows of the exchange; what is new on it counts as read from now on."""
    before = request.GET.get("before", "")
    older_than = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    seen = exchange.thread(dossier, user=request.user, most=most, before=older_than)
    now = timezone.now()
    exchange.mark_read(dossier, seen, by=request.user, at=now)
    closed = exchange.why_not(request.user, dossier, at=now)
    return {
        "thread": seen, "closed": closed, "message_form": form or MessageForm(), "window": window_for(request),
        "most_files": exchange.MOST_FILES, **limits(),
    }  # fmt: skip


@csrf_exempt
def dossier_messages(request, **address):
    """Files are measured while they come in; the inner page checks the token."""
    return receive_uploads(request, _messages_page, **address)


@keeps_typing
@applicant_page("view")
def _messages_page(request, dossier):
    if dossier.is_draft:
        return redirect(dossier)
    is_post = request.method == "POST"
    form = MessageForm(request.POST, request.FILES) if is_post else again(request, MessageForm)
    if is_post and sent(request, dossier, form, exchange.send, page=request.path):
        messages.success(request, _("Đã gửi tin nhắn đến cán bộ thụ lý."))
        return redirect(f"{dossier.get_absolute_url()}#trao-doi")
    context = {"dossier": dossier, "talk": talk(request, dossier, form=form, most=MANY)}
    return render(request, "onestop/dossier_messages.html", context, status=409 if form.non_field_errors() else 200)


def again(request, form):
    """An empty form, or one with what was sent after the session had ended."""
    typed = unsent(request)
    text = typed.get(form.WORDS, "") if typed else ""
    if text:
        messages.warning(request, SENT_TOO_LATE)
    return form(initial={form.WORDS: text})


def sent(request, dossier, form, deed, *, page):
    """Take what a form says by `exchange.send` or `exchange.note`; False where the form has something to say."""
    if sentence := request.size_guard.too_big.get(form.FILES):
        form.add_error(form.FILES, sentence)
    if not form.is_valid():
        return False
    try:
        deed(dossier, by=request.user, at=timezone.now(), page=page, **form.said)
    except exchange.FileRefused as refusal:
        form.add_error(form.FILES, str(refusal))
        return False
    except exchange.MessageRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    settle(request)
    return True


@require_safe
@reader_page
def message_file(request, dossier, message, file):
    stored = exchange.file_of(dossier, message, file)
    if stored is None:
        raise Http404
    return documents.serve(stored, as_attachment="show" not in request.GET)
