"""What an investor does with one plot, without JavaScript, by telephone; how public pages come over the line."""

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone, translation

from onestop.route import ONE_DAY
from tests import factories
from zones.models import FactSheet, Plot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    ("home",), ("statistics",), ("zones:zone_list",), ("zones:zone_detail", "song-cong-2"), ("zones:plot_list",),
    ("zones:plot_detail", "SC2-CN-05"), ("zones:plot_sheet", "SC2-CN-05"), ("onestop:procedure_list",),
    ("onestop:procedure_detail", "1.009664"), ("onestop:counter_record",),
)  # fmt: skip
# What moves while a page is being read, as browsers score it; below a tenth is good.
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value })).observe(
    {type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 150);
})"""
SMALL = """() => [...document.querySelectorAll("main button, main .btn, main input:not([type=hidden])")]
  .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.height < 24 || r.width < 24)
    && !e.closest("label"); }).map(e => e.outerHTML.slice(0, 80))"""


def test_an_investor_plans_prints_and_sees_what_changed(visit, portal):
    plot = Plot.objects.get(code="SC2-CN-05")
    Plot.objects.filter(pk=plot.pk).update(
        price=Decimal("92"), price_currency="USD", price_basis="m2_term", price_on=timezone.localdate()
    )
    soon = timezone.localdate() + ONE_DAY
    with visit(width=390, java_script_enabled=False) as investor:
        investor.open("/quy-dat/SC2-CN-05/").fill(origin="ddi", by=soon.isoformat(), months="6")
        investor.press("form.route button")
        assert ("Không kịp hoạt động từ" in investor.text, "6 tháng" in investor.text) == (True, True)
        investor.press("a[href$='/to-in/']")
        assert "92 USD mỗi m² cả thời hạn" in investor.text.replace("\N{NO-BREAK SPACE}", " ")
        Plot.objects.filter(pk=plot.pk).update(price=Decimal("97"))
        investor.open(FactSheet.objects.get().get_absolute_url())
        row = investor.page.locator("tr:has(th:text-is('Giá'))").inner_text().replace("\N{NO-BREAK SPACE}", " ")
        assert row.split("\t") == ["Giá", "92 USD mỗi m² cả thời hạn", "97 USD mỗi m² cả thời hạn"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_public_pages_are_light_still_and_at_home(visit, portal, language):
    factories.make_project("9811111111", plot=factories.make_plot("CN-06"))
    with translation.override(language):
        addresses = [reverse(name, args=args) for name, *args in PAGES]
    with visit(width=390) as reader:
        hosts = set()
        reader.page.on("request", lambda request: hosts.add(urlsplit(request.url)[:2]))
        found = {}
        for address in addresses:
            reader.open(address)
            worst = [v["id"] for v in Axe().run(reader.page).response["violations"]]
            found[address] = (worst, reader.page.evaluate(SMALL), reader.page.evaluate(SHIFT) < 0.1)
        assert found == dict.fromkeys(addresses, ([], [], True))
        assert {host for scheme, host in hosts if scheme != "data"} == {urlsplit(portal).netloc}
