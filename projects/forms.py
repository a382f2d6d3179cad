"""What a reader may ask of the register: the filters of the list of projects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from izportal.folding import LONGEST_QUERY
from izportal.lists import AsOfForm
from projects.models import Country, Project, Sector
from zones.forms import DATA
from zones.models import Zone

IN_FORCE, ANY = "in_force", "any"


class ProjectFilterForm(AsOfForm):
    """`on` and `known` are those of the figures, so that a figure can show the list of its records."""

    q = forms.CharField(label=_("Từ khóa"), max_length=LONGEST_QUERY)
    zone = forms.ChoiceField(label=_("Khu công nghiệp"), initial="")
    origin = forms.ChoiceField(
        label=_("Nguồn vốn"), initial="", choices=[("", _("FDI và DDI")), *Project.Origin.choices]
    )
    sector = forms.ChoiceField(label=_("Ngành (VSIC)"), initial="")
    country = forms.ChoiceField(label=_("Nước, vùng lãnh thổ của nhà đầu tư"), initial="")
    status = forms.ChoiceField(
        label=_("Tình trạng"),
        initial=IN_FORCE,
        choices=[
            (IN_FORCE, _("Còn hiệu lực (kể cả tạm ngừng)")),
            (ANY, _("Mọi tình trạng")),
            *[choice for choice in Project.Status.choices if choice[0] != IN_FORCE],
        ],
    )
    data = forms.ChoiceField(label=_("Dữ liệu"), initial="", choices=DATA)

    field_order = ["q", "status", "zone", "origin", "sector", "country", "on", "known", "data"]

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        countries = Country.objects.filter(investors__projects__isnull=False).distinct()
        sectors = Sector.objects.filter(projects__isnull=False).distinct()
        self._offer("zone", _("Mọi khu"), [(zone.slug, zone.short_name) for zone in Zone.objects.all()])
        self._offer("sector", _("Mọi ngành"), [(sector.code, str(sector)) for sector in sectors])
        self._offer("country", _("Mọi nước"), [(country.code, country.name) for country in countries])

    def _offer(self, name, everything, choices):
        self.fields[name].choices = [("", everything), *choices]

    @property
    def any_status_address(self):
        """The same question asked of projects of every status."""
        return self.address(status=ANY)
