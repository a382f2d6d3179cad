"""What every page knows: its addresses in the other languages and whether the portal runs on sample data."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from izportal import languages
from izportal.models import User


def site(request):
    return {
        "languages": SimpleLazyObject(lambda: languages.of_page(request.get_full_path())),
        "site_url": settings.SITE_URL,
        "has_sample_data": SimpleLazyObject(User.objects.filter(is_sample=True).exists),
    }
