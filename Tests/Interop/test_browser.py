"""Headless Chromium: a page from elsewhere that does what every tutorial does, and the product's own page."""

import contextlib
import http.server
import json
import re
import threading
import time
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from counting_proxy import CountingProxy
from sse_client import chat, fetch

pytestmark = pytest.mark.timeout(120)
TEXT = "Typed: größer 你好 👩‍💻 🇩🇪.\n- one\n- two  with  spaces\n\n    code\nThe end."
TUTORIAL = """<!doctype html><meta charset="utf-8"><title>Tutorial</title><link rel="icon" href="data:,">
<div id="out"></div>
<script>
  const source = new EventSource(ADDRESS);
  let errors = 0;
  source.onmessage = (event) => { document.getElementById("out").textContent += event.data; };
  source.onerror = (error) => { errors += 1; console.log("EventSource failed", error); };
</script>
"""


@contextlib.contextmanager
def started_browser(*arguments):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                     "--disable-background-networking", "--no-first-run", "--window-size=1100,800", *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(30)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def browser():
    with started_browser() as driver:
        yield driver


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Serves the tutorial's page, which asks `server.address`."""

    def do_GET(self):
        body = TUTORIAL.replace("ADDRESS", json.dumps(self.server.address)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    # One for all tests: the browser keeps a spare connection, which a second server would not get.
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 5500), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def line(server):
    """The way to the server, which counts what goes by."""
    proxy = CountingProxy(server.port)
    yield proxy
    proxy.close()


def wait(browser, condition, seconds=20, what="it does not happen"):
    return WebDriverWait(browser, seconds, poll_frequency=0.05).until(lambda _: condition(), what)


def watch(browser, element):
    """Notes in the page itself each text that the element has from now on: who looks from outside may look too seldom."""
    browser.execute_script(f"""
        const element = {element};
        window.seen = [element.textContent];
        new MutationObserver(() => window.seen.push(element.textContent))
            .observe(element, {{ childList: true, characterData: true, subtree: true }});""")


def watched(browser):
    return browser.execute_script("return window.seen")


class TestTutorialPage:
    """From port 5500, where editors' live servers serve pages: another origin."""

    @pytest.fixture
    def open_page(self, browser, elsewhere):
        def open_page(address):
            elsewhere.address = address
            browser.get(f"http://127.0.0.1:{elsewhere.server_port}/")

        yield open_page
        browser.get("about:blank")

    @staticmethod
    def shown(browser):
        return browser.execute_script("return document.getElementById('out').textContent")

    @staticmethod
    def wait_until_closed(browser):
        # The browser comes back after `retry`, gets 204, and gives up for good.
        wait(browser, lambda: browser.execute_script("return source.readyState") == 2, 45, "EventSource goes on for ever")

    def test_it_gets_the_whole_answer_once_and_makes_no_second_generation(self, browser, line, open_page):
        open_page(f"{line.url}/chat/stream?prompt={quote(TEXT)}&model=echo&rate=100&ttft=100")
        wait(browser, lambda: self.shown(browser).endswith("[DONE]"))
        self.wait_until_closed(browser)
        assert self.shown(browser) == TEXT + "[DONE]"
        assert line.generations() == 1 and len(line.stream_requests()) == 2
        assert line.answered(b"HTTP/1.1 204") == 1

    def test_a_dropped_line_is_resumed_by_the_browser_itself(self, browser, line, open_page):
        open_page(f"{line.url}/chat/stream?prompt={'abcdefghij' * 20}&model=echo&rate=40&ttft=0")
        wait(browser, lambda: len(self.shown(browser)) > 20)
        line.drop()
        wait(browser, lambda: self.shown(browser).endswith("[DONE]"), 45)
        assert self.shown(browser) == "abcdefghij" * 20 + "[DONE]", "lost or doubled"
        assert line.generations() == 1 and len(line.stream_requests()) == 2

    def test_a_stream_that_failed_ends_for_good_too(self, browser, line, open_page, server):
        open_page(f"{line.url}/chat/stream?prompt={'x' * 500}&model=echo&rate=20&ttft=0")
        wait(browser, lambda: len(self.shown(browser)) > 5)
        with line.lock:
            received = b"".join(bytes(each) for each in line.received).decode()
        (sid,) = set(re.findall(r"(?m)^id: (\w+)\.\d+$", received))
        assert fetch(server.port, "DELETE", f"/chat/streams/{sid}").status == 204
        self.wait_until_closed(browser)
        assert "[DONE]" not in self.shown(browser) and line.generations() == 1


