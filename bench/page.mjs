// Measures the dashboard in Chromium: how soon its list is there, and how it scrolls.
//
//     PASSWORD=... node page.mjs BASE_URL USER ROUNDS ROWS
//
// Prints JSON: of each round the milliseconds to the first contentful paint and to an interactive list, with a cold cache,
// counted from the request for the page that shows it, the compressed bytes that were loaded by then; of frames, how many were
// drawn and how many took longer than 25 ms, here and on a blank page; and the largest heap in bytes.
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../dashboard/package.json", import.meta.url))("playwright-core");
const [baseURL, user, rounds, rowsWanted] = process.argv.slice(2);
const ROW_PIXELS = 44;
const WHEEL_PIXELS = 10 * ROW_PIXELS; // each frame: 26,000 pixels a second
const BLANK_MS = 3000;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--enable-precise-memory-info"];

/** In the page: when the list was there and answered to its user. */
function watchList() {
  const look = () => {
    if (!document.querySelector(".grid-rows .grid-row")) return requestAnimationFrame(look);
    // After the frame that shows it, as soon as an event would be heard.
    requestAnimationFrame(() => setTimeout(() => (window.interactiveAt = performance.now())));
  };
  requestAnimationFrame(look);
}

/** In the page: how long each frame took, and the heap. */
function watchFrames() {
  const seen = { frames: 0, slow: 0, heap: 0 };
  let before;
  const count = (now) => {
    if (before !== undefined) {
      seen.frames++;
      if (now - before > 25) seen.slow++;
    }
    before = now;
    seen.heap = Math.max(seen.heap, performance.memory.usedJSHeapSize);
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  window.seen = seen;
}

async function open(browser) {
  const context = await browser.newContext({ baseURL, locale: "en-US", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchList);
  return page;
}

/** Sign in at the address of the list, with nothing of the page in the cache when its answer comes. */
async function load(page) {
  const session = await page.context().newCDPSession(page);
  await page.goto("/customers");
  await page.locator("input[name=username]").fill(user);
  await page.locator("input[name=password]").fill(process.env.PASSWORD);
  await session.send("Network.clearBrowserCache");
  await page.locator("button").first().click();
  await page.waitForFunction(() => window.interactiveAt !== undefined);
  return page.evaluate(() => {
    const [document] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    const files = performance.getEntriesByType("resource").filter(({ name, startTime }) => name.includes("/assets/") && startTime < window.interactiveAt);
    if (files.some(({ transferSize }) => transferSize === 0)) throw new Error("a file came from the cache");
    const bytes = [document, ...files].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    return { paint: paint - document.fetchStart, interactive: window.interactiveAt - document.fetchStart, bytes };
  });
}

/** Turn the wheel until so many more rows have come from the service, or there are none. */
async function scroll(page, seek, rows, direction) {
  let came = 0;
  const count = (response) => {
    if (response.url().includes(`seekOperation=${seek}`)) came += 100;
  };
  page.on("response", count);
  while (came < rows && !(await page.evaluate(isAtEnd, direction))) await page.mouse.wheel(0, direction * WHEEL_PIXELS);
  page.off("response", count);
  return came;
}

/** In the page: nothing more can come in this direction. */
const isAtEnd = (direction) => {
  const grid = document.querySelector(".grid");
  const left = direction > 0 ? grid.scrollHeight - grid.clientHeight - grid.scrollTop : grid.scrollTop;
  return left < 1 && grid.getAttribute("aria-busy") === "false";
};

const firstName = (page) => page.locator(".grid-rows .grid-row a").first().textContent();

async function jump(page, key) {
  const before = await firstName(page);
  await page.locator(".grid").focus();
  await page.keyboard.press(key);
  await page.waitForFunction((name) => ![name, undefined].includes(document.querySelector(".grid-rows .grid-row a")?.textContent), before);
  await page.waitForFunction(() => document.querySelector(".grid").getAttribute("aria-busy") === "false");
}

async function measureScrolling(browser) {
  const page = await open(browser);
  await load(page);
  const first = await firstName(page);
  await page.locator(".grid").hover();
  await page.evaluate(watchFrames);
  const forward = await scroll(page, "next", Number(rowsWanted), 1);
  if (forward < Number(rowsWanted)) throw new Error(`the list ended after ${forward} rows`);
  await scroll(page, "previous", Infinity, -1);
  if ((await firstName(page)) !== first) throw new Error("the way back did not end where it began");
  await jump(page, "End");
  await jump(page, "Home");
  const seen = await page.evaluate(() => window.seen);
  if ((await firstName(page)) !== first) throw new Error("the list does not begin where it began");
  await page.context().close();
  return seen;
}

async function measureBlank(browser) {
  const page = await open(browser);
  await page.goto("about:blank");
  await page.evaluate(watchFrames);
  await page.waitForTimeout(BLANK_MS);
  const seen = await page.evaluate(() => window.seen);
  await page.context().close();
  return seen;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  const loads = [];
  for (let i = 0; i < Number(rounds); i++) {
    const page = await open(browser);
    loads.push(await load(page));
    await page.context().close();
  }
  const blank = await measureBlank(browser);
  console.log(JSON.stringify({ loads, blank, scrolling: await measureScrolling(browser) }));
} finally {
  await browser.close();
}
