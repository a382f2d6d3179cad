"""A clerk types a dossier in, in a real browser: an enterprise that the register does not know, without e-mail, some
papers scanned and some held on paper, begun by one clerk and finished by another."""

import pytest

from onestop import papers, questions
from onestop.models import Dossier
from tests import factories
from tests.filling import Filler
from tests.journeys.test_pages import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIN = ".wl__btn.is-main"
FIRST_NOTE = {
    "channel": "counter", "org_name": "Công ty TNHH Mới", "org_address": "Sông Công",
    "org_representative": "Trần Văn Mới", "name": "Lê Thị Nộp", "identity": "019090000001", "capacity": "authorised",
    "authority": "Giấy ủy quyền 12/UQ", "phone": "0208 123 456",
}  # fmt: skip


@pytest.fixture
def clerks(portal):
    return [factories.make_staff("reception", full_name=name) for name in ("Phạm Thị Một", "Ngô Văn Hai")]


def looked_at(visitor):
    """The page, opened anew: sound for axe, and as wide as the window on a desk and on a phone."""
    check(visitor, visitor.page.url)
    here = visitor.page.viewport_size
    for width in (1440, 390):
        visitor.page.set_viewport_size({**here, "width": width})
        sizes = visitor.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert sizes[0] <= sizes[1], f"{visitor.path} scrolls sideways at {width}: {sizes}"
    visitor.page.set_viewport_size(here)
    return visitor


def begin(visitor):
    visitor.open("/admin/").press("a[href$='counter/new/']", inside="#content")
    looked_at(visitor).fill(q="cap lai").press("form[role=search] button", inside="#content")
    visitor.press("a[href*='1.009665']", inside="#content")
    looked_at(visitor).fill(tax_code="4600123456").press("form[method=get] button", inside="#content")
    looked_at(visitor).fill(**FIRST_NOTE).press(MAIN, inside="form[method=post]")
    return Dossier.objects.get()


def type_in(visitor, dossier, project, look=looked_at):
    """Every section, each with the button that goes on."""
    for section in questions.definition(dossier).sections:
        row = Dossier.objects.get(pk=dossier.pk)
        row.project = row.project or project
        sent = Filler(row, user=None).posted(section)
        look(visitor).fill(**sent).press(MAIN, inside="form[method=post]")


def hand_in(visitor, dossier):
    """The first paper is scanned, the others lie on the counter."""
    looked_at(visitor)
    dossier.refresh_from_db()
    first, *others = [demand.anchor for demand in papers.demands(dossier)]
    visitor.fill(**{first: "giay-to.pdf"}, **{f"held-{anchor}": "unscanned" for anchor in others})
    visitor.press(MAIN, inside="form[enctype]")


def test_dossier_is_begun_by_one_clerk_at_a_desk_and_received_by_another_on_a_phone(visit, portal, clerks):
    with visit(1440) as visitor:
        dossier = begin(visitor.admit(clerks[0]))
        project = factories.make_project(zone=factories.make_zone(), enterprise=dossier.enterprise)
        visitor.press("button[value=exit]", inside="form[method=post]")
    with visit(390) as visitor:
        looked_at(visitor.admit(clerks[1]).open("/admin/onestop/dossier/counter/"))
        visitor.press(".ce__list a", inside="#content")
        looked_at(visitor).press(".ce__parts li:nth-child(2) a", inside="#content")
        type_in(visitor, dossier, project)
        hand_in(visitor, dossier)
        looked_at(visitor).press(MAIN, inside="form[method=post]")
        looked_at(visitor).press(MAIN, inside="form[method=post]")
        visitor.press(".messagelist a", inside="#container")
        assert "Lê Thị Nộp, số định danh 019090000001" in visitor.text
    dossier.refresh_from_db()
    assert (dossier.status, dossier.channel, dossier.contact_email) == ("received", "counter", "")


def test_dossier_is_typed_in_without_javascript(visit, portal, clerks):
    enterprise = factories.make_enterprise(tax_code="4600123456", representative="Trần Văn Thử", address="Sông Công")
    project = factories.make_project(zone=factories.make_zone(), enterprise=enterprise)
    with visit(390, java_script_enabled=False) as visitor:
        visitor.admit(clerks[0]).open("/admin/onestop/dossier/counter/new/1.009665/?tax_code=4600123456")
        known = {name: value for name, value in FIRST_NOTE.items() if not name.startswith("org_")}
        visitor.fill(**known).press(MAIN, inside="form[method=post]")
        dossier = Dossier.objects.get()
        type_in(visitor, dossier, project, look=lambda visitor: visitor)
        assert visitor.path.endswith("/papers/")
