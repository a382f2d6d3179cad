"""The pages on which one piece of a form is written: a section, a question, a column; copied, moved, taken out, given
to the procedures that share it. Part of `definitions.admin`."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import roles
from onestop import definitions
from onestop.definitions import edits
from onestop.definitions import sharing as definition_sharing
from onestop.definitions.forms import CopyForm, NoteForm, QuestionForm, SectionForm
from onestop.models import Definition
from onestop.shapes import say


def may_edit(user):
    return roles.may(user, "edit_form")


def may_publish(user):
    return roles.may(user, "publish_form")


def editing(view):
    """A page that changes a version in the making; one that is published, or gone, is not there to be changed."""

    @wraps(view)
    def page(self, request, pk, **address):
        if not may_edit(request.user):
            raise PermissionDenied
        definition = self._definition(request, pk)
        if definition.is_published:
            messages.info(request, _("Phiên bản này đã được ban hành nên không sửa được nữa."))
            return self._back(definition)
        if "place" in address:
            address["place"] = tuple(key for key in address["place"].split("/") if key)
        return view(self, request, definition, **address)

    return page


class PiecePages:
    """Mixed into the admin of definitions, which finds the version and shows the page."""

    def _keep(self, request, definition, body, seen, sentence):
        """Save a changed body; the sentence that keeps it from being saved, or nothing."""
        try:
            definitions.keep(definition, body, seen=seen, at=timezone.now())
        except definitions.DefinitionChanged as changed:
            return str(changed)
        self.log_change(request, definition, sentence)
        messages.success(request, sentence)
        return ""

    def _overtaken(self, form, sentence):
        """Told once, with what was typed still there: a second press saves it on top of what stands now."""
        form.add_error(None, sentence + " " + _("Những gì bạn gõ còn nguyên; hãy xem lại rồi lưu lần nữa."))
        form.data = form.data.copy()
        now = Definition.objects.filter(pk=form.definition.pk).values_list("version_no", flat=True).first()
        form.data["version_no"] = -1 if now is None else now

    @editing
    def edit_view(self, request, definition, place):
        piece = edits.find(definition.body, place)
        if piece is None or len(place) > len(edits.PARTS):
            raise Http404
        return self._piece_page(request, definition, place, piece)

    @editing
    def piece_add_view(self, request, definition, place=()):
        within = edits.find(definition.body, place)
        if within is None or len(place) >= len(edits.PARTS) or (len(place) == 2 and within.get("type") != "table"):
            raise Http404
        return self._piece_page(request, definition, (*place, ""), {})

    def _piece_page(self, request, definition, place, piece):
        kind = SectionForm if len(place) == 1 else QuestionForm
        form = kind(sent(request), definition=definition, place=place, piece=piece)
        if request.method == "POST" and form.is_valid():
            whole = form.whole()
            body = edits.put(definition.body, place, whole) if piece else edits.add(definition.body, place[:-1], whole)
            sentence = (_("Đã lưu: %(name)s.") if piece else _("Đã thêm: %(name)s.")) % {"name": name_of(whole)}
            problem = self._keep(request, definition, self._with_questions(body, place, whole), form.seen, sentence)
            if not problem:
                return self._back(definition, "/".join((*place[:-1], whole["key"])))
            self._overtaken(form, problem)
        title = name_of(piece) if piece else TITLES_OF_NEW[len(place) - 1]
        shared = definition_sharing.sharers(definition, piece) if piece and len(place) == 1 else []
        return self._show(request, "piece", title, definition, form=form, place=place, piece=piece, shared=shared)

    def _with_questions(self, body, place, whole):
        """A new section starts empty; a group that became something else has no columns any more."""
        if len(place) == 1 and "questions" not in whole:
            return edits.put(body, (whole["key"],), {**whole, "questions": []})
        if len(place) == 2 and whole["type"] != "table" and "columns" in whole:
            rest = {name: value for name, value in whole.items() if name not in ("columns", "row_name")}
            return edits.put(body, (place[0], whole["key"]), rest)
        return body

    @editing
    def note_view(self, request, definition):
        form = NoteForm(sent(request), definition=definition)
        if request.method == "POST" and form.is_valid():
            problem = self._keep(request, definition, form.whole(), form.seen, _("Đã lưu ghi chú của biểu mẫu."))
            if not problem:
                return self._back(definition)
            self._overtaken(form, problem)
        return self._show(request, "piece", _("Ghi chú của biểu mẫu"), definition, form=form, place=())

    @editing
    def copy_view(self, request, definition):
        """A section of another procedure's form in force, to begin with; what is asked here already is left out."""
        sources = dict(_sources(definition))
        form = CopyForm(sent(request), definition=definition, sources=_groups(sources))
        if request.method == "POST" and form.is_valid():
            section = _without_asked(sources[form.cleaned_data["source"]][1], definition.body)
            body = edits.add(definition.body, (), section)
            sentence = _("Đã chép: %(name)s.") % {"name": name_of(section)}
            problem = self._keep(request, definition, body, form.cleaned_data["version_no"] or 0, sentence)
            if not problem:
                return self._back(definition, section["key"])
            form.definition = definition
            self._overtaken(form, problem)
        return self._show(request, "piece", _("Thêm phần chép từ tờ khai khác"), definition, form=form, place=())

    @editing
    def remove_view(self, request, definition, place):
        piece = edits.find(definition.body, place)
        if piece is None:
            raise Http404
        problem = ""
        if request.method == "POST":
            sentence = _("Đã bỏ: %(name)s.") % {"name": name_of(piece)}
            body = edits.remove(definition.body, place)
            problem = self._keep(request, definition, body, seen_in(request), sentence)
            if not problem:
                return self._back(definition, "/".join(place[:-1]))
        return self._show(
            request, "remove", _("Bỏ khỏi tờ khai"), definition, piece=piece, problem=problem, name=name_of(piece)
        )

    @editing
    def move_view(self, request, definition, place):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        piece = edits.find(definition.body, place)
        if piece is None:
            raise Http404
        body = edits.move(definition.body, place, -1 if request.POST.get("to") == "up" else 1)
        sentence = _("Đã chuyển chỗ: %(name)s.") % {"name": name_of(piece)}
        if problem := self._keep(request, definition, body, seen_in(request), sentence):
            messages.error(request, problem)
        return self._back(definition, "/".join(place))

    @editing
    def share_view(self, request, definition, section):
        """Give a changed section to the other procedures that still have it as it was."""
        piece = edits.find(definition.body, (section,))
        if piece is None or not piece.get("shared"):
            raise Http404
        told = []
        if request.method == "POST":
            chosen = {int(value) for value in request.POST.getlist("procedure") if value.isdecimal()}
            told = definition_sharing.share(definition, piece, among=chosen, by=request.user, at=timezone.now())
            sentence = _("Nhận phần dùng chung từ %(code)s.") % {"code": definition.procedure.code}
            for procedure in (procedure for procedure, obstacle in told if not obstacle):
                self.log_change(request, procedure.definitions.get(published_at=None), sentence)
        rows, title = definition_sharing.sharers(definition, piece), _("Áp dụng cho thủ tục khác")
        can_share = any(not row.obstacle for row in rows)
        return self._show(
            request, "share", title, definition, name=name_of(piece), rows=rows, told=told, can_share=can_share
        )


