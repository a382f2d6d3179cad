"""What a clerk does on the pages of counter entry, for the tests that meet there."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from onestop import counter, papers, questions
from onestop.models import Dossier
from tests import factories, uploads
from tests.filling import Filler

START = {
    "channel": "counter", "name": "Lê Thị Nộp", "identity": "019090000001", "capacity": "own", "language": "vi",
    "phone": "0208 123 456", "email": "lien-he@thep.example",
}  # fmt: skip
SPECIAL = {
    "1.009664": {"equity_share": "100", "area_m2": "1000"},
    "1.009647": {"new_capital_usd": "20000000", "needs_more_land": "no"},
}


def at_new(code, tax_code):
    return reverse("admin:counter_new", args=[code]) + f"?tax_code={tax_code}"


def page(name, dossier, *more):
    return reverse(f"admin:counter_{name}", args=[dossier.pk, *more])


def text(response):
    return response.content.decode()


def begin(client, code="1.009664", enterprise=None, **typed):
    """A draft of the counter, begun through the page."""
    enterprise = enterprise or factories.make_enterprise(representative="Trần Văn Thử", address="Thái Nguyên")
    known = set(Dossier.objects.values_list("pk", flat=True))
    answer = client.post(at_new(code, enterprise.tax_code), {**START, **typed})
    assert answer.status_code == 302, answer.context["form"].errors
    return Dossier.objects.exclude(pk__in=known).get()


def make_draft(by, *, email="", **fields):
    """A complete draft of the counter, as if its pages had been filled in."""
    fields = {"channel": "counter", "enterprise": factories.make_enterprise(), **fields}
    dossier = factories.make_dossier(by=by, **fields)
    dossier.answers[Dossier.HANDED_IN] = counter.HandedIn(name="Lê Thị Nộp", identity="019090000001").facts
    dossier.contact_name, dossier.contact_email = "Lê Thị Nộp", email
    dossier.save(update_fields=["answers", "contact_name", "contact_email"])
    return dossier


def type_in(client, dossier, plot=None, project=None):
    """Every section of the form through its page, as the clerk would."""
    for section in questions.definition(dossier).sections:
        row = Dossier.objects.get(pk=dossier.pk)
        row.plot, row.project = row.plot or plot, row.project or project
        filler = Filler(row, user=None, special=SPECIAL.get(row.procedure.code))
        sent = {**filler.posted(section), "version_no": row.version_no}
        answer = client.post(page("section", row, section.key), sent)
        assert answer.status_code == 302, (section.key, answer.context["form"].errors)
    return Dossier.objects.get(pk=dossier.pk)


def scan(dossier, **held):
    """A scan for each compulsory paper that is not held otherwise; of conditional ones it is said that none is due."""
    sent = {"version_no": dossier.version_no}
    for demand in papers.demands(dossier):
        how = held.get(demand.component.key.replace("-", "_"))
        if how or demand.may_be_not_due:
            sent[f"held-{demand.anchor}"] = how or "not_due"
        elif demand.must:
            sent[demand.anchor] = SimpleUploadedFile(
                f"{demand.component.key}.pdf", uploads.pdf_of(demand.component.key)
            )
    return sent


def enter(client, dossier, **more):
    dossier.refresh_from_db()
    return client.post(page("review", dossier), {"version_no": dossier.version_no, **more})


def receive(client, dossier):
    dossier.refresh_from_db()
    address = reverse("admin:onestop_dossier_step", args=[dossier.pk, "receive"])
    asked = client.get(address).context["form"].fields
    case = {"case": asked["case"].queryset.first().pk} if "case" in asked else {}
    return client.post(address, {"version_no": dossier.version_no, **case}, follow=True)
