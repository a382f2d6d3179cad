"""A small portal with something of everything that is given away, and something that is not beside it."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from izportal.models import Act
from projects import ledger
from tests import factories
from tests.planting import planted
from zones.models import Phase, Plot, ZoneArea

MARK = "KHONG-CONG-KHAI"


def plant():
    """As on an ordinary day: whoever was asked about the plots has just confirmed them."""
    _plant()
    Plot.objects.update(confirmed_on=timezone.localdate())


@planted
def _plant():
    """Two zones; three public plots, one of them let; a project in force, one of an individual, and one ended."""
    factories.make_catalogue()
    Act.objects.update(title_vi="Luật Đầu tư")
    sc2 = factories.make_zone(latitude=Decimal("21.45"), longitude=Decimal("105.87"))
    factories.make_zone("yen-binh", "YB", "Yên Bình")
    ZoneArea.objects.create(zone=sc2, area_ha=Decimal("250.5"), effective_on=date(2014, 5, 1), is_stated=True)
    Phase.objects.create(zone=sc2, slug="g1", name_vi="Giai đoạn I", area_ha=Decimal(90))
    held = factories.make_plot("CN-01", zone=sc2)
    factories.make_plot(
        "CN-02", zone=sc2, price=Decimal("1250000.50"), price_currency="VND", price_basis="m2_term",
        price_on=date(2025, 1, 1), description_vi="=Góc đường, gần cổng.", description_en="A corner.",
        outline=[[430000, 2370000], [430200, 2370000], [430200, 2370100]],
    )  # fmt: skip
    factories.make_plot("CN-03", zone=sc2, on=date(2024, 1, 1))
    factories.make_plot(MARK, zone=sc2, is_published=False)
    let = factories.make_project("P-1", plot=held, enterprise=factories.make_enterprise(), on=date(2021, 5, 10))
    person = factories.make_investor(MARK, country="JP", kind="individual")
    factories.add_investor(let, person)
    ended = factories.make_project("P-2", zone=sc2, origin="ddi", on=date(2022, 1, 5))
    at = factories.at("2024-06-03 09:00")
    ledger.terminate(
        project=ended, basis=ledger.Basis("7/QĐ-BQL", date(2024, 6, 1)), by=None, at=at, note=MARK
    )  # fmt: skip
