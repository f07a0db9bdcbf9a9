# SPDX-License-Identifier: Apache-2.0
"""Headless Chromium on the admin page: what it shows of requests, scenarios and cadences, and what it never runs."""

import json
import time
import uuid

import pytest
from selenium.webdriver.common.alert import Alert
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from sse_client import fetch
from test_browser import browser, wait, watch, watched  # noqa: F401 (a fixture)

pytestmark = pytest.mark.timeout(120)
HOSTILE = "<img src=x onerror=\"window.ran='image'\"><script>window.ran='script'</script><b id=markup>bold</b>"
GREETING = """- name: {name}
  when: {{model: {model}}}
  reply:
    - text: Good morning!
"""


@pytest.fixture
def session():
    """A name of the test's own: all tests share one server and its log."""
    return f"s-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def open_page(browser):  # noqa: F811
    """Opens the page of a server; at the test's end the browser may have had nothing to complain of."""

    def open_page(server):
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get(f"http://127.0.0.1:{server.port}/admin")
        return AdminPage(browser, server)

    yield open_page
    ran = browser.execute_script("return window.ran ?? null")
    browser.execute_script("sessionStorage.clear()")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    # A refusal that a test asks for is in the log of the network; it is no complaint about the page.
    complaints = [entry for entry in browser.get_log("browser") if "Content Security Policy" in entry["message"]
                  or "Refused to" in entry["message"] or (entry["level"] == "SEVERE" and entry["source"] != "network")]
    browser.get("about:blank")
    assert ran is None, f"the page has run what a request held: {ran}"
    assert not complaints, complaints


@pytest.fixture
def page(open_page, server):
    page = open_page(server)
    page.wait_until_open()
    return page


class TestRequests:
    def test_a_request_is_listed_while_the_page_is_open(self, page, session):
        page.set("session", session)
        wait(page.browser, lambda: page.shown() == "" and page.rows() == [])
        page.ask(session, "hello", model="gpt-4o")
        row = page.row()
        for text in ("POST /v1/chat/completions", "gpt-4o", "openai_chat", session):
            assert text in row.text, text
        wait(page.browser, lambda: page.row().find_element(By.CLASS_NAME, "outcome").text.endswith("whole"))
        outcome = page.row().find_element(By.CLASS_NAME, "outcome")
        sign = outcome.find_element(By.CLASS_NAME, "sign")
        assert sign.text.strip() and sign.get_attribute("aria-hidden") == "true"
        assert outcome.value_of_css_property("color") != row.value_of_css_property("color"), "no colour"

    def test_a_row_opens_to_headers_and_body(self, page, session):
        page.ask(session, "open me", seed=9007199254740993, headers={"X-Trace": "trace-17"})
        page.set("session", session)
        button = page.row().find_element(By.TAG_NAME, "button")
        assert button.get_attribute("aria-expanded") == "false" and button.accessible_name
        button.send_keys(Keys.ENTER)
        detail = page.detail()
        assert button.get_attribute("aria-expanded") == "true"
        assert button.get_attribute("aria-controls") == detail.get_attribute("id")
        assert "trace-17" in detail.find_element(By.CLASS_NAME, "headers").text
        body = page.text_of(".detail pre")
        assert json.loads(body)["messages"] == [{"role": "user", "content": "open me"}]
        assert body.count("\n") > 5, "not set out in lines"
        assert "9007199254740993" in body, "a number has lost its last digits"
        # What is open stays open, however often the page looks at the log again.
        page.ask(session, "another")
        wait(page.browser, lambda: len(page.rows()) == 2)
        assert page.text_of(".detail pre") == body
        button.send_keys(Keys.ENTER)
        assert page.browser.find_elements(By.CLASS_NAME, "detail") == []

    def test_a_body_that_is_no_json_is_shown_as_it_came(self, page, session):
        page.ask(session, body=b'{"model": "gpt-4o", "messages": [}')
        page.set("session", session)
        page.open_row()
        assert page.text_of(".detail pre") == '{"model": "gpt-4o", "messages": [}'
        assert "refused 400" in page.row().text

    def test_the_key_of_a_request_is_masked(self, page, session):
        key = "sk-test-" + uuid.uuid4().hex
        page.ask(session, "hello", headers={"Authorization": f"Bearer {key}", "X-Api-Key": key})
        page.set("session", session)
        page.open_row()
        headers = page.text_of(".detail .headers")
        assert "authorization" in headers and "***" in headers
        assert key not in page.browser.page_source and key[8:-4] not in page.browser.page_source

    def test_what_the_client_did_afterwards_is_told_in_words(self, page, session):
        for _ in range(2):
            page.ask(session, "again", path="/v1/chat/completions?fault=status:503")
        page.set("session", session)
        wait(page.browser, lambda: len(page.rows()) == 2)
        wait(page.browser, lambda: "retried" in page.rows()[1].find_element(By.CLASS_NAME, "aftermath").text)
        assert page.rows()[0].find_element(By.CLASS_NAME, "aftermath").text == ""

    def test_requests_are_found_by_session_and_text(self, page, session):
        page.ask(session, "one", model="alpha-model")
        page.ask(session, "two", model="beta-model")
        page.ask(session + "-other", "three", model="alpha-model")
        page.set("session", session)
        wait(page.browser, lambda: len(page.rows()) == 2)
        page.set("filter", "ALPHA whole")
        wait(page.browser, lambda: [("alpha-model" in row.text) for row in page.rows()] == [True])
        assert page.shown() == "1 request."
        page.set("filter", "nothing-like-that")
        wait(page.browser, lambda: page.rows() == [])
        assert page.browser.find_element(By.ID, "none").is_displayed()

    def test_it_looks_at_the_log_only_while_it_is_live(self, page, session):
        page.set("session", session)
        page.click("live")
        time.sleep(0.5)  # a look that was on its way has ended
        page.ask(session, "unseen")
        time.sleep(2)
        assert page.rows() == []
        page.click("live")
        wait(page.browser, lambda: len(page.rows()) == 1)

    def test_a_reset_is_asked_for_and_forgets_all(self, open_page, gateway, session):
        page = open_page(gateway())
        page.wait_until_open()
        page.ask(session, "hello")
        page.row()
        page.click("reset")
        Alert(page.browser).dismiss()
        time.sleep(0.5)
        assert len(page.rows()) == 1
        page.click("reset")
        Alert(page.browser).accept()
        wait(page.browser, lambda: page.rows() == [])
        wait(page.browser, lambda: page.text_of("#outcomes [data-outcome=total] dd") == "0")

    def test_nothing_that_a_request_holds_is_run(self, page, session):
        page.ask(session, HOSTILE, model=HOSTILE, path=f"/v1/chat/completions?x=%3Cb%3E&{'y' * 3000}",
                 headers={"X-Trace": HOSTILE, "User-Agent": HOSTILE})
        page.ask(HOSTILE, HOSTILE)
        page.set("filter", "window.ran=")
        wait(page.browser, lambda: len(page.rows()) >= 2)
        for button in [row.find_element(By.TAG_NAME, "button") for row in page.rows()]:
            button.click()
        bodies = page.browser.find_elements(By.CSS_SELECTOR, ".detail pre")
        wait(page.browser, lambda: all(each.text for each in bodies))
        assert HOSTILE in page.text_of(".detail .headers") + page.text_of(".detail .facts")
        assert page.browser.find_elements(By.CSS_SELECTOR, "#markup, main img, main script, main [onerror]") == []


