"""Headless Chromium over HTTPS: HTTP/2 takes away EventSource's limit of six, and nothing else changes."""

import base64
import hashlib
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from selenium.webdriver.common.by import By

from counting_proxy import CountingProxy
from secure_gateway import authority, secure  # noqa: F401 (fixtures)
from sse_client import stream_target
from test_browser import started_browser, wait

pytestmark = pytest.mark.timeout(120)
# Opens sources on the page's own origin, and notes what each gets.
OPEN = """
const [address, count] = arguments;
window.got = Array(count).fill("");
window.errors = Array(count).fill(0);
window.sources = window.got.map((_, index) => {
    const source = new EventSource(address);
    source.onmessage = (event) => {
        if (event.data === "[DONE]") { source.close(); }
        window.got[index] += event.data;
    };
    source.onerror = () => { window.errors[index] += 1; };
    return source;
});
"""


def fingerprint(certificate):
    """Of the certificate's key, as Chromium wants to be told of one that it shall trust."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    plain = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(plain).digest()).decode()


@pytest.fixture(scope="module")
def browser(secure):
    with started_browser(f"--ignore-certificate-errors-spki-list={fingerprint(secure.certificate)}") as driver:
        yield driver


@pytest.fixture
def open_page(browser):
    """Opens the product's page, and complains afterwards of whatever the browser has said."""
    def open_page(url):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(url + "/")
        wait(browser, lambda: browser.find_elements(By.ID, "send"))
    yield open_page
    said = browser.get_log("browser")
    browser.get("about:blank")
    assert not said, said


def protocols(browser):
    """By which protocols the page and its parts came."""
    return set(browser.execute_script(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((each) => each.nextHopProtocol).filter(Boolean)"))


def got(browser):
    return browser.execute_script("return window.got")


def got_at(browser):
    """With the page's own time, in milliseconds: a busy browser takes a while to answer."""
    return browser.execute_script("return [window.got, performance.now()]")


def close_all(browser):
    browser.execute_script("for (const each of window.sources) each.close()")


ENDLESS = stream_target("x" * 5000, model="echo", rate=20, ttft=0)


def test_twenty_sources_type_at_the_same_time_over_http2(browser, secure, open_page):
    open_page(secure.url)
    browser.execute_script(OPEN, ENDLESS, 20)
    wait(browser, lambda: all(got(browser)), 5, "some get nothing")
    (before, then), (after, now) = got_at(browser), time.sleep(1) or got_at(browser)
    due = 20 * (now - then) / 1000
    grown = [len(more) - len(less) for less, more in zip(before, after)]
    assert all(abs(each - due) < 10 for each in grown), f"they do not all type at their pace: {grown}, not {due}"
    assert protocols(browser) == {"h2"}
    close_all(browser)


def test_only_six_do_over_http1(browser, server, open_page):
    open_page(f"http://localhost:{server.port}")
    browser.execute_script(OPEN, ENDLESS, 20)
    wait(browser, lambda: sum(map(bool, got(browser))) == 6, 5, "six are not served")
    time.sleep(1.5)
    assert sum(map(bool, got(browser))) == 6, "more than a browser's six connections"
    assert protocols(browser) == {"http/1.1"}
    close_all(browser)


def test_the_chat_page_types_over_https_without_a_complaint(browser, secure, open_page):
    open_page(secure.url)
    assert browser.execute_script("return isSecureContext")
    wait(browser, lambda: browser.execute_script("return document.querySelectorAll('option').length") > 5)
    browser.execute_script("""
        const wishes = {model: "echo", unit: "character", rate: "60", prompt: "Typed: größer 你好"};
        for (const [name, value] of Object.entries(wishes)) {
            const field = document.getElementById(name);
            field.value = value;
            for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {bubbles: true}));
        }""")
    browser.find_element(By.ID, "send").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "article.answer[data-state=done]"))
    shown = browser.execute_script("return document.querySelector('article.answer .text').textContent")
    assert shown == "Typed: größer 你好" and protocols(browser) == {"h2"}


def test_a_stream_that_the_server_resets_is_resumed_on_the_connection_of_its_siblings(browser, secure, open_page):
    open_page(secure.url)
    text = "".join(chr(ord("a") + index % 26) for index in range(150))
    address = stream_target(text, model="echo", rate=40, ttft=0)
    browser.execute_script(OPEN, address, 1)
    browser.execute_script("""
        window.broken = "";
        window.source = new EventSource(arguments[0]);
        window.source.onmessage = (event) => {
            if (event.data === "[DONE]") { window.source.close(); }
            window.broken += event.data;
        };""", address + "&fault=reset@20")
    wait(browser, lambda: browser.execute_script("return window.broken").endswith("[DONE]"), 45, "it is not resumed")
    assert browser.execute_script("return window.broken") == text + "[DONE]", "lost or doubled"
    assert got(browser) == [text + "[DONE]"] and browser.execute_script("return window.errors") == [0]
    # The browser's own word for what was broken is no complaint about the page.
    browser.get_log("browser")


def test_a_line_that_drops_is_resumed(browser, secure, open_page):
    line = CountingProxy(secure.port)
    try:
        open_page(line.url.replace("http:", "https:"))
        text = "".join(chr(ord("a") + index % 26) for index in range(120))
        browser.execute_script(OPEN, stream_target(text, model="echo", rate=40, ttft=0), 8)
        wait(browser, lambda: all(len(each) > 20 for each in got(browser)))
        line.drop()
        wait(browser, lambda: all(each.endswith("[DONE]") for each in got(browser)), 45, "they are not resumed")
        assert got(browser) == [text + "[DONE]"] * 8, "lost or doubled"
        browser.get_log("browser")
    finally:
        line.close()
