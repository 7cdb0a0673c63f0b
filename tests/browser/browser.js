// What the tests in the browser share: Debian's Chromium, a user who signs in, and what every page must keep to.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { demo, run } = require('../clients/server.js');

const modules = path.resolve(__dirname, '../../dashboard/node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));
const axe = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP clientele.test 127.0.0.1',
];
const WAIT_MS = Number(process.env.WAIT_MS ?? 30000);

const launch = () => chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });

/** The paths of docs/openapi.yaml, as expressions. */
const documented = [...fs.readFileSync(path.resolve(__dirname, '../../docs/openapi.yaml'), 'utf8').matchAll(/^ {2}(\/\S*):$/gm)].map(
  ([, template]) => new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
);

/**
 * A page of its own, without cookies. What it complains about is collected in `page.complaints`, and what it asks for besides
 * the API that is documented.
 */
async function open(browser, base, options = {}) {
  const context = await browser.newContext({ baseURL: base, locale: 'en-US', reducedMotion: 'reduce', viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('request', (request) => {
    const { protocol, pathname } = new URL(request.url());
    if (protocol.startsWith('http') && !documented.some((expression) => expression.test(pathname))) page.complaints.push(`${pathname} is not documented`);
  });
  page.on('console', (message) => {
    // What the service refuses, the browser logs as well.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.complaints.push(message.text());
  });
  return page;
}

/** Fill the server's own sign-in page. */
async function fill(page, username = demo.user.username, password = demo.user.password) {
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button').first().click();
}

/** Go to an address, sign in on the way, and be there. */
async function goSignedIn(page, to, username, password) {
  await page.goto(to);
  await fill(page, username, password);
  await page.locator('main h1').waitFor();
}

/** The dialog on top, a field of it, and the way to another page. */
const dialogOf = (page) => page.locator('[role=dialog], [role=alertdialog]').last();
const field = (page, name, index = 0) => {
  const dialog = dialogOf(page);
  return dialog.getByRole('textbox', { name, exact: true }).or(dialog.getByRole('combobox', { name, exact: true })).nth(index);
};
const go = (page, link) => page.getByRole('navigation').getByRole('link', { name: link }).click();

/** The focus is in an element with this attribute, which is in sight. */
const focused = (page, attribute, value) =>
  page.waitForFunction(
    ([name, wanted]) => {
      const element = document.activeElement;
      const { top, bottom } = element.getBoundingClientRect();
      return element.getAttribute(name) === wanted && top >= 0 && bottom <= innerHeight && element.contains(document.elementFromPoint(element.getBoundingClientRect().left + 8, (top + bottom) / 2));
    },
    [attribute, value],
  );

/** Everything that a new customer in the United States needs. */
async function fillForm(page, { name, domain, country = 'United States', postalCode = '98052' }) {
  await field(page, 'Company name').fill(name);
  await field(page, 'Domain').fill(domain);
  await field(page, 'Country or region').selectOption({ label: country });
  await field(page, 'Email').fill('ada@contoso.example');
  await field(page, 'First name', 1).fill('Ada');
  await field(page, 'Last name', 1).fill('Byron');
  await field(page, 'Address').fill('1 Main St');
  await field(page, 'City').fill('Redmond');
  await field(page, 'State').selectOption('WA');
  await field(page, 'Postal code').fill(postalCode);
}

/** What axe finds wrong, once colours are where they go to. */
async function violations(page) {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map(({ finished }) => finished.catch(() => {})));
  });
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  // Fluent leads the focus around its dialogs by elements that are hidden from readers and never keep it.
  const { violations: found } = await page.evaluate(() => window.axe.run({ exclude: [["[data-tabster-dummy]"]] }));
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** The same in light and dark; light it is then. */
async function violationsInBoth(page) {
  const found = [];
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violations(page)).map((one) => `${colorScheme}: ${one}`));
  }
  return found;
}

/** What is open leaves the page in sight: over its brand lies a backdrop at most, which lets through. */
const isPainted = (page) =>
  page.evaluate(() => {
    const brand = document.querySelector('.brand');
    const { left, top } = brand.getBoundingClientRect();
    const all = document.elementsFromPoint(left + 4, top + 4);
    return all.includes(brand) && all.slice(0, all.indexOf(brand)).every((one) => getComputedStyle(one).backgroundColor.startsWith('rgba('));
  });

const APPLICATION = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const RESELLER = 'c7d9e1f2-30a4-4b5c-8d6e-7f8091a2b3c4';

/** The demo, with a reseller. */
function prepare() {
  run('init', '--demo');
  if (!run('app', 'list').includes(APPLICATION))
    run('app', 'add', '--partner', demo.domain, '--public', '--id', APPLICATION, '--redirect-uri', 'http://127.0.0.1/');
  run('partner', 'link', '--provider', demo.domain, '--reseller', RESELLER);
}

const images = path.resolve(__dirname, '../../docs/images');

/** With --screenshots: the page as the README shows it. */
async function takePictures(page, name) {
  if (!process.argv.includes('--screenshots')) return;
  const usual = page.viewportSize();
  for (const [width, height] of [[1440, 900], [360, 740]]) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(images, `${name}-${width}.png`) });
  }
  await page.setViewportSize(usual);
}

module.exports = { dialogOf, field, fill, fillForm, focused, go, goSignedIn, isPainted, launch, open, prepare, takePictures, violations, violationsInBoth };
