"""Pages are compressed for whoever reads that, files and streams are not."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from izportal.compression import PagesCompressed

pytestmark = pytest.mark.any_database
TEXT = "Khu công nghiệp Sông Công II. " * 100


def answered(rf, response, encoding="gzip"):
    return PagesCompressed(lambda request: response)(rf.get("/", headers={"accept-encoding": encoding}))


def test_a_page_is_compressed_and_reads_the_same(rf):
    response = answered(rf, HttpResponse(TEXT))
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == TEXT
    assert len(response.content) < len(TEXT.encode()) / 5


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream"])
def test_a_file_is_left_whole(rf, kind):
    response = answered(rf, HttpResponse(TEXT, content_type=kind))
    assert ("Content-Encoding" in response, response.content.decode()) == (False, TEXT)


def test_a_stream_is_left_as_it_is(rf, tmp_path):
    file = tmp_path / "quy-dat.csv"
    file.write_text(TEXT)
    for response in (StreamingHttpResponse([TEXT]), FileResponse(file.open("rb"))):
        assert "Content-Encoding" not in answered(rf, response)


def test_who_does_not_read_compressed_pages_gets_plain_ones(rf):
    assert answered(rf, HttpResponse(TEXT), encoding="identity").content.decode() == TEXT
