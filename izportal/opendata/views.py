"""`/du-lieu/`: what the board gives away, what it means, and the files."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from izportal.api import problem
from izportal.kept_pages import kept
from izportal.opendata import asking, files, package, serving, versions
from izportal.opendata.asking import Question, QuestionForm, QuestionRefused
from izportal.opendata.catalogue import RESOURCES, or_404
from izportal.opendata.showing import shown

# What may be asked of every resource at once; each takes its part.
OF_ALL = ("as_of", "as_known", "data")


@kept(versions.of_all)
def opendata(request):
    """Each resource with its rows, its columns and its files, for the day asked."""
    form = QuestionForm(request.GET, takes=OF_ALL, choices={})
    return _page(request, form)


def _page(request, form, *, status=200):
    question = form.question if form.is_valid() and not form.errors else Question(on=timezone.localdate())
    context = {
        "form": form, "question": question, "resources": shown(question), "licence": package.LICENCE_TITLE,
        "licence_url": package.LICENCE["path"], "linked": package.linked_data(), "version": package.VERSION,
        "query": package.query(RESOURCES["projects"], question), "has_errors": bool(form.errors),
    }  # fmt: skip
    return render(request, "izportal/opendata.html", context, status=400 if form.errors else status)


@serving.open_to_all
def opendata_file(request, name, format):
    """One resource as a file, in one pass of the database."""
    resource = or_404(name)
    if format not in resource.formats:
        return problem(404, _("Tập dữ liệu này không có tệp dạng đó."))
    try:
        serving.count(request, "files")
        question = asking.read(request.GET, takes=resource.takes, choices=resource.choices)
    except (QuestionRefused, serving.TooManyCalls) as error:
        return _refused(request, error)

    def make():
        file = f"{resource.name}-{question.on:%Y%m%d}.{format}"
        headers = {"Content-Disposition": content_disposition_header(True, file),
                   **serving.answered(resource, question)}  # fmt: skip
        pieces = files.written(resource, format, resource.find(question), question)
        if resource.version is None:
            return HttpResponse("".join(pieces), content_type=files.TYPES[format], headers=headers)
        return serving.streamed(pieces, files.TYPES[format], headers)

    return serving.conditional(request, serving.version_of(resource, question, format), make)


def _refused(request, error):
    """Told on the page to whoever reads pages, and as a problem (RFC 9457) to programs."""
    if isinstance(error, serving.TooManyCalls):
        response = problem(429)
        response["Retry-After"] = str(error.wait)
        return response
    if "text/html" in request.headers.get("Accept", ""):
        form = QuestionForm(request.GET, takes=OF_ALL, choices={})
        form.is_valid()
        form.said = error.faults
        return _page(request, form, status=400)
    return problem(400, str(error), error.faults)


def _questions(request):
    """The question of each resource: what it takes of what was asked of all."""
    asked = asking.read(request.GET, takes=OF_ALL, choices={})
    return {row.name: asked.for_what(row.takes) for row in RESOURCES.values()}


@serving.open_to_all
def opendata_package(request):
    """The description of all files beside them."""
    try:
        questions = _questions(request)
    except QuestionRefused as error:
        return _refused(request, error)
    return JsonResponse(package.descriptor(questions), json_dumps_params={"ensure_ascii": False, "indent": 2})


@serving.open_to_all
def opendata_archive(request):
    """All files and their description as one archive, made while it is sent."""
    try:
        serving.count(request, "files")
        questions = _questions(request)
    except (QuestionRefused, serving.TooManyCalls) as error:
        return _refused(request, error)
    name = f"{package.NAME}-{questions['projects'].on:%Y%m%d}.zip"
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-cache",
               **serving.answered(RESOURCES["projects"], questions["projects"])}  # fmt: skip
    return serving.streamed(files.zipped(questions), "application/zip", headers)
