"""The public pages of questions: those that everyone may read, the form, which needs no account, and the page behind
the secret address."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal import correspondence
from izportal.correspondence import token_of
from izportal.correspondence.pages import by_secret, erase_page, known_of
from izportal.guessing import Guesses, slow_down
from izportal.lists import page_of
from izportal.press import questions, readable
from izportal.press.models import Item, Question
from izportal.press.questions import figures
from izportal.press.questions.forms import AnswerFilterForm, LookupForm, QuestionForm
from izportal.press.readers import Reading
from izportal.press.secret import sent, takes_file
from izportal.site_search.excerpts import excerpt, marked

RATE = "questions_per_hour"


def _shown(at):
    rows = readable.of_kind(Item.Kind.ANSWER, language=get_language(), at=at)
    return rows.select_related("item__answer", "item__picture", "item__document", "original")


def answer_list(request):
    form, at = AnswerFilterForm(request.GET), timezone.now()
    context = {"form": form}
    if form.is_valid():
        query, topic = form.cleaned_data["q"], form.cleaned_data["topic"]
        rows = _shown(at).holding(query).annotate(came_at=Coalesce("published_at", "publish_at"))
        rows = rows.order_by("-item__answer__is_pinned", "-came_at", "-pk")
        page = page_of(request, rows.filter(item__answer__topic=topic) if topic else rows)
        for row in page.object_list:
            row.marked, row.excerpt = marked(row.title, query), excerpt(row.words, query) if query else ""
        context |= {"page_obj": page, "query": query}
    return render(request, "press/answer_list.html", context)


def answer_detail(request, slug):
    at = timezone.now()
    rows = _shown(at).prefetch_related("item__attachments__stored")
    edition = readable.at_address(rows, slug)
    if edition.item.slug != slug:
        return redirect(edition.item, permanent=True)
    related = _shown(at).filter(item__answer__topic=edition.item.answer.topic).exclude(item=edition.item_id)
    context = {"edition": edition, "reading": Reading(edition, get_language(), at), "related": related[:5]}
    return render(request, "press/answer_detail.html", context)


# Asking -------------------------------------------------------------------------------------------
@takes_file
@never_cache
def question_new(request):
    at = timezone.now()
    if request.method == "POST":
        form = QuestionForm(request.POST, files=request.FILES, user=request.user, at=at)
        if form.is_valid() and (question := _sent(request, form, at)) is not None:
            return redirect("press:question_detail", token_of(question))
        return _form_page(request, form, at, status=422)
    return _form_page(request, QuestionForm(user=request.user, at=at, initial=known_of(request.user)), at)


def _sent(request, form, at):
    sorry = _("Địa chỉ mạng của bạn vừa gửi quá nhiều câu hỏi. Hãy gửi lại sau một giờ.")
    take = partial(questions.ask, at=at)
    question = sent(request, form, model=Question, page="question", rule=RATE, take=take, sorry=sorry)
    if question is not None:
        messages.success(request, _("Đã nhận câu hỏi %(reference)s.") % {"reference": question.reference})
    return question


def _form_page(request, form, at, status=200):
    context = {"form": form, "due_at": correspondence.due(questions.RULE, at=at), "pace": figures.pace(at=at)}
    return render(request, "press/question_new.html", context, status=status)


@never_cache
@login_required
def question_list(request):
    """What the reader asked, and what was asked for their enterprises."""
    rows = Question.objects.none()
    if not request.user.is_staff:
        rows = Question.objects.visible_to(request.user).order_by("-asked_at")
    page = page_of(request, rows)
    for row in page.object_list:
        row.token, row.late = token_of(row), row.is_late(at=timezone.now())
    return render(request, "press/question_list.html", {"page_obj": page})


@never_cache
def question_lookup(request):
    """Whether there is such a question, only the owner of the address learns."""
    form = LookupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries = Guesses(request, "question-lookup")
        if tries.are_too_many:
            return slow_down(request)
        tries.count()
        questions.remember(form.cleaned_data["reference"], form.cleaned_data["email"], at=timezone.now())
        messages.success(
            request, _("Nếu mã và thư điện tử khớp với một câu hỏi, địa chỉ theo dõi đã được gửi đến hộp thư đó.")
        )
        return redirect("press:question_lookup")
    return render(request, "press/question_lookup.html", {"form": form}, status=422 if form.errors else 200)


# Behind the address -------------------------------------------------------------------------------
@by_secret(Question.objects.all())
def question_detail(request, token, question):
    at = timezone.now()
    published = readable.of_kind(Item.Kind.ANSWER, language=get_language(), at=at)
    context = {
        "question": question, "token": token, "is_late": question.is_late(at=at),
        "published": published.select_related("item").filter(item__answer__question=question).first(),
    }  # fmt: skip
    return render(request, "press/question_detail.html", context)


@by_secret(Question.objects.all())
def question_erase(request, token, question):
    done = _("Đã xóa tên, liên hệ và nội dung của câu hỏi %(reference)s.")
    return erase_page(
        request, token, question, "press/question_erase.html", erase=questions.erase, done=done,
        to="press:answer_list",
    )  # fmt: skip
