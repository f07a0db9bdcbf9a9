# SPDX-License-Identifier: Apache-2.0
"""Headless Chromium on the live page: its figures, its key, and how it comes back."""

import json
import uuid

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from api_client import ask
from counting_proxy import CountingProxy
from test_browser import browser, wait  # noqa: F401 (a fixture)

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def open_page(browser):  # noqa: F811
    """Opens the live page at a port; at the test's end the browser may have had nothing to complain of."""

    def open_page(port):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(f"http://127.0.0.1:{port}/live")
        return browser

    yield open_page
    browser.execute_script("sessionStorage.clear()")
    complaints = [entry for entry in browser.get_log("browser")
                  if entry["level"] == "SEVERE" and entry["source"] != "network"]
    browser.get("about:blank")
    assert not complaints, complaints


def text(page, name):
    return page.execute_script("return document.getElementById(arguments[0]).textContent", name)


def is_open(page):
    return page.find_element(By.TAG_NAME, "main").is_displayed()


def test_it_shows_what_the_server_does(open_page, gateway):
    server = gateway()
    page = open_page(server.port)
    wait(page, lambda: is_open(page))
    assert text(page, "status") == ""
    ask(server.port, "a b c")
    wait(page, lambda: "whole" in text(page, "ended") and text(page, "version") != "–")
    wait(page, lambda: int(page.execute_script(
        "return [...document.querySelectorAll('#ended div')].find((e) => e.textContent.includes('whole'))"
        ".lastElementChild.textContent")) == 1)


def test_it_asks_for_the_key_and_keeps_it_in_the_tab(open_page, gateway):
    key = "admin-" + uuid.uuid4().hex
    server = gateway(config=f"admin:\n  key: {key}\n")
    page = open_page(server.port)
    field = page.find_element(By.ID, "key")
    wait(page, field.is_displayed)
    assert field.get_attribute("type") == "password" and field.accessible_name and not is_open(page)
    field.send_keys("wrong", Keys.ENTER)
    wait(page, lambda: text(page, "key-problem"))
    assert not is_open(page)
    field.clear()
    field.send_keys(key, Keys.ENTER)
    wait(page, lambda: is_open(page))
    assert not field.is_displayed() and field.get_attribute("value") == ""
    wait(page, lambda: text(page, "uptime") not in ("", "–"))
    # The admin page of the same tab has it too, and this one still has it when it comes back.
    page.get(f"{server.url}/admin")
    wait(page, lambda: is_open(page))
    page.back()
    wait(page, lambda: is_open(page))
    kept = page.execute_script("return [Object.values(localStorage), document.cookie, location.href]")
    assert key not in json.dumps(kept) + page.page_source + server.said()


def test_it_comes_back_when_the_line_drops(open_page, gateway):
    proxy = CountingProxy(gateway().port)
    page = open_page(proxy.port)
    wait(page, lambda: is_open(page))
    for count in (2, 3):
        proxy.target = gateway().port  # a server that was started again counts from its own start
        proxy.drop()
        wait(page, lambda: "does not answer" in text(page, "status"), 10)
        assert page.find_element(By.TAG_NAME, "main").get_attribute("data-is") == "old"
        wait(page, lambda: text(page, "status") == "", 15, "it does not come back")
        assert len(proxy.requests("/live/events")) == count
        assert page.find_element(By.TAG_NAME, "main").get_attribute("data-is") is None
    proxy.close()