class TestPage:
    @pytest.fixture
    def page(self, browser, line):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(line.url + "/")
        wait(browser, lambda: browser.find_elements(By.ID, "send"))
        # The list of models comes from the server.
        wait(browser, lambda: browser.execute_script("return document.querySelectorAll('#model option').length > 5 || "
                                                     "document.querySelectorAll('datalist option').length > 5"))
        yield Page(browser, line)
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        complaints = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"
                      or "Content Security Policy" in entry["message"] or "Refused to" in entry["message"]]
        browser.get("about:blank")
        assert not complaints, complaints

    def test_it_types_and_makes_one_request(self, page):
        page.ask(TEXT, rate=20)
        page.wait_for_state("typing", "done")
        seen = page.watch_until("done")
        assert page.text() == TEXT
        assert len(set(map(len, seen))) > 10, "it does not type, it appears"
        assert all(TEXT.startswith(each) for each in seen)
        assert page.line.generations() == 1 and len(page.line.stream_requests()) == 1
        assert page.number("frames") >= 40 and page.number("ttft") > 0 and page.number("p50") > 0
        page.assert_no_request_follows()

    def test_stop_ends_the_generation(self, page, server):
        page.ask("x" * 1000, rate=30)
        wait(page.browser, lambda: len(page.text()) > 10)
        sid = page.answer().get_attribute("data-stream-id")
        page.click("stop")
        page.wait_for_state("stopped")
        stopped = page.text()
        assert 10 < len(stopped) < 500
        # Not only the page but the generation has ended, so that nothing more is paid for.
        wait(page.browser, lambda: fetch(server.port, "GET", f"/chat/stream/{sid}").body.endswith(b"\n\n"))
        assert chat(server.port, path=f"/chat/stream/{sid}").fault["kind"] == "cancelled"
        assert page.text() == stopped and page.line.generations() == 1
        page.assert_no_request_follows()

    def test_cut_the_line_loses_and_doubles_nothing(self, page):
        text = "".join(f"{number} " for number in range(90))
        page.ask(text, rate=40)
        for cuts in (1, 2):
            grown = len(page.text()) + 15
            wait(page.browser, lambda: len(page.text()) > grown)
            page.click("cut")
            wait(page.browser, lambda: page.number("cuts") == cuts)
        page.wait_for_state("done", seconds=60)
        assert page.text() == text
        assert page.line.generations() == 1 and len(page.line.stream_requests()) == 3
        page.assert_no_request_follows()

    def test_a_line_that_drops_by_itself_is_resumed(self, page):
        text = "".join(f"{number} " for number in range(50))
        page.ask(text, rate=40)
        wait(page.browser, lambda: len(page.text()) > 15)
        page.line.drop()
        page.wait_for_state("done", seconds=45)
        assert page.text() == text and page.line.generations() == 1
        # The browser's own word for a lost connection is no complaint about the page.
        page.browser.get_log("browser")

    def test_two_questions_are_two_generations(self, page):
        for count, text in ((1, "first answer"), (2, "second answer")):
            page.ask(text, rate=100)
            page.wait_for_state("done")
            assert page.text() == text and page.line.generations() == count == len(page.line.stream_requests())

    def test_it_works_by_keyboard(self, page):
        page.set("model", "echo")
        page.set("rate", 100)
        prompt = page.browser.find_element(By.ID, "prompt")
        prompt.clear()
        prompt.send_keys("by keyboard")
        page.browser.find_element(By.ID, "send").send_keys(Keys.ENTER)
        page.wait_for_state("done")
        assert page.text() == "by keyboard"
        for name in ("prompt", "model", "unit", "rate", "send", "stop", "cut"):
            assert page.browser.find_element(By.ID, name).accessible_name, f"#{name} has no name for a screen reader"
        assert page.browser.find_elements(By.CSS_SELECTOR, "[aria-live], [role=log], [role=status]")

    @pytest.mark.parametrize("model", ["echo", "code", "markdown"])
    def test_phone_width_has_no_horizontal_scroll(self, page, model):
        page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True})
        page.ask("long" * 100, model=model, rate=2000)
        page.wait_for_state("done")
        width = "return [document.documentElement.scrollWidth, document.body.scrollWidth, window.innerWidth]"
        assert max(page.browser.execute_script(width)) <= 360
        for name in ("prompt", "send", "stop", "cut"):
            box = page.browser.find_element(By.ID, name).rect
            assert box["x"] >= 0 and box["x"] + box["width"] <= 360, (name, box)

    def test_dark_and_light(self, page):
        seen = set()
        for scheme in ("dark", "light"):
            page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})
            seen.add(page.browser.execute_script("return getComputedStyle(document.body).color"))
            running = page.browser.execute_script(
                "return document.getAnimations().filter(a => a.playState == 'running').length")
            assert running == 0, "reduced motion is not honoured"
        assert len(seen) == 2


