"""What is put right about every request before anything reads it; what a form may hold is the form's own business."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


def middleware(get_response):
    def answer(request):
        # Forms are UTF-8 whatever their sender calls them: among Python's charsets are rot13 and zlib.
        if "charset" in request.content_params:
            request.encoding = "utf-8"
        # A quoted cookie can carry a NUL, which PostgreSQL takes for an error of the program.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return get_response(request)

    return answer


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
