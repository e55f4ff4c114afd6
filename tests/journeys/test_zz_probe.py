import pytest
from tests.browser import assert_accessible
@pytest.mark.parametrize("js",[True,False])
def test_probe(new_page, live_site, js):
    page=new_page(width=360, javascript=js); page.goto(live_site.url)
    print(page.title(), page.locator("h2").all_inner_texts())
    page.locator("main a").first.click()
    print(page.url, page.title())
    assert_accessible(page)
    assert 0
