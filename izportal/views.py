"""Pages that look over every floor: home, and what machines ask for."""

from datetime import datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.db import Error, connection
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from izportal import languages
from izportal import statistics as figures
from izportal.indicators import Asked
from onestop.models import Procedure, ProcedureVersion
from projects.figures import counts_sample

MOST_ON_HOME = 5
# Behind sign-in or private by nature: nothing there for a search engine.
UNINDEXED = (
    "onestop:dossier_list",
    "onestop:opinion_list",
    "onestop:track",
    "onestop:counter_record_list",
    "account_login",
    "account_logout",
    "after_sign_in",
    "search",
    "press:question_list",
    "press:question_lookup",
)


def home(request):
    now, stated = timezone.now(), figures.statements()
    report = figures.report(Asked(timezone.localdate(now), is_sample=counts_sample()), at=now)
    context = {
        "report": report,
        "board": figures.board_statement(stated),
        "statements": stated,
        "procedures": _most_filed_procedures(timezone.localdate()),
    }
    return render(request, "izportal/home.html", context)


def _most_filed_procedures(today):
    """The procedures most filed in the last twelve months, then those that can be filed here and the catalogue's own
    order, each with its version in force. Counted once a day by each process: the order is told, not the counts."""
    key = f"most-filed-{today}"
    first = caches["pages"].get(key)
    if first is None:
        since = timezone.make_aware(datetime.combine(today - timedelta(days=365), time.min))
        first = list(Procedure.objects.most_filed(since=since).values_list("pk", flat=True)[:MOST_ON_HOME])
        caches["pages"].set(key, first)
    until = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    in_force = ProcedureVersion.objects.filter(until, valid_from__lte=today).order_by("-valid_from")
    versions = Prefetch("versions", in_force.prefetch_related("cases"), to_attr="in_force")
    rows = Procedure.objects.select_related("field").prefetch_related(versions).in_bulk(first)
    told = [rows[pk] for pk in first if pk in rows]
    return [(row, row.in_force[0].default_case() if row.in_force else None) for row in told]


@login_required
def after_sign_in(request):
    """Staff go to their desk, everyone else to their dossiers."""
    return redirect("admin:index" if request.user.is_staff else "onestop:dossier_list")


@never_cache
def healthz(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def robots(request):
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}"]
    for language in languages.codes():
        with translation.override(language):
            lines += [f"Disallow: {reverse(name)}" for name in UNINDEXED]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def bad_request(request, exception):
    return _refusal(None, 400)


def forbidden(request, exception):
    return _refusal(request, 403)


def not_found(request, exception):
    return _refusal(request, 404)


def server_error(request):
    """The page stands without context and database: either may be what failed."""
    return _refusal(None, 500)


def _refusal(request, status):
    """Django's own handlers read the form once more, and one that cannot be read may be what brought them up."""
    return render(request, f"{status}.html", status=status)
