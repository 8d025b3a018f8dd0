"""/docs in a real browser: swagger-ui renders under the page's Content-Security-Policy and its calls
work. The clicks are in browser/docs_page.mjs; here is what must come of them."""

import json
import os
import pathlib
import subprocess

import pytest

pytestmark = pytest.mark.embedded

HERE = pathlib.Path(__file__).resolve().parent
BROWSER_SECONDS_MAX = 150


def visit(parts, url, scenario, **settings):
    """Runs one scenario of browser/docs_page.mjs and gives what it saw."""
    node, modules, chromium = parts
    environment = dict(os.environ, URL=url, SCENARIO=scenario, CHROMIUM=chromium, NODE_MODULES=modules, **settings)
    done = subprocess.run([node, str(HERE / "browser" / "docs_page.mjs")], capture_output=True, text=True,
                          timeout=BROWSER_SECONDS_MAX, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def complaints(seen):
    return seen["violations"] + seen["consoleErrors"] + seen["failedRequests"] + seen["foreignRequests"]


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_the_page_renders_without_a_complaint(shared_server, browser_parts):
    seen = visit(browser_parts, shared_server.url, "render")
    assert seen["title"] == "Lifestyle Spaces API"
    assert any("/properties" in path for path in seen["operations"])
    assert complaints(seen) == []


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_the_policy_is_strict_and_would_be_seen_to_break(shared_server, browser_parts):
    seen = visit(browser_parts, shared_server.url, "inline")
    assert any("script-src" in text for text in seen["violations"]), seen
    policy = seen["policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_a_call_from_the_page_is_answered(shared_server, browser_parts):
    seen = visit(browser_parts, shared_server.url, "call")
    assert seen["status"] == "200"
    assert '"items"' in seen["answer"]
    assert complaints(seen) == []


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_authorize_sends_the_token_that_was_pasted(server, mint, browser_parts):
    closed = server(public=False)
    seen = visit(browser_parts, closed.url, "authorize", TOKEN=mint("ann", "seller"))
    assert seen["statusBefore"] == "401"
    assert seen["status"] == "200"
    assert seen["violations"] == []


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_the_example_of_a_body_is_published_from_the_page(server, mint, client, browser_parts):
    closed = server(public=False)
    seen = visit(browser_parts, closed.url, "publish", TOKEN=mint("ann", "seller"))
    assert seen["status"] == "201", seen["answer"]
    assert complaints(seen) == []
    assert len(client(closed, mint("ann", "seller")).get("/properties?owner=me").json()["items"]) == 1


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_authorize_logs_in_by_password(server, client, browser_parts):
    closed = server(public=False)
    who = {"email": "ann@example.com", "password": "Correct-Horse-7", "name": "Somebody"}
    assert client(closed).post("/auth/register", who).status_code == 201
    seen = visit(browser_parts, closed.url, "login", EMAIL=who["email"], PASSWORD=who["password"])
    assert seen["statusBefore"] == "401"
    assert seen["status"] == "200"
    assert seen["violations"] == []


@pytest.mark.timeout(BROWSER_SECONDS_MAX + 30)
def test_our_parts_of_the_page_are_accessible(shared_server, browser_parts):
    seen = visit(browser_parts, shared_server.url, "accessibility")
    assert seen["rulesPassed"] > 5
    assert seen["serious"] == []
