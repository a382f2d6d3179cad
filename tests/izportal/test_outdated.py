"""Translations older than their source: found in the history, told in public, waiting on the editor's desk."""

import pytest
from django.urls import reverse
from django.utils import translation

from izportal import outdated
from tests import factories
from zones.models import Plot, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def plot(make_plot):
    return make_plot("CN-05", description_vi="Nền đã san lấp.", description_en="Levelled ground.")


def rewrite(plot, **texts):
    for name, text in texts.items():
        setattr(plot, name, text)
    plot.save()
    return [(one.field, one.language) for one in outdated.of(plot)]


def test_both_written_at_once_is_not_older(plot):
    assert outdated.of(plot) == []


def test_a_changed_source_makes_its_translation_older(plot):
    assert rewrite(plot, description_vi="Nền đã san lấp, có hàng rào.") == [("description", "en")]
    assert outdated.of(plot)[0].since == plot.history.latest().history_date


def test_a_translation_that_follows_is_not_older_any_more(plot):
    rewrite(plot, description_vi="Nền đã san lấp, có hàng rào.")
    assert rewrite(plot, description_en="Levelled and fenced.") == []


def test_a_change_of_both_or_of_the_translation_alone_is_not_older(plot):
    assert rewrite(plot, description_vi="Có hàng rào.", description_en="Fenced.") == []
    assert rewrite(plot, description_en="Fenced ground.") == []


def test_a_change_of_a_number_makes_no_text_older(plot):
    assert rewrite(plot, term_until=2060) == []


def test_a_missing_translation_is_not_an_older_one(make_plot):
    assert rewrite(make_plot("CN-06", description_vi="Nền."), description_vi="Nền đã san.") == []


def test_whoever_finds_a_translation_still_right_says_so(plot, staff):
    rewrite(plot, description_vi="Nền đã san lấp xong.")
    editor = staff("land")
    assert (outdated.check(plot, by=editor), outdated.of(plot)) == (True, [])
    assert plot.history.latest().history_user == editor
    assert outdated.check(plot, by=editor) is False
    assert rewrite(plot, description_vi="Nền đã đổi.") == [("description", "en")]


def test_a_table_is_judged_as_its_rows_are(plot, make_plot, django_assert_num_queries):
    rewrite(plot, description_vi="Nền đã đổi.")
    make_plot("CN-06", description_vi="A", description_en="B")
    with django_assert_num_queries(1):
        found = outdated.in_table(Plot)
    assert found == {plot.pk: outdated.of(plot)}


def test_the_public_page_says_so_in_the_translation_only(client, plot):
    rewrite(plot, description_vi="Nền đã đổi.")
    pages = {}
    for language in ("vi", "en"):
        with translation.override(language):
            mark = translation.gettext("Bản dịch cũ hơn bản gốc")
            pages[language] = mark in client.get(plot.get_absolute_url()).content.decode()
    assert pages == {"vi": False, "en": True}


def test_an_older_translation_waits_on_the_desk_of_who_may_mend_it(client, staff):
    zone = factories.make_zone(status_note_vi="Đang xây dựng.", status_note_en="Being built.")
    zone.status_note_vi = "Đã xây dựng xong."
    zone.save()
    address = f"{reverse('admin:zones_zone_changelist')}?translation=older"
    desks = {}
    for role in ("editor", "reception"):
        client.force_login(staff(role))
        desks[role] = address in client.get("/admin/").content.decode()
    assert desks == {"editor": True, "reception": False}


def test_the_list_shows_the_rows_that_wait_and_takes_the_word(client, staff):
    zone = factories.make_zone(status_note_vi="Đang xây dựng.", status_note_en="Being built.")
    factories.make_zone("yen-binh", "YB", "Yên Bình")
    zone.status_note_vi = "Đã xây dựng xong."
    zone.save()
    client.force_login(staff("editor"))
    address = f"{reverse('admin:zones_zone_changelist')}?translation=older"
    assert list(client.get(address).context["cl"].queryset) == [zone]
    client.post(address, {"action": "translations_checked", "_selected_action": [zone.pk]})
    assert outdated.in_table(Zone) == {}
