"""What people from outside the board type into a form goes to the board as a proposal: a change set of one row, which
the keepers accept, pass to a second person where money is at stake, or leave. Stands before the admin in the bases."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import changesets, roles
from izportal.backoffice.forms import WHY


class Proposes:
    """For an admin of a table that comes in as a sheet; `resource_classes[0]` names it. `proposed_with` are columns
    without which the others cannot be read."""

    proposed_with: tuple[str, ...] = ()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        proposes = roles.only_proposes(request.user)
        if request.method == "POST" and proposes:
            row = self.get_object(request, unquote(object_id)) if object_id else None
            is_allowed = self.has_change_permission(request, row) if row else self.has_add_permission(request)
            form = self._typed(request, row) if is_allowed and (row or not object_id) else None
            if form is not None and form.is_valid() and form.changed_data:
                return self._proposed(request, form)
        told = {"proposes": proposes, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, told)

    def _typed(self, request, row):
        form = self.get_form(request, row, change=row is not None)
        return form(request.POST, request.FILES, instance=row)

    def _proposed(self, request, form):
        kind = self.resource_classes[0]
        resource = kind(request.user)
        fields, pk = resource.fields, form.instance.pk
        names = [name for name in fields if name in form.changed_data or name in self.proposed_with]
        cells = {name: fields[name].widget.render(form.cleaned_data[name]) for name in names}
        change_set = changesets.propose(
            kind=kind.name, rows=[cells], by=request.user, at=timezone.now(), note=form.cleaned_data.get(WHY, ""),
            record=resource.get_queryset().get(pk=pk) if pk else None,  # the form has written into its own
        )  # fmt: skip
        messages.success(request, _("Đã gửi đề xuất tới Ban; số liệu giữ nguyên cho tới khi Ban nhận."))
        return redirect("admin:izportal_changeset_change", change_set.pk)
