import type { components } from './schema';

type Schemas = components['schemas'];

export type CustomerItem = Schemas['CustomerItem'];
export type CustomerCollection = Schemas['CustomerCollection'];
export type Customer = Schemas['Customer'];
export type CreatedCustomer = Schemas['CreatedCustomer'];
export type CustomerToCreate = Schemas['CustomerToCreate'];
export type BillingProfile = Schemas['BillingProfile'];
export type CountryRules = Schemas['CountryValidationRules'];
export type AuditRecord = Schemas['AuditRecord'];
export type AuditCollection = Schemas['AuditRecordCollection'];
export type Relationship = Schemas['PartnerRelationship'];
export type RelationshipCollection = Schemas['RelationshipCollection'];
export type Organization = Schemas['OrganizationProfile'];
export type Fault = Schemas['Fault'];
