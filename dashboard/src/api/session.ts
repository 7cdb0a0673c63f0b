/**
 * Who is signed in. Authorization code with PKCE against the server's own authority. Tokens are in memory alone, so a reload
 * signs in again and comes back to where it was; sessionStorage holds only what belongs to a sign-in that is under way.
 */
import { challengeOf, claimsOf, randomText } from './pkce';
import { createStore } from './store';

export const CLIENT_ID = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const SCOPE = 'openid profile offline_access https://api.partnercenter.microsoft.com/user_impersonation';
const DISCOVERY = '/common/v2.0/.well-known/openid-configuration';
const UNDER_WAY = 'clientele.sign-in';
const WINDOW_PREFIX = 'window.';
const CHANNEL = 'clientele.sign-in';
/** Before a token ends, by so many seconds, a new one is asked for. */
const EARLY_SECONDS = 60;

export interface User {
  readonly name: string;
  readonly shown: string;
  readonly tenant: string;
  readonly roles: readonly string[];
}

interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
  /** What the entry of the history knew of that address. */
  readonly entry: unknown;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly idToken: string;
  readonly expiresAt: number;
}

interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  id_token: string;
  expires_in: number;
  error_description?: string;
}

interface Discovery {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint: string;
}

/** The authority's own words, and its code for them. */
export class SignInRefused extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

let tokens: Tokens | undefined;
let renewal: Promise<void> | undefined;
let discovery: Promise<Discovery> | undefined;
/** Those who wait until the user has signed in again. */
let waiting: (() => void)[] = [];

export const userStore = createStore<User | undefined>(undefined);
/** True while the user has to sign in again before the work can go on. */
export const signedOutStore = createStore(false);

/** Whose data this is: another user, or one of another partner, must not see it. */
export const ownerOf = (user: User | undefined) => user && `${user.tenant}/${user.name}`;

export const may = (user: User | undefined, ...roles: string[]) => roles.some((role) => user?.roles.includes(role));

export const redirectUri = () => `${location.origin}/`;

/** The authority may call itself by another name than the address bar does; the path is the same. */
const here = (endpoint: string) => location.origin + new URL(endpoint).pathname;

async function discover(): Promise<Discovery> {
  discovery ??= fetch(DISCOVERY).then((answer) => answer.json() as Promise<Discovery>);
  discovery.catch(() => (discovery = undefined));
  return discovery;
}

async function newAttempt(prefix: string): Promise<{ attempt: Attempt; url: string }> {
  const attempt: Attempt = {
    state: prefix + randomText(),
    nonce: randomText(),
    verifier: randomText(),
    returnTo: location.pathname + location.search,
    entry: history.state,
  };
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: redirectUri(),
    response_mode: 'query',
    scope: SCOPE,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await challengeOf(attempt.verifier),
    code_challenge_method: 'S256',
  });
  return { attempt, url: `${here((await discover()).authorization_endpoint)}?${query}` };
}

async function askForTokens(form: Record<string, string>): Promise<TokenAnswer | undefined> {
  const answer = await fetch(here((await discover()).token_endpoint), {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT_ID, ...form }),
  });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`HTTP ${answer.status}`);
  return answer.ok ? ((await answer.json()) as TokenAnswer) : undefined;
}

async function checkIdToken(idToken: string, nonce: string | undefined): Promise<User> {
  const claims = claimsOf(idToken);
  const issuer = (await discover()).issuer.replace('{tenantid}', String(claims.tid));
  if (claims.aud !== CLIENT_ID || claims.iss !== issuer || (nonce !== undefined && claims.nonce !== nonce))
    throw new Error('The token is not the answer to this sign-in.');
  const name = String(claims.preferred_username ?? claims.sub);
  return {
    name,
    shown: String(claims.name ?? name),
    tenant: String(claims.tid),
    roles: Array.isArray(claims.roles) ? claims.roles.map(String) : [],
  };
}

async function take(answer: TokenAnswer, nonce?: string) {
  const user = await checkIdToken(answer.id_token, nonce);
  tokens = {
    access: answer.access_token,
    refresh: answer.refresh_token,
    idToken: answer.id_token,
    expiresAt: Date.now() + (answer.expires_in - EARLY_SECONDS) * 1000,
  };
  userStore.set(user);
  signedOutStore.set(false);
  for (const goOn of waiting.splice(0)) goOn();
}

async function redeem(attempt: Attempt, answer: URLSearchParams) {
  const code = answer.get('code');
  if (answer.get('state') !== attempt.state) throw new Error('The answer belongs to another sign-in.');
  const refusal = answer.get('error') ?? '';
  if (!code) throw new SignInRefused(answer.get('error_description') ?? refusal, refusal);
  const redeemed = await askForTokens({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(),
    code_verifier: attempt.verifier,
  });
  if (!redeemed) throw new Error('The code was refused.');
  await take(redeemed, attempt.nonce);
}

/** Leave this page for the sign-in page; it leads back here. */
export async function signIn() {
  const { attempt, url } = await newAttempt('');
  sessionStorage.setItem(UNDER_WAY, JSON.stringify(attempt));
  location.replace(url);
}

/**
 * What to do with the address this page was opened at: a sign-in's answer is used up, and the address it began at restored.
 * @returns what finishes the sign-in, so that meanwhile a page can be drawn; undefined: the way leads elsewhere, to the sign-in
 * page, or back to the window that waits for this one.
 */
export async function arrive(): Promise<(() => Promise<void>) | undefined> {
  const answer = new URLSearchParams(location.search);
  const state = answer.get('state') ?? '';
  if (location.pathname !== '/' || !(answer.has('code') || answer.has('error'))) {
    await signIn();
    return undefined;
  }
  if (state.startsWith(WINDOW_PREFIX)) {
    new BroadcastChannel(CHANNEL).postMessage(location.search);
    window.close();
    return undefined;
  }
  const kept = sessionStorage.getItem(UNDER_WAY);
  sessionStorage.removeItem(UNDER_WAY);
  if (!kept) {
    history.replaceState(null, '', '/');
    await signIn();
    return undefined;
  }
  const attempt = JSON.parse(kept) as Attempt;
  history.replaceState(attempt.entry, '', attempt.returnTo);
  return () => redeem(attempt, answer);
}

/** Sign in in a window of its own, so that nothing on this page is lost. Call it from a click. */
export async function signInAgain() {
  const opened = window.open('about:blank', 'clientele-sign-in', 'popup,width=480,height=640');
  const { attempt, url } = await newAttempt(WINDOW_PREFIX);
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<string>) => {
    const answer = new URLSearchParams(data);
    if (answer.get('state') !== attempt.state) return;
    channel.close();
    void redeem(attempt, answer);
  };
  if (opened) opened.location.href = url;
}

export async function signOut() {
  const hint = tokens?.idToken ?? '';
  tokens = undefined;
  location.assign(`${here((await discover()).end_session_endpoint)}?${new URLSearchParams({ id_token_hint: hint })}`);
}

async function renew() {
  const answer = tokens && (await askForTokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh }));
  if (answer) return take(answer);
  tokens = undefined;
  signedOutStore.set(true);
  return new Promise<void>((goOn) => waiting.push(goOn));
}

/** A token that is good for a while yet. If need be this waits until the user has signed in again. */
export async function accessToken(): Promise<string> {
  while (!tokens || Date.now() >= tokens.expiresAt) {
    renewal ??= renew().finally(() => (renewal = undefined));
    await renewal;
  }
  return tokens.access;
}

/** The service refused this token: whoever asks next gets another. */
export function forget(token: string) {
  if (tokens?.access === token) tokens = { ...tokens, expiresAt: 0 };
}
