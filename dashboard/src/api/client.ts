/** Calls to the service: ids, token, and what is to be done about refusals that pass. */
import { ApiError, isFault } from './error';
import { accessToken, forget, ownerOf, userStore } from './session';
import { createStore } from './store';

export interface CallOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** The same for a change that is sent once more, so that it is made once (api.md 2.3). */
  readonly requestId?: string;
}

export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

/** When the service, which has had too many requests, may be asked again; milliseconds since 1970, 0: now. */
export const throttledUntilStore = createStore(0);

/** A new token that is refused as well is not to be asked for again and again. */
const REFUSALS_MAX = 2;

const sleep = (milliseconds: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

async function send(path: string, options: CallOptions, requestId: string, token: string): Promise<Response> {
  const { method = 'GET', body, headers, signal } = options;
  try {
    return await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${token}`,
        'MS-RequestId': requestId,
        'MS-CorrelationId': crypto.randomUUID(),
        'MS-PartnerCenter-Client': 'Clientele Dashboard',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, String(error instanceof Error ? error.message : error), requestId);
  }
}

/** Wait as long as the service says, and let the page tell so. */
async function waitFor(response: Response, signal: AbortSignal | undefined) {
  const milliseconds = Math.max(1, Number(response.headers.get('Retry-After')) || 1) * 1000;
  throttledUntilStore.set(Date.now() + milliseconds);
  await sleep(milliseconds, signal);
  if (throttledUntilStore.get() <= Date.now()) throttledUntilStore.set(0);
}

async function failure(response: Response, requestId: string): Promise<ApiError> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const id = response.headers.get('MS-RequestId') ?? requestId;
  return isFault(body)
    ? new ApiError(response.status, body.description, id, body.code, body.data.map(String), true)
    : new ApiError(response.status, response.statusText || `HTTP ${response.status}`, id);
}

async function read(response: Response, requestId: string): Promise<unknown> {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    throw new ApiError(response.status, `HTTP ${response.status}, ${response.headers.get('Content-Type') ?? '-'}`, requestId);
  }
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const requestId = options.requestId ?? crypto.randomUUID();
  const owner = ownerOf(userStore.get());
  for (let refusals = 0; ; ) {
    const token = await accessToken();
    // What one user began is not done in another's name.
    if (ownerOf(userStore.get()) !== owner) throw new Error('Another user has signed in meanwhile.');
    const response = await send(path, options, requestId, token);
    if (response.status === 401 && refusals++ < REFUSALS_MAX) {
      forget(token);
      continue;
    }
    if (response.status === 429) {
      await waitFor(response, options.signal);
      continue;
    }
    if (!response.ok) throw await failure(response, requestId);
    return { body: (await read(response, requestId)) as T, headers: response.headers };
  }
}
