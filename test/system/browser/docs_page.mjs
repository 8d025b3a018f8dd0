// Visits /docs in Chromium and prints what it saw as one JSON object. Settings: URL, SCENARIO,
// CHROMIUM, NODE_MODULES, TOKEN, EMAIL, PASSWORD. What ought to come of it, test_docs_page.py says.
import { createRequire } from "node:module";

const { URL: base, SCENARIO, CHROMIUM, NODE_MODULES, TOKEN, EMAIL, PASSWORD } = process.env;
const require = createRequire(`${NODE_MODULES}/`);
const { chromium } = require("playwright-core");

const seen = { violations: [], consoleErrors: [], failedRequests: [], foreignRequests: [] };

async function listen(page) {
  page.on("console", (message) => {
    if (message.type() === "error") seen.consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => seen.consoleErrors.push(String(error)));
  page.on("requestfailed", (request) => seen.failedRequests.push(request.url()));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:")) seen.foreignRequests.push(url);
  });
  await page.exposeFunction("tellViolation", (text) => seen.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.tellViolation(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
}

// An operation of "/api/v1/properties", opened.
async function openOperation(page, method) {
  const block = page
    .locator(`.opblock-${method}`)
    .filter({ has: page.locator('.opblock-summary-path[data-path="/api/v1/properties"]') });
  await block.locator(".opblock-summary").first().click();
  await block.locator(".execute").waitFor();
  return block;
}

const openList = (page) => openOperation(page, "get");

async function pasteToken(page) {
  await page.locator(".auth-wrapper .authorize, button.authorize").first().click();
  await page.locator(".auth-container input").first().fill(TOKEN);
  await page.locator(".auth-btn-wrapper .authorize").first().click();
  await page.locator(".auth-btn-wrapper .btn-done").first().click();
}

async function execute(block) {
  await block.locator(".execute").click();
  const row = block.locator(".live-responses-table tbody tr.response");
  await row.first().waitFor();
  await block.page().waitForLoadState("networkidle");
  return {
    status: (await row.first().locator(".response-col_status").innerText()).trim().split(/\s/)[0],
    answer: await row.first().innerText(),
  };
}

const scenarios = {
  async render(page) {
    seen.title = await page.title();
    seen.operations = await page.locator(".opblock-summary-path").allInnerTexts();
    // Models and icons are drawn late; a violation there would be missed.
    await (await openList(page)).screenshot();
  },
  async inline(page, answer) {
    seen.policy = answer.headers()["content-security-policy"];
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.inlineRan = true";
      document.body.append(script);
    });
    await page.waitForTimeout(200);
  },
  async call(page) {
    Object.assign(seen, await execute(await openList(page)));
  },
  async authorize(page) {
    const block = await openList(page);
    seen.statusBefore = (await execute(block)).status;
    await pasteToken(page);
    await block.locator(".btn-clear").click();
    Object.assign(seen, await execute(block));
  },
  async publish(page) {
    await pasteToken(page);
    Object.assign(seen, await execute(await openOperation(page, "post")));
  },
  async login(page) {
    const block = await openList(page);
    seen.statusBefore = (await execute(block)).status;
    await page.locator(".auth-wrapper .authorize, button.authorize").first().click();
    const form = page.locator(".auth-container", { has: page.locator("#oauth_username") });
    await form.locator("#oauth_username").fill(EMAIL);
    await form.locator("#oauth_password").fill(PASSWORD);
    await form.locator(".auth-btn-wrapper .authorize").click();
    // The fields are gone then, and with them what the form is known by.
    await page.locator(".auth-container button", { hasText: "Logout" }).waitFor();
    await page.locator(".auth-btn-wrapper .btn-done").first().click();
    await block.locator(".btn-clear").click();
    Object.assign(seen, await execute(block));
  },
  async accessibility(page) {
    const { AxeBuilder } = require("@axe-core/playwright");
    // What swagger-ui draws is not ours to correct; the page around it is.
    const found = await new AxeBuilder({ page }).exclude("#swagger-ui > *").analyze();
    seen.rulesPassed = found.passes.length;
    seen.serious = found.violations
      .filter((one) => one.impact === "serious" || one.impact === "critical")
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
  },
};

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
try {
  // axe makes a page of its own in the context, so the context is ours to name.
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  await listen(page);
  const answer = await page.goto(`${base}/docs`);
  await page.locator(".opblock").first().waitFor();
  await scenarios[SCENARIO](page, answer);
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