class TestKey:
    def test_it_asks_for_the_key_and_keeps_it_out_of_sight(self, open_page, gateway):
        key = "admin-" + uuid.uuid4().hex
        page = open_page(gateway(config=f"admin:\n  key: {key}\n"))
        field = page.browser.find_element(By.ID, "key")
        wait(page.browser, field.is_displayed)
        assert field.get_attribute("type") == "password" and field.accessible_name
        assert not page.browser.find_element(By.TAG_NAME, "main").is_displayed()
        field.send_keys("wrong", Keys.ENTER)
        wait(page.browser, lambda: page.text_of("#key-problem"))
        assert not page.browser.find_element(By.TAG_NAME, "main").is_displayed()
        field.clear()
        field.send_keys(key, Keys.ENTER)
        page.wait_until_open()
        assert not field.is_displayed() and field.get_attribute("value") == ""
        # The tab keeps it; nothing that outlives the tab does, nor the page's text or address.
        page.browser.refresh()
        page.wait_until_open()
        kept = page.browser.execute_script("return [Object.values(localStorage), document.cookie, location.href]")
        assert key not in json.dumps(kept) + page.browser.page_source


class TestScenarios:
    def test_one_is_added_used_and_removed(self, page, session):
        name = f"greeting {session}"
        page.add(GREETING.format(name=name, model=session))
        wait(page.browser, lambda: page.card(name))
        assert page.browser.find_element(By.ID, "yaml").get_attribute("value") == ""
        assert "not used yet" in page.card(name).text and session in page.card(name).text
        page.ask(session, "hello", model=session)
        wait(page.browser, lambda: "used 1 time" in page.card(name).text)
        page.set("session", session)
        assert name in page.row().text
        remove = page.card(name).find_element(By.TAG_NAME, "button")
        assert name in remove.accessible_name
        remove.click()
        Alert(page.browser).accept()
        wait(page.browser, lambda: page.card(name) is None)

    def test_a_broken_one_is_told_with_its_line_and_kept(self, page, session):
        yaml = f"- name: {session}\n  reply:\n    - text: fine\n- name: {session}-2\n  replay: wrong\n"
        page.add(yaml)
        wait(page.browser, lambda: page.text_of("#yaml-problem"))
        assert ":5:" in page.text_of("#yaml-problem") and "replay" in page.text_of("#yaml-problem")
        field = page.browser.find_element(By.ID, "yaml")
        assert field.get_attribute("aria-invalid") == "true" and field.get_attribute("value") == yaml
        assert "yaml-problem" in field.get_attribute("aria-describedby")
        selected = "const y = arguments[0]; return y.value.slice(y.selectionStart, y.selectionEnd)"
        assert page.browser.execute_script(selected, field) == "  replay: wrong"
        assert page.card(session) is None, "half of a broken text is taken"
        field.send_keys("x")
        assert page.text_of("#yaml-problem") == "" and field.get_attribute("aria-invalid") is None

    def test_explain_says_which_one_answers_and_why_others_do_not(self, page, session):
        page.add(GREETING.format(name=f"mine {session}", model=session)
                 + GREETING.format(name=f"other {session}", model="some-other"))
        wait(page.browser, lambda: page.card(f"other {session}"))
        try:
            page.set("body", json.dumps({"model": session, "messages": [{"role": "user", "content": "hello"}]}))
            page.click("ask")
            wait(page.browser, lambda: page.text_of("#verdict") == f"mine {session} answers it.")
            (other,) = [each for each in page.browser.find_elements(By.CSS_SELECTOR, "#verdicts li")
                        if f"other {session}" in each.text]
            assert "some-other" in other.text and session in other.text
            page.set("body", "{")
            page.click("ask")
            wait(page.browser, lambda: page.text_of("#body-problem"))
            assert page.text_of("#verdict") == ""
        finally:
            for name in (f"mine {session}", f"other {session}"):
                fetch(page.server.port, "DELETE", f"/admin/scenarios/{name.replace(' ', '%20')}")

    def test_a_request_of_the_log_is_explained(self, page, session):
        page.ask(session, "explain me", model=session)
        page.set("session", session)
        page.open_row()
        page.browser.find_element(By.CSS_SELECTOR, ".detail button.explain").click()
        wait(page.browser, lambda: "built-in answer" in page.text_of("#verdict"))
        body = page.browser.find_element(By.ID, "body").get_attribute("value")
        assert json.loads(body)["model"] == session


