"""Pages of a list: which ones are worth a link, and what is told of one that does not exist."""

import pytest

from izportal.lists import page_of


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("1", [1, 2, "…", 100]),
        ("5", [1, "…", 4, 5, 6, "…", 100]),
        ("50", [1, "…", 49, 50, 51, "…", 100]),
        ("100", [1, "…", 99, 100]),
        ("101", [1, 2, "…", 100]),
    ],
)
def test_page_links_to_its_neighbours_and_both_ends(rf, asked, numbers):
    assert page_of(rf.get("/", {"page": asked}), range(2000)).numbers == numbers


@pytest.mark.parametrize("query", ["page=101", "page=0", "page=x", "page=1&page=2"])
def test_page_that_does_not_exist_says_so(rf, query):
    page = page_of(rf.get(f"/?{query}"), range(2000))
    assert (list(page), page.trouble) == ([], "Không có trang này trong danh sách.")


def test_known_count_is_not_asked_again(rf):
    assert page_of(rf.get("/"), range(2000), count=30).paginator.num_pages == 2
