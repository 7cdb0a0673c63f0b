import type { Fault } from './types';

/** What went wrong with a call, as the service told it; status 0: there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId: string,
    readonly code = 0,
    /** The members that offend, such as `BillingProfile.Email`. */
    readonly members: readonly string[] = [],
    /** These are the service's own words; something on the way, such as a proxy, has others. */
    readonly isOfService = code > 0,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const isFault = (body: unknown): body is Fault =>
  typeof body === 'object' && body !== null && 'code' in body && 'description' in body;

/** The service itself has told what became of the call. Without, it may have been made: no answer, or one by something on the way. */
export const isAnswered = (error: unknown) => error instanceof ApiError && error.status > 0 && error.isOfService;

/** What was refused stays refused; what had no answer, or went wrong over there, may pass. */
export const isPassing = (error: unknown) => error instanceof ApiError && error.status >= 500;

const memberOf = (path: string) => path.replace(/(^|\.)[a-z]/g, (letters) => letters.toUpperCase());

/** All that the service says stands beside these fields. */
export const isToldBeside = (error: unknown, paths: readonly string[]) =>
  error instanceof ApiError && error.members.length > 0 && error.members.every((member) => paths.some((path) => memberOf(path) === member));

/** What the service says of each field, by its path in the JSON. Its description has a sentence for each. */
export function errorsOf(error: unknown, paths: readonly string[]): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  if (!(error instanceof ApiError)) return errors;
  const roots = [...new Set(paths.map((path) => path.split('.')[0]))];
  const sentences = error.message.split(new RegExp(`(?<=\\.) (?=(?:${roots.join('|')})[ .])`));
  for (const path of paths) {
    if (!error.members.includes(memberOf(path))) continue;
    const own = sentences.find((sentence) => sentence.startsWith(`${path} `));
    errors[path] = own ? own.slice(path.length + 1) : error.message;
  }
  return errors;
}
