"""What every page knows: its address in the other language and whether the portal runs on sample data."""

from django.conf import settings
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from izportal.models import User


def site(request):
    other = "en" if get_language() == "vi" else "vi"
    return {
        "other_language": other,
        "other_language_url": translate_url(request.get_full_path(), other),
        "site_url": settings.SITE_URL,
        "has_sample_data": SimpleLazyObject(User.objects.filter(is_sample=True).exists),
    }
