"""Facts that the portal shows with the mark that nobody has checked them against several sources."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import ZONE, Amount, Asked, Column, Indicator, Move, by_record
from izportal.models import Confidence, PlanTarget, SeriesBreak
from izportal.templatetags.figures import PIECES
from projects.models import ReportPeriod
from zones.models import ZoneArea


@dataclass(frozen=True)
class Unverified:
    """One row for each, as it stands now."""

    columns = (
        Column("kind", gettext_lazy("Loại")), Column("what", gettext_lazy("Nội dung")),
        Column("source", gettext_lazy("Nguồn")), Column("amount", gettext_lazy("Số lượng"), "number"),
    )  # fmt: skip

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        told = [(_("Diện tích khu"), str(row), row.source) for row in self._areas(asked)]
        if not asked.zone:
            told += [(_("Điểm gãy"), str(row), row.source) for row in SeriesBreak.objects.filter(is_verified=False)]
            told += [
                (_("Chỉ tiêu kế hoạch"), str(row), row.source) for row in PlanTarget.objects.filter(is_verified=False)
            ]
            periods = ReportPeriod.objects.exclude(confidence__in=Confidence.settled())
            told += [(_("Kỳ báo cáo"), str(row), row.basis) for row in periods]
        return [{"kind": kind, "what": what, "source": source, "amount": 1} for kind, what, source in told]

    @staticmethod
    def _areas(asked: Asked) -> Any:
        rows = ZoneArea.objects.as_known().exclude(confidence__in=Confidence.settled()).select_related("zone")
        return rows.filter(zone__slug=asked.zone) if asked.zone else rows

    def value(self, asked: Asked) -> Amount:
        return len(self.rows(asked))

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="what")


INDICATORS = (
    Indicator(
        "facts_unverified", gettext_lazy("Số liệu chưa đối chiếu"),
        gettext_lazy("Diện tích khu, điểm gãy, chỉ tiêu kế hoạch và kỳ báo cáo còn mang dấu chưa đối chiếu."), PIECES,
        Unverified(), owner="van-phong", filters=(ZONE,), is_of_today=True,
    ),
)  # fmt: skip
