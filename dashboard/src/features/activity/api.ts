import { call } from '../../api/client';
import type { AuditCollection } from '../../api/types';
import { lastBefore, momentsOf } from './days';

const PAGE_SIZE = 50;

/** What the records are asked by; one at a time, as the service has it. */
export type AuditField = 'OperationType' | 'Actor' | 'CompanyName' | 'CustomerId';

export interface AuditQuery {
  /** Days of the user's own, both or none. */
  readonly from?: string;
  readonly to?: string;
  readonly field?: AuditField;
  readonly value?: string;
  readonly size?: number;
}

export const OPERATIONS = [
  'add_customer',
  'update_customer_billing_profile',
  'update_customer_qualification',
  'remove_partner_customer_relationship',
  'delete_customer',
  'create_partner_relationship',
  'register_application',
  'unregister_application',
] as const;

export const auditKeys = {
  all: ['audit'] as const,
  list: (query: AuditQuery) => ['audit', query] as const,
};

export async function fetchAudit(query: AuditQuery, token: string | undefined, signal: AbortSignal): Promise<AuditCollection> {
  const parameters = new URLSearchParams({ size: String(query.size ?? PAGE_SIZE) });
  if (query.from && query.to) {
    const moments = momentsOf(query.from, query.to);
    // What is no day, the service refuses in its own words.
    parameters.set('startDate', moments ? moments.start.toISOString() : query.from);
    parameters.set('endDate', moments ? lastBefore(moments.end) : query.to);
  }
  if (query.field && query.value) {
    const Operator = query.field === 'CompanyName' ? 'substring' : 'equals';
    parameters.set('filter', JSON.stringify({ Field: query.field, Value: query.value, Operator }));
  }
  if (token) parameters.set('seekOperation', 'Next');
  const headers = token ? { 'MS-ContinuationToken': token } : {};
  return (await call<AuditCollection>(`/v1/auditrecords?${parameters}`, { headers, signal })).body;
}
