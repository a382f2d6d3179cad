"""Looking a dossier up without an account, by a code and the look-up code printed beside it."""

from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.guessing import WINDOW, Guesses
from onestop import amendments, papers, progress
from onestop.forms import TrackForm
from onestop.models import Dossier
from onestop.views.catalogue import limit_words
from onestop.views.following import clock_of

# Compared when no dossier has the code, so that a miss takes as long as a wrong pair.
NOBODY = "--------"


@never_cache
def track(request):
    """A miss and a wrong pair get the same answer. The codes come by POST, so that no log keeps them."""
    if request.method != "POST":
        form = TrackForm(initial={"code": request.GET.get("code", "").replace("\x00", "")[:40]})
        return render(request, "onestop/track.html", {"form": form})
    form = TrackForm(request.POST)
    context, guesses = {"form": form}, Guesses(request, "track")
    if guesses.are_too_many:
        form.add_error(None, _("Bạn đã tra cứu sai quá nhiều lần. Hãy thử lại sau một giờ."))
        response = render(request, "onestop/track.html", context, status=429)
        response["Retry-After"] = str(WINDOW)
        return response
    if form.is_valid():
        dossier = find_filed(form.cleaned_data["code"], form.cleaned_data["lookup"])
        if dossier is None:
            guesses.count()
        context |= _facts(dossier) if dossier else {"is_missed": True}
    return render(request, "onestop/track.html", context)


def find_filed(code, lookup):
    """The dossier that both codes name, or None; it takes as long for a wrong pair as for a miss."""
    filed = Dossier.objects.exclude(status=Dossier.Status.DRAFT).with_names().select_related("version")
    dossier = filed.filter(Q(code=code) | Q(reference=code)).first()
    kept = dossier.lookup if dossier else NOBODY
    return dossier if constant_time_compare(kept, lookup) and dossier else None


def _facts(dossier):
    """The least that says where it stands: no names, no papers."""
    now = timezone.now()
    events = list(dossier.events.filter(is_public=True))
    supplement = papers.open_supplement(dossier)
    has_answered, amended = bool(supplement and supplement.answered_at), amendments.shown(dossier)
    return {
        "dossier": dossier, "badge": progress.badge(dossier, has_answered=has_answered, amended=amended), "now": now,
        "national": progress.national(dossier), "stages": progress.stages(dossier, events),
        "amendments": amended, "limit": limit_words([dossier.case]), "first": dossier.promises.first(),
        **clock_of(dossier, now, supplement),
    }  # fmt: skip
