import { call } from '../../api/client';
import type { BillingProfile, CountryRules, Customer } from '../../api/types';

export const fetchCustomer = async (id: string, signal: AbortSignal) => (await call<Customer>(`/v1/customers/${id}`, { signal })).body;

export const fetchBilling = async (id: string) => (await call<BillingProfile>(`/v1/customers/${id}/profiles/billing`)).body;

export const fetchRules = async (country: string, signal: AbortSignal) =>
  (await call<CountryRules>(`/v1/countryvalidationrules/${country}`, { signal })).body;

/** The service's code for a profile that somebody else has changed meanwhile. */
export const CODE_STALE = 2055;

export const putBilling = async (id: string, profile: BillingProfile, requestId: string) =>
  (
    await call<BillingProfile>(`/v1/customers/${id}/profiles/billing`, {
      method: 'PUT',
      body: profile,
      headers: { 'If-Match': `"${profile.attributes.etag}"` },
      requestId,
    })
  ).body;

export const removeRelationship = (id: string, requestId: string) =>
  call(`/v1/customers/${id}`, {
    method: 'PATCH',
    body: { relationshipToPartner: 'none', attributes: { objectType: 'Customer' } },
    requestId,
  });

export const deleteCustomer = (id: string, requestId: string) => call(`/v1/customers/${id}`, { method: 'DELETE', requestId });
