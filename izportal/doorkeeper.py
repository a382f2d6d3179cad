"""What is put right about every request before anything reads it, what of its files is kept at all, and what is said
where nothing else speaks; what a form may hold is the form's own business."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


def middleware(get_response):
    def answer(request):
        # Forms are UTF-8 whatever their sender calls them: among Python's charsets are rot13 and zlib.
        if "charset" in request.content_params:
            request.encoding = "utf-8"
        # A quoted cookie can carry a NUL, which PostgreSQL takes for an error of the program.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return _spoken(request, get_response(request))

    return answer


def _spoken(request, response):
    """An address that takes forms only, opened like a page, as after signing in again: no empty page is shown."""
    if response.status_code != 405 or response.streaming or response.content or not request.accepts("text/html"):
        return response
    page = render(request, "405.html", status=405)
    page["Allow"] = response["Allow"]
    return page


class MembersOnly(FileUploadHandler):
    """Keeps no file of somebody who has not signed in: no such form asks for one, and none may fill the disk."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


class SizeGuard(FileUploadHandler):
    """Stops keeping a file where it passes the limit; the other files of the same form go on as usual.

    Stands before the handlers that keep, so that nobody fills the disk. `too_big` names the inputs that were cut.
    """

    def __init__(self, request, *, most: int):
        super().__init__(request)
        self.most = most
        self.too_big: dict[str, str] = {}

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > self.most:
            sentence = _("Tệp vượt mức cho phép %(limit)s. Hãy giảm dung lượng hoặc chia thành nhiều tệp.")
            self.too_big[self.field_name] = sentence % {"limit": filesizeformat(self.most)}
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
