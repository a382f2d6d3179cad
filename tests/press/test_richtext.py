"""Rich text as it is kept."""

import unicodedata

import pytest

from izportal.press import richtext

pytestmark = pytest.mark.any_database

PK = "0b5c3a0e-7f0e-4c57-8b0a-0b5c3a0e7f0e"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p onclick='x()' style='color:red' class='a'>Chữ</p>", "<p>Chữ</p>"),
        ("<script>alert(1)</script><p>Chữ</p>", "<p>Chữ</p>"),
        ("<style>p{}</style><p>Chữ</p>", "<p>Chữ</p>"),
        ("<h1>Đề</h1><h6>Nhỏ</h6>", "<h2>Đề</h2><h4>Nhỏ</h4>"),
        ("<div>Chữ</div>", "<p>Chữ</p>"),
        ("<p><a href='javascript:x()'>Đây</a></p>", '<p><a rel="noopener nofollow">Đây</a></p>'),
        ("<p><a href='/quy-dat/'>Đất</a></p>", '<p><a href="/quy-dat/" rel="noopener nofollow">Đất</a></p>'),
        ('<img src="https://khac.example/a.png" alt="a"><p>Chữ</p>', "<p>Chữ</p>"),
        (f'<img src="/anh/{PK}/480.jpg" alt="Cổng khu">', f'<img src="/anh/{PK}/480.jpg" alt="Cổng khu">'),
        ("<p>Một</p><p> </p><p><br></p>", "<p>Một</p>"),
        ("Một đoạn.\n\nHai < ba", "<p>Một đoạn.</p>\n\n<p>Hai &lt; ba</p>"),
        ("", ""),
    ],
)
def test_text_keeps_what_the_list_allows(typed, kept):
    assert richtext.clean(typed) == kept


def test_tables_lists_and_marks_stay():
    text = '<table><caption>B</caption><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table>'
    text += "<ul><li>Một <mark>một nguồn</mark></li></ul>"
    assert richtext.clean(text) == text


def test_cleaning_twice_changes_nothing():
    once = richtext.clean("A & B\n\nC <b>d</b><div>e<script>f</script></div>")
    assert richtext.clean(once) == once


def test_letters_are_composed():
    assert richtext.clean(f"<p>{unicodedata.normalize('NFD', 'Điềm Thụy')}</p>") == "<p>Điềm Thụy</p>"


def test_words_are_apart_where_blocks_are():
    assert richtext.words("<h2>Một</h2><p>hai &amp; ba</p><ul><li>bốn</li></ul>") == "Một hai & ba bốn"