class Page:
    """The product's page, by the ids that are its contract with these tests."""

    def __init__(self, browser, line):
        self.browser, self.line = browser, line

    def set(self, name, value):
        self.browser.execute_script(
            "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
            "for (const n of ['input', 'change']) e.dispatchEvent(new Event(n, {bubbles: true}));"
            "if (e.value != arguments[1]) throw Error(`#${arguments[0]} takes no ${arguments[1]}: ${e.value}`);", name, str(value))

    def ask(self, prompt, model="echo", unit="character", rate=50):
        for name, value in (("model", model), ("unit", unit), ("rate", rate), ("prompt", prompt)):
            self.set(name, value)
        before = len(self.browser.find_elements(By.CSS_SELECTOR, "article.answer"))
        self.click("send")
        wait(self.browser, lambda: len(self.browser.find_elements(By.CSS_SELECTOR, "article.answer")) > before
             or self.answer().get_attribute("data-state") in ("connecting", "typing"))

    def click(self, name):
        self.browser.find_element(By.ID, name).click()

    def answer(self):
        """The newest answer."""
        return self.browser.find_elements(By.CSS_SELECTOR, "article.answer")[-1]

    def text(self):
        return self.browser.execute_script(
            "return [...document.querySelectorAll('article.answer')].at(-1).querySelector('.text').textContent")

    def state(self):
        return self.answer().get_attribute("data-state")

    def wait_for_state(self, *states, seconds=25):
        wait(self.browser, lambda: self.state() in states, seconds, f"the page does not come to {states}")

    def watch_until(self, state):
        """All that the newest answer has shown until then."""
        watch(self.browser, "[...document.querySelectorAll('article.answer')].at(-1).querySelector('.text')")
        self.wait_for_state(state)
        return watched(self.browser)

    def number(self, name):
        digits = "".join(each for each in self.browser.find_element(By.ID, name).text if each.isdigit() or each == ".")
        return float(digits.strip(".") or 0)

    def assert_no_request_follows(self):
        """An EventSource that was not closed comes back after the `retry` it was told."""
        before = len(self.line.requests())
        time.sleep(min(max(self.line.retries()) / 1000 + 1, 31))
        assert len(self.line.requests()) == before, self.line.requests()[before:]
