// What the tests of client libraries share: a server of their own, the user in front of its pages, and TAP.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const tls = require('node:tls');

const START_MS = 60000;
const program = path.resolve(process.env.CLIENTELED ?? path.join(__dirname, '../../bin/clienteled'));

const demo = {
  tenant: '5b1c0a52-6f0e-4c1b-9d0f-3f6c7a1e2d40',
  domain: 'fabrikam.example',
  secretApplication: { id: '0f3b9a54-8d27-4b52-a6f5-2c9d1e7b8a60', secret: 'demo-secret-not-for-production' },
  publicApplication: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  redirect: 'http://localhost:8400/',
  user: { username: 'admin@fabrikam.example', password: 'demo-password-not-for-production' },
  audience: 'https://api.partnercenter.microsoft.com',
};

// ---- processes ------------------------------------------------------------------------------------------------

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clientele-clients-'));
const children = [];

// Every setting that the caller's environment might bring is left behind.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CLIENTELE_')));
environment.CLIENTELE_DATA = path.join(folder, 'store');
environment.CLIENTELE_STORE_MAP_SIZE = '16G';
environment.CLIENTELE_LOG_REQUESTS = 'false';

/** Run a command of clienteled to its end; what it printed. */
function run(...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env: environment, cwd: folder, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`clienteled ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** An application with a secret that takes codes at portal.redirect. */
const portal = { redirect: 'https://portal.fabrikam.example/back' };
function addPortal() {
  const printed = run('app', 'add', '--partner', demo.domain, '--name', 'A portal', '--redirect-uri', portal.redirect);
  portal.id = /^application +(\S+)$/m.exec(printed)[1];
  portal.secret = /^secret +(\S+)$/m.exec(printed)[1];
}

/** Start `clienteled serve`; its `host:port` once it is ready. */
function serve(...flags) {
  const args = ['serve', '--listen=127.0.0.1:0', '--ready-fd=3', ...flags];
  const child = spawn(program, args, { env: environment, cwd: folder, stdio: ['ignore', 'inherit', 'pipe', 'pipe'] });
  children.push(child);
  let said = '', ready = '';
  return new Promise((resolve, reject) => {
    const complain = (why) => reject(new Error(`clienteled serve ${why}\n${said}`));
    const timer = setTimeout(() => complain('did not start'), START_MS);
    child.on('error', reject);
    child.on('close', () => complain('ended at once'));
    child.stdio[2].on('data', (data) => (said += data));
    child.stdio[3].on('data', (data) => {
      ready += data;
      if (!ready.includes('\n')) return;
      clearTimeout(timer);
      resolve(ready.trim());
    });
  });
}

/**
 * Let these names lead to the server, over TLS, whatever port is asked for: what /etc/hosts and port 443 do for people.
 * Names are checked against the certificate all the same; only the authority of `dev-certs` is trusted.
 */
function lead(names, address, authority) {
  const connect = tls.connect;
  const [host, port] = address.split(':');
  tls.connect = (options, ...rest) => {
    const name = options.servername || options.host;
    if (!names.includes(name)) throw new Error(`nobody should ask ${name}`);
    return connect({ ...options, host, port: Number(port), servername: name, ca: authority }, ...rest);
  };
}

// ---- the user -------------------------------------------------------------------------------------------------

function ask(url, { method = 'GET', form, headers = {} } = {}) {
  const body = form && new URLSearchParams(form).toString();
  const sent = body === undefined ? headers : { ...headers, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).request(url, { method, headers: sent, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => (text += data));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A hidden field of a page. */
const hidden = (page, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1]?.replaceAll('&amp;', '&');

/** What a user does at a sign-in page; the last answer. */
async function signIn(url, user = demo.user) {
  const page = await ask(url);
  if (page.status !== 200) throw new Error(`the sign-in page is ${page.status}: ${page.headers.location ?? page.body}`);
  const cookie = page.headers['set-cookie'][0].split(';')[0];
  return ask(url, { method: 'POST', form: { form: hidden(page, 'form'), ...user }, headers: { Cookie: cookie } });
}

// ---- TAP ------------------------------------------------------------------------------------------------------

let cases = 0, failed = 0;

/** One case: ok unless `body` throws. */
async function test(name, body) {
  cases++;
  try {
    await body();
    console.log(`ok ${cases} - ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${cases} - ${name}`);
    for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
  }
}

/** Run the tests and end the process. */
function main(body) {
  body()
    .catch((error) => test('the tests ran to their end', () => { throw error; }))
    .finally(() => {
      console.log(`1..${cases}`);
      process.exit(failed ? 1 : 0);
    });
}

// Whatever ends this process, nothing that it started stays behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

module.exports = { addPortal, ask, demo, folder, hidden, lead, main, portal, run, serve, signIn, test };
