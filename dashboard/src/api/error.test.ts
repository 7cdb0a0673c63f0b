import { expect, test } from 'vitest';
import { ApiError, errorsOf, isAnswered, isToldBeside } from './error';

const EMAIL = 'billingProfile.email';
const POSTAL_CODE = 'billingProfile.defaultAddress.postalCode';

test("the service's errors stand beside their fields", () => {
  const error = new ApiError(
    400,
    'billingProfile.email is missing. billingProfile.defaultAddress.postalCode does not match ^\\d{5}(-\\d{4})?$.',
    'id',
    3000,
    ['BillingProfile.Email', 'BillingProfile.DefaultAddress.PostalCode'],
  );
  expect(errorsOf(error, [EMAIL, POSTAL_CODE, 'companyProfile.domain'])).toEqual({ [EMAIL]: 'is missing.', [POSTAL_CODE]: 'does not match ^\\d{5}(-\\d{4})?$.' });
});

test('an error that names its member otherwise stands beside the field as a whole', () => {
  const error = new ApiError(400, 'ftp://x is no redirect URI.', 'id', 3000, ['RedirectUris']);
  expect(errorsOf(error, ['name', 'redirectUris'])).toEqual({ redirectUris: 'ftp://x is no redirect URI.' });
  expect(errorsOf(new Error('no answer'), ['name'])).toEqual({});
});

test('an error stands once: beside its fields if they are all there, else below them as well', () => {
  const error = new ApiError(400, 'name is missing. roles is missing.', 'id', 3000, ['Name', 'Roles']);
  expect(isToldBeside(error, ['name', 'roles'])).toBe(true);
  expect(isToldBeside(error, ['name'])).toBe(false);
  expect(isToldBeside(new ApiError(409, 'taken', 'id', 3000), ['name'])).toBe(false);
});

test('only the service itself tells what became of a call', () => {
  expect(isAnswered(new ApiError(409, 'taken', 'id', 3000))).toBe(true);
  for (const error of [new ApiError(0, 'Failed to fetch', 'id'), new ApiError(502, 'Bad Gateway', 'id'), new TypeError('cut')]) expect(isAnswered(error)).toBe(false);
});
