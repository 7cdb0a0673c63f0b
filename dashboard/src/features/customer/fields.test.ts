import { expect, test } from 'vitest';
import type { CountryRules } from '../../api/types';
import { checkValues, COUNTRY, CULTURE, FIELDS, LANGUAGE, readValues, STATE, withRules, withValues } from './fields';

const EMAIL = 'billingProfile.email';
const POSTAL_CODE = 'billingProfile.defaultAddress.postalCode';

test('what a form does not know is kept, what is emptied is left out', () => {
  const customer = { billingProfile: { email: 'a@b', other: 1, defaultAddress: { city: 'X', district: 'D' } } };
  expect(withValues(customer, { [EMAIL]: ' c@d ', 'billingProfile.defaultAddress.city': '' })).toEqual({
    billingProfile: { email: 'c@d', other: 1, defaultAddress: { district: 'D' } },
  });
  expect(customer.billingProfile.email).toBe('a@b');
});

test('values are read by path, absent ones as empty', () => {
  const values = readValues({ billingProfile: { email: 'a@b' } }, FIELDS);
  expect(values[EMAIL]).toBe('a@b');
  expect(values[POSTAL_CODE]).toBe('');
});

test('the rules of the country are checked before anything is sent', () => {
  const rules = { isCityRequired: true, isPostalCodeRequired: true, postalCodeRegex: '^\\d{5}$', phoneNumberRegex: '^\\d+$' } as CountryRules;
  const errors = checkValues({ [POSTAL_CODE]: '123' }, FIELDS, rules, 'missing', 'invalid');
  expect(errors[POSTAL_CODE]).toBe('invalid');
  expect(errors['billingProfile.defaultAddress.city']).toBe('missing');
  expect(errors['billingProfile.defaultAddress.state']).toBeUndefined();
  expect(errors['companyProfile.organizationRegistrationNumber']).toBeUndefined();
});

test("a new country's culture and language stand in for those that it does not know", () => {
  const rules = { defaultCulture: 'de-CH', supportedCulturesList: ['de-CH', 'fr-CH'], supportedLanguagesList: ['de', 'fr'] } as unknown as CountryRules;
  expect(withRules({ [CULTURE]: 'en-US', [LANGUAGE]: 'en', name: 'x' }, rules)).toEqual({ [CULTURE]: 'de-CH', [LANGUAGE]: 'de', name: 'x' });
  expect(withRules({ [CULTURE]: 'fr-CH', [LANGUAGE]: 'fr' }, rules)).toEqual({ [CULTURE]: 'fr-CH', [LANGUAGE]: 'fr' });
});

test('a state goes with its country', () => {
  const country = (...states: string[]) => ({ supportedCulturesList: [], supportedLanguagesList: [], supportedStatesList: states }) as unknown as CountryRules;
  const stateIn = (state: string, rules: CountryRules, before?: CountryRules) => withRules({ [STATE]: state }, rules, before)[STATE];
  const states = country('WA', 'NT');
  expect(stateIn('WA', country('BC', 'NT'), states)).toBe('');
  expect(stateIn('NT', country('BC', 'NT'), states)).toBe('NT');
  expect(stateIn('WA', country(), states)).toBe('');
  expect(stateIn('Hessen', country(), states)).toBe('Hessen');
  expect(stateIn('Hessen', country())).toBe('Hessen');
});

test('without a country, what every country wants is missing', () => {
  const errors = checkValues({}, FIELDS, undefined, 'missing', 'invalid');
  expect(Object.keys(errors)).toEqual(expect.arrayContaining([EMAIL, COUNTRY, 'companyProfile.domain', 'billingProfile.companyName']));
  expect(errors[POSTAL_CODE]).toBeUndefined();
});