TITLES_OF_NEW = (gettext_lazy("Thêm phần"), gettext_lazy("Thêm câu hỏi"), gettext_lazy("Thêm cột"))


def name_of(piece):
    return say(piece.get("label") or piece.get("title") or {}) or piece.get("key", "")


def sent(request):
    return request.POST if request.method == "POST" else None


def seen_in(request):
    text = request.POST.get("version_no", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _sources(definition):
    """(address, (procedure, section)) of every section in force elsewhere that this form has not got."""
    taken = {section["key"] for section in definition.body["sections"]}
    rows = Definition.objects.in_force(timezone.localdate()).exclude(procedure=definition.procedure)
    newest = {row.procedure_id: row for row in reversed(rows.select_related("procedure"))}
    for row in sorted(newest.values(), key=lambda row: row.procedure.number):
        for section in row.body["sections"]:
            if section["key"] not in taken:
                yield f"{row.procedure.code}:{section['key']}", (row.procedure, section)


def _groups(sources):
    """The sources as choices, grouped by procedure."""
    groups: dict[str, list] = {}
    for address, (procedure, section) in sources.items():
        groups.setdefault(str(procedure), []).append((address, name_of(section)))
    return list(groups.items())


def _without_asked(section, body):
    asked = {question["key"] for part in body["sections"] for question in part["questions"]}
    return {**section, "questions": [question for question in section["questions"] if question["key"] not in asked]}