class TestCadence:
    def test_a_cadence_is_plotted(self, page):
        wait(page.browser, lambda: page.text_of("#plan-units") not in ("–", ""))
        for name, value in (("unit", "word"), ("cadence-name", "constant"), ("rate", "20"), ("pause", "0"),
                            ("ttft", "100"), ("text", "one two three four five")):
            page.set(name, value)
        wait(page.browser, lambda: page.text_of("#plan-units") == "5")
        assert page.text_of("#plan-p50") == "50\u00a0ms" and page.text_of("#plan-time") == "300\u00a0ms"
        assert not page.browser.find_element(By.ID, "jitter").is_enabled(), "a constant cadence has no jitter"
        for canvas in ("plan-plot", "gap-plot"):
            assert page.has_ink(canvas), f"{canvas} is empty"
            assert "ms" in page.browser.find_element(By.ID, canvas).get_attribute("aria-label")

    def test_a_seed_that_was_drawn_is_shown_and_gives_the_same_again(self, page):
        page.set("text", "the same seed types the same text in the same time, to the very millisecond")
        page.set("seed", "")
        wait(page.browser, lambda: page.text_of("#plan-seed") not in ("–", "", "1"))
        drawn = [page.text_of(f"#plan-{name}") for name in ("seed", "time", "p50", "p99", "mean")]
        page.set("seed", drawn[0])
        time.sleep(1)
        assert [page.text_of(f"#plan-{name}") for name in ("seed", "time", "p50", "p99", "mean")] == drawn

    def test_a_wrong_value_is_told_by_its_field(self, page):
        page.set("rate", "0.01")
        wait(page.browser, lambda: "rate" in page.text_of("#cadence-problem"))
        assert page.browser.find_element(By.ID, "rate").get_attribute("aria-invalid") == "true"
        page.set("rate", "10")
        wait(page.browser, lambda: page.text_of("#cadence-problem") == "")
        assert page.browser.find_element(By.ID, "rate").get_attribute("aria-invalid") is None

    def test_play_types_the_text_on_its_schedule(self, page):
        text = "Played, größer 👩‍💻, <b>letter</b> by letter."
        for name, value in (("unit", "character"), ("cadence-name", "constant"), ("rate", "25"), ("pause", "0"),
                            ("ttft", "0"), ("text", text)):
            page.set(name, value)
        wait(page.browser, lambda: page.text_of("#plan-units") == "42")
        began = time.monotonic()
        watch(page.browser, "document.getElementById('typed')")
        page.click("play")
        wait(page.browser, lambda: page.text_of("#typed") == text)
        assert time.monotonic() - began > 1 and len(set(watched(page.browser))) > 8, "it does not type, it appears"
        assert all(text.startswith(each) for each in watched(page.browser))
        wait(page.browser, lambda: page.text_of("#play") == "Play")


