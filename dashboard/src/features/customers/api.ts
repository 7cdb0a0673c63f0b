import { call } from '../../api/client';
import type { CreatedCustomer, CustomerCollection, CustomerItem, CustomerToCreate } from '../../api/types';

export const PAGE_SIZE = 100;
const EXPORT_SIZE = 500;

/** Which customers. At most one of the three is asked for, as the service has it. */
export interface CustomerQuery {
  readonly name?: string;
  readonly domain?: string;
  readonly reseller?: string;
}

/** Where a page lies: at an end, at a name, or where a link of another page leads. */
export type Place =
  | { readonly at: 'first' | 'last' }
  | { readonly at: 'name'; readonly name: string }
  | { readonly at: 'next' | 'previous'; readonly token: string };

export interface CustomerPage {
  readonly place: Place;
  readonly items: readonly CustomerItem[];
  readonly next: Place | undefined;
  readonly previous: Place | undefined;
}

export const customerKeys = {
  all: ['customers'] as const,
  list: (query: CustomerQuery, place: Place) => ['customers', 'list', query, place] as const,
  count: (query: CustomerQuery) => ['customers', 'count', query] as const,
  one: (id: string) => ['customers', 'one', id] as const,
};

export function filterOf(query: CustomerQuery): string | undefined {
  const make = (Field: string, Value: string) => JSON.stringify({ Field, Value, Operator: 'starts_with' });
  if (query.name) return make('CompanyName', query.name);
  if (query.domain) return make('Domain', query.domain);
  if (query.reseller) return make('IndirectReseller', query.reseller);
  return undefined;
}

function addressOf(query: CustomerQuery, size: number, place?: Place): string {
  const parameters = new URLSearchParams({ size: String(size) });
  const filter = filterOf(query);
  if (filter) parameters.set('filter', filter);
  if (place?.at === 'name') parameters.set('startAt', place.name);
  else if (place && place.at !== 'first') parameters.set('seekOperation', place.at);
  return `/v1/customers?${parameters}`;
}

type Link = CustomerCollection['links']['next'];

function placeOf(at: 'next' | 'previous', link: Link): Place | undefined {
  const token = link?.headers.find(({ key }) => key === 'MS-ContinuationToken')?.value;
  return token ? { at, token } : undefined;
}

export async function fetchPage(query: CustomerQuery, place: Place, signal: AbortSignal): Promise<CustomerPage> {
  const headers = 'token' in place ? { 'MS-ContinuationToken': place.token } : {};
  const { body } = await call<CustomerCollection>(addressOf(query, PAGE_SIZE, place), { headers, signal });
  return {
    place,
    items: body.items,
    next: placeOf('next', body.links.next),
    previous: placeOf('previous', body.links.previous),
  };
}

/** How many there are; undefined: more than the service counts. */
export async function fetchCount(query: CustomerQuery, signal?: AbortSignal): Promise<number | undefined> {
  const { headers } = await call(addressOf(query, 1), {
    headers: { Prefer: 'count=exact' },
    ...(signal && { signal }),
  });
  const total = headers.get('Content-Range')?.split('/')[1];
  return total === undefined || total === '*' ? undefined : Number(total);
}

/** All of them, page by page. */
export async function* walk(query: CustomerQuery, signal: AbortSignal): AsyncGenerator<readonly CustomerItem[]> {
  let place: Place | undefined = { at: 'first' };
  while (place) {
    const headers = 'token' in place ? { 'MS-ContinuationToken': place.token } : {};
    const answer: { body: CustomerCollection } = await call(addressOf(query, EXPORT_SIZE, place), { headers, signal });
    yield answer.body.items;
    place = placeOf('next', answer.body.links.next);
  }
}

export async function createCustomer(customer: CustomerToCreate, requestId: string): Promise<CreatedCustomer> {
  return (await call<CreatedCustomer>('/v1/customers', { method: 'POST', body: customer, requestId })).body;
}
