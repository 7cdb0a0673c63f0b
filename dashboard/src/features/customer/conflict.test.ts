import { expect, test } from 'vitest';
import type { BillingProfile } from '../../api/types';
import { conflictOf, settle, valuesOf } from './conflict';

const profile = (email: string, city: string, postalCode: string) => ({ email, defaultAddress: { city, postalCode } }) as BillingProfile;
const CITY = 'billingProfile.defaultAddress.city';
const POSTAL_CODE = 'billingProfile.defaultAddress.postalCode';
const EMAIL = 'billingProfile.email';

test('where both changed a field, mine is kept until the user says otherwise; where they alone did, theirs', () => {
  const base = valuesOf(profile('a@x', 'Redmond', '98052'));
  const mine = { ...base, [CITY]: 'Bellevue', [POSTAL_CODE]: '98004' };
  const conflict = conflictOf(base, mine, profile('b@x', 'Seattle', '98004'));
  expect(conflict.choices).toEqual({ [EMAIL]: 'theirs', [CITY]: 'mine' });
  expect(settle(conflict, mine)).toMatchObject({ [EMAIL]: 'b@x', [CITY]: 'Bellevue', [POSTAL_CODE]: '98004' });
  const other = { ...conflict, choices: { ...conflict.choices, [CITY]: 'theirs' as const } };
  expect(settle(other, mine)).toMatchObject({ [CITY]: 'Seattle', [POSTAL_CODE]: '98004' });
});
