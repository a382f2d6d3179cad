"""The words of letters in the back office: every kind with its placeholders, an editor in both languages beside the
portal's own text, a letter to oneself to try it, and the past."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, outbox, wordings
from izportal.backoffice import LinesField, ReadOnlyAdmin
from izportal.wordings import Text

LONGEST = 8000


class WordingForm(forms.Form):
    """One letter in one language, checked against its placeholders."""

    subject = forms.CharField(label=gettext_lazy("Tiêu đề"), max_length=wordings.LONGEST_SUBJECT)
    body = LinesField(
        label=gettext_lazy("Nội dung"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, letter, language, row):
        text = Text(row.subject, row.body) if row else wordings.default(letter, language)
        super().__init__(
            data, prefix=language, initial={"subject": text.subject, "body": text.body, "seen": wordings.mark(row)}
        )
        self.letter, self.language, self.row, self.kept = letter, language, row, text
        self.name, self.default = languages.own_name(language), wordings.default(letter, language)
        for field in ("subject", "body"):
            self.fields[field].widget.attrs["lang"] = language

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors:
            for sentence in wordings.faults(self.letter, cleaned["subject"], cleaned["body"]):
                self.add_error("body", sentence)
        return cleaned

    @property
    def text(self):
        """What was typed, once it has been found sound; else what stands."""
        if not self.is_bound or not self.is_valid():
            return self.kept
        return Text(self.cleaned_data["subject"], self.cleaned_data["body"].strip())

    @property
    def shown(self):
        return wordings.preview(self.letter, self.text, language=self.language)

    @property
    def shown_default(self):
        return wordings.preview(self.letter, self.default, language=self.language)

    @property
    def is_own(self):
        return self.text != self.default

    @property
    def faults(self):
        """Of the text that stands: what has broken since it was written."""
        return wordings.faults(self.letter, self.row.subject, self.row.body) if self.row else []


class WordingAdmin(ReadOnlyAdmin):
    class Media:
        css = {"all": ["css/desk.css", "css/wording.css"]}

    def get_urls(self):
        pages = (
            ("<slug:kind>/", self.kind_view, "kind"),
            ("<slug:kind>/past/", self.past_view, "past"),
        )
        own = [path(at, self.admin_site.admin_view(view), name=f"izportal_wording_{name}") for at, view, name in pages]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or row.kind not in wordings.KINDS:
            raise Http404
        return redirect("admin:izportal_wording_kind", row.kind)

    def changelist_view(self, request, extra_context=None):
        """Every kind, whether the staff have worded it or not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = {(row.kind, row.language): row for row in self.get_queryset(request).select_related("changed_by")}
        broken = {row.pk for row in wordings.broken(rows.values())}
        groups: dict[str, list] = {}
        for letter in wordings.KINDS.values():
            theirs = [rows.get((letter.kind, language)) for language in languages.codes()]
            groups.setdefault(str(letter.group), []).append(
                {"letter": letter, "rows": theirs, "is_broken": any(row and row.pk in broken for row in theirs)}
            )
        return self._show(
            request,
            "list",
            _("Lời thư"),
            groups=groups,
            broken=len(broken),
            languages=[name for _code, name in languages.choices()],
        )

    def kind_view(self, request, kind):
        letter = self._letter(request, kind)
        is_post, may_edit = request.method == "POST", wordings.may_edit(request.user, letter)
        if is_post and not may_edit:
            raise PermissionDenied
        rows = wordings.stored(letter)
        forms = [
            WordingForm(request.POST if is_post else None, letter=letter, language=language, row=rows.get(language))
            for language in languages.codes()
        ]
        if is_post and (done := self._outcome(request, letter, forms)):
            return done
        return self._show(
            request, "kind", str(letter.name), letter=letter, forms=forms, may_edit=may_edit,
            facts=[{"name": name, "fact": fact} for name, fact in letter.facts.items()],
            is_previewed=is_post and "preview" in request.POST and all(form.is_valid() for form in forms),
        )  # fmt: skip

    def past_view(self, request, kind):
        letter = self._letter(request, kind)
        rows = list(wordings.past(letter)[:100])
        for row in rows:
            row.language_name = languages.own_name(row.language)
        return self._show(
            request, "past", _("Lời thư đã dùng: %(name)s") % {"name": letter.name}, letter=letter, rows=rows
        )

    def _letter(self, request, kind):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in wordings.KINDS:
            raise Http404
        return wordings.KINDS[kind]

    def _show(self, request, template, title, **context):
        whole = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media, **context,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/izportal/wording/{template}.html", whole)

    # Deeds

    def _outcome(self, request, letter, forms):
        """An answer where something was saved; None where the page is shown again with what was typed."""
        if language := request.POST.get("revert"):
            return self._reverted(request, letter, [form for form in forms if form.language == language])
        if not all(form.is_valid() for form in forms) or "preview" in request.POST:
            return None
        if language := request.POST.get("try"):
            self._try(request, letter, [form for form in forms if form.language == language])
            return None
        return self._saved(request, letter, {form.language: form.text for form in forms}, forms)

    def _reverted(self, request, letter, chosen):
        return self._saved(request, letter, {form.language: form.default for form in chosen}, chosen)

    def _saved(self, request, letter, texts, forms):
        seen = {form.language: form.data.get(form.add_prefix("seen"), "") for form in forms}
        try:
            with transaction.atomic():
                changed = wordings.save(letter, texts, seen=seen, by=request.user, at=timezone.now())
        except ValidationError as overtaken:
            messages.error(request, " ".join(overtaken.messages))
            return None
        told = _("Đã lưu: %(languages)s. Lời cũ còn trong lịch sử.")
        names = ", ".join(map(languages.own_name, changed))
        messages.success(request, told % {"languages": names} if changed else _("Không có gì thay đổi."))
        return redirect("admin:izportal_wording_kind", letter.kind)

    def _try(self, request, letter, chosen):
        """What was typed, with the examples, to whoever typed it."""
        for form in chosen:
            text = wordings.preview(letter, form.text, language=form.language)
            outbox.write(
                key=f"wording-test:{uuid.uuid4()}", kind="wording-test", email=request.user.email, user=request.user,
                subject=_("[Thử] %(subject)s") % {"subject": text.subject}, body=text.body, language=form.language,
            )  # fmt: skip
            messages.success(request, _("Đã gửi thư thử tới %(email)s.") % {"email": request.user.email})