class TestForm:
    def test_every_control_has_a_name(self, page):
        controls = page.browser.find_elements(
            By.CSS_SELECTOR, "main :is(button, input, select, textarea, canvas, table)")
        assert len(controls) > 20
        nameless = [each.get_attribute("outerHTML")[:100] for each in controls
                    if each.is_displayed() and not each.accessible_name]
        assert not nameless, nameless

    def test_phone_width_has_no_horizontal_scroll(self, page, session):
        page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True})
        page.ask(session, "long" * 500, model="m" * 300, path="/v1/chat/completions?x=" + "y" * 1000,
                 headers={"X-Trace": "z" * 1000})
        page.set("session", session)
        page.open_row()
        width = "return [document.documentElement.scrollWidth, document.body.scrollWidth, window.innerWidth]"
        assert max(page.browser.execute_script(width)) <= 360
        window = page.browser.find_element(By.CSS_SELECTOR, ".window")
        assert page.browser.execute_script("return arguments[0].scrollWidth - arguments[0].clientWidth", window) <= 0

    def test_dark_and_light(self, page):
        seen = set()
        for scheme in ("dark", "light"):
            page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"}]})
            seen.add(page.browser.execute_script("return getComputedStyle(document.body).color"))
        assert len(seen) == 2


class AdminPage:
    """The page, by the ids that are its contract with these tests."""

    def __init__(self, browser, server):  # noqa: F811
        self.browser, self.server = browser, server

    def wait_until_open(self):
        wait(self.browser, lambda: self.browser.find_element(By.TAG_NAME, "main").is_displayed())

    def ask(self, session, prompt=None, model="gpt-4o", path="/v1/chat/completions", headers=(), body=None, **more):
        """What a client would ask of the mock, as fast as it can answer."""
        path += ("&" if "?" in path else "?") + "rate=0&ttft=0"
        body = body or {"model": model, "messages": [{"role": "user", "content": prompt}], **more}
        fields = {"X-Typebar-Session": session, "Content-Type": "application/json", **dict(headers)}
        return fetch(self.server.port, "POST", path, fields, body)

    def set(self, name, value):
        self.browser.execute_script(
            "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
            "for (const n of ['input', 'change']) e.dispatchEvent(new Event(n, {bubbles: true}));"
            "if (e.value != arguments[1]) throw Error(`#${arguments[0]} takes no ${arguments[1]}: ${e.value}`);",
            name, value)

    def click(self, name):
        self.browser.find_element(By.ID, name).click()

    def text_of(self, selector):
        """The text of all that match, in sight or not."""
        return self.browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent).join('\\n')", selector)

    def shown(self):
        return self.text_of("#shown")

    def rows(self):
        """The requests in sight, the newest first."""
        # In one step: the page may take a row away while it is looked at.
        return self.browser.execute_script(
            "return [...document.querySelectorAll('#request-table .summary')].filter((row) => row.checkVisibility())")

    def row(self):
        """The only request in sight."""
        wait(self.browser, lambda: len(self.rows()) == 1)
        return self.rows()[0]

    def open_row(self):
        self.row().find_element(By.TAG_NAME, "button").click()
        return self.detail()

    def detail(self):
        """What the opened row shows, once it has come."""
        wait(self.browser, lambda: self.text_of(".detail pre"))
        return self.browser.find_element(By.CLASS_NAME, "detail")

    def add(self, yaml):
        self.set("yaml", yaml)
        self.click("add")

    def card(self, name):
        """The scenario of this name in the list; None where it is not there."""
        return self.browser.execute_script(
            "return [...document.querySelectorAll('#scenario-list > li')]"
            ".find((card) => card.querySelector('strong').textContent === arguments[0]) ?? null", name)

    def has_ink(self, name):
        """Whether a canvas has something drawn in the colour of ink."""
        return self.browser.execute_script(
            "const c = document.getElementById(arguments[0]);"
            "const data = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            "let drawn = 0; for (let i = 3; i < data.length; i += 4) drawn += data[i] > 200;"
            "return drawn > 50;", name)
