# SPDX-License-Identifier: Apache-2.0
"""The page that `typebar bench --html` writes, in headless Chromium: self-contained, whole, and without complaints."""

import re

import pytest

from bench_client import KnownSchedule, bench
from test_browser import browser  # noqa: F401 (a fixture)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def known():
    server = KnownSchedule()
    yield server
    server.end()


@pytest.fixture(scope="module")
def earlier(known, tmp_path_factory):
    """The JSON of a run."""
    file = tmp_path_factory.mktemp("earlier") / "report.json"
    assert bench(known.url(ttft=40, gap=10, count=20), concurrency=10, requests=60, json=file).code == 0
    return file


@pytest.fixture
def opened(browser, tmp_path):  # noqa: F811
    """Makes a report, and opens its page; nothing may have been asked of the net, or complained of."""

    def opened(*words, code=0, **flags):
        page = tmp_path / "report.html"
        result = bench(*words, html=page, **flags)
        assert result.code == code, result
        content = re.sub(r'xmlns="http://www.w3.org/[^"]*"', "", page.read_text())
        assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//", content)
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(page.as_uri())
        return result

    yield opened
    asked = browser.execute_script("return performance.getEntriesByType('resource').map((each) => each.name)")
    complaints = browser.get_log("browser")
    wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    browser.get("about:blank")
    assert not asked and not complaints, (asked, complaints)
    assert wide <= 0, f"{wide} pixels too wide"


def pictures(browser):  # noqa: F811
    """Width, height and count of drawn things of each picture that is seen."""
    return browser.execute_script("""
        return [...document.querySelectorAll("svg")].filter((each) => each.checkVisibility()).map((each) => {
            const box = each.getBoundingClientRect();
            return [box.width, box.height, each.querySelectorAll("path, polyline, rect, line, circle").length];
        })""")


def text(browser):  # noqa: F811
    return browser.execute_script("return document.body.innerText")


def test_it_shows_verdict_and_pictures(opened, browser, known):  # noqa: F811
    result = opened(known.url(ttft=40, gap=10, count=20, stall="9:400", every=5), concurrency=10, requests=60,
                    **{"assert": ["ttft.mean<10s", "errors<1%"]})
    said = text(browser)
    words = {"trusted": "trusted", "degraded": "degraded", "client_bound": "client"}
    assert words[result.verdict] in said[:600].lower(), said[:600]
    for word in ("ttft", "gap", "p99", "e2e", "stall"):
        assert word in said.lower(), word
    assert "ttft.mean<10s" in said, "assertions with a < in them"
    drawn = pictures(browser)
    assert len(drawn) >= 4 and all(width > 100 and height > 30 and things for width, height, things in drawn
                                   if height > 30), drawn
    assert sum(things for _, _, things in drawn) > 60
    assert browser.title.strip()
    assert not browser.execute_script("return document.querySelector('[src], link[href]:not([href^=\"data:\"])')")


def test_no_number_is_missing_in_a_picture(opened, browser, known):  # noqa: F811
    opened(known.url(ttft=40, gap=10, count=20), concurrency=5, requests=20)
    content = browser.page_source
    for word in ("NaN", "Infinity", "inf,", "undefined", "null"):
        assert word not in content, word


def test_it_compares_with_a_baseline(opened, browser, known, earlier):  # noqa: F811
    opened(known.url(ttft=90, gap=10, count=20), concurrency=10, requests=60, baseline=earlier)
    assert "baseline" in text(browser).lower()
    assert len(pictures(browser)) >= 4


def test_it_shows_two_servers(opened, browser, known):  # noqa: F811
    opened(known.url(ttft=40, gap=10, count=20), compare=known.url(ttft=70, gap=10, count=20), concurrency=10, requests=80)
    said = text(browser)
    assert "ttft=40" in said and "ttft=70" in said
    assert len(pictures(browser)) >= 4


def test_it_shows_a_sweep(opened, browser, known):  # noqa: F811
    opened(known.url(ttft=40, gap=10, count=10), sweep="2,4,8", duration="1s")
    assert len(pictures(browser)) >= 2


def test_it_can_be_written_where_nothing_came(opened, browser, known):  # noqa: F811
    opened(known.url(status=500), code=1, concurrency=2, requests=4)
    said = text(browser)
    assert "500" in said and "NaN" not in browser.page_source


def test_what_a_user_wrote_is_text_and_no_markup(opened, browser, known):  # noqa: F811
    opened(known.url(ttft=20, gap=5, count=5, note="%3Cscript%3Ealert(1)%3C/script%3E&q='\"<img/src=x>"), concurrency=2,
           requests=4)
    assert not browser.execute_script("return document.querySelector('img')")


def test_it_follows_the_dark_of_the_reader(opened, browser, known):  # noqa: F811
    opened(known.url(ttft=20, gap=5, count=5), concurrency=2, requests=4)
    ground = "return getComputedStyle(document.body).backgroundColor"
    seen = set()
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        seen.add(browser.execute_script(ground))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert len(seen) == 2, seen
