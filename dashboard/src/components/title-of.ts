import { ApiError } from '../api/error';
import type { MessageKey } from '../app/messages';

const TITLES: Readonly<Record<number, MessageKey>> = { 403: 'state.forbidden', 429: 'state.tooMany', 503: 'state.busy' };

/** What happened, in the user's language; the service's words, which stand behind it, are English. */
export function titleOf(error: unknown): MessageKey {
  if (!(error instanceof ApiError)) return 'state.broken';
  if (error.status === 0) return 'state.unreachable';
  // What is on the way knows when there are too many, but not who may do what.
  const title = error.isOfService || error.status !== 403 ? TITLES[error.status] : undefined;
  if (title) return title;
  if (!error.isOfService) return 'state.unexpected';
  return error.status >= 500 ? 'state.fault' : 'state.failed';
}
