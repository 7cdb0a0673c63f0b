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
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const isFault = (body: unknown): body is Fault =>
  typeof body === 'object' && body !== null && 'code' in body && 'description' in body;
