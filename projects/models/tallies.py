"""What the figures are read from: the effect of each project day by day, and its sums by month and by year. All of it
follows from the register and can be made anew at any time; written only by `projects/figures/posting.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.people import Sector
from projects.models.register import Project
from zones.models import Zone

# What is summed. A change counts `one`, `life` what it does to the number of projects; `born` is the day of the
# certificate as a number, `paused` and `unowned` count projects that are suspended or without an enterprise,
# `dollars` is the capital at the rates of the decisions and `unrated` the entries that state none, all four of
# projects in force.
COUNTS = ("one", "life", "born", "paused", "unowned", "unrated")
AMOUNTS = ("usd", "vnd", "area", "dollars")
MEASURES = (*COUNTS, *AMOUNTS)
# What the rows of a sum have in common.
PLACE = ("zone_id", "sector_id")
CLASS = ("is_sample", *PLACE, "origin", "country", "stands_as", "side", "is_own")


def _of(model, **options):
    """A row that may have gone: what refers to it is made anew then."""
    return models.ForeignKey(
        model, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options
    )


def _count():
    return models.BigIntegerField(default=0)


def _amount():
    return models.DecimalField(max_digits=26, decimal_places=2, default=0)


class Measured(models.Model):
    """`country` is empty for what counts whatever the investors; `is_own` tells what happened under this class from
    what the class took over from another, or gave to it."""

    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, editable=False)
    zone = _of(Zone)
    sector = _of(Sector)
    origin = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True, default="")
    stands_as = models.CharField(max_length=20)
    side = models.SmallIntegerField()
    is_own = models.BooleanField()

    one, life, born, paused, unowned, unrated = _count(), _count(), _count(), _count(), _count(), _count()
    usd, vnd, area, dollars = _amount(), _amount(), _amount(), _amount()

    class Meta:
        abstract = True


class Posting(Measured):
    """What one project adds from a day on, by what has been known since a moment: all postings up to a day and a
    moment add up to what stood on that day, as known at that moment."""

    project = models.ForeignKey(Project, models.DO_NOTHING, db_constraint=False, related_name="+")
    day = models.DateField(db_index=True)
    known_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("phần của dự án trong số liệu")
        verbose_name_plural = _("phần của dự án trong số liệu")
        default_permissions = ()

    def __str__(self):
        return f"{self.project_id} {self.day:%d/%m/%Y}"


class Tally(Measured):
    """A part of the postings of a month, or of the year that begins with it; the parts add up to the postings. All is
    there by zone and sector and once more without, for questions that ask for neither."""

    zone = _of(Zone, null=True)
    sector = _of(Sector, null=True)
    month = models.DateField()
    is_year = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("số cộng theo tháng, theo năm")
        verbose_name_plural = _("số cộng theo tháng, theo năm")
        indexes = [models.Index(fields=["is_year", "month", "zone"], name="tally_by_time")]
        default_permissions = ()

    def __str__(self):
        return f"{self.month:%Y}" if self.is_year else f"{self.month:%m/%Y}"


class Unposted(models.Model):
    """A project that was written to since it was posted; put here by the database itself (`projects/version.py`)."""

    project_id = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = _("dự án chờ tính lại")
        verbose_name_plural = _("dự án chờ tính lại")
        default_permissions = ()

    def __str__(self):
        return str(self.project_id)
