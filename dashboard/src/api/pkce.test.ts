import { expect, test } from 'vitest';
import { challengeOf, claimsOf, randomText } from './pkce';

test('the challenge is that of RFC 7636, appendix B', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('random texts are long enough for a verifier, and differ', () => {
  expect(randomText()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(randomText()).not.toBe(randomText());
});

test('claims are read as UTF-8', () => {
  const payload = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify({ name: 'Ünal ص' }))));
  expect(claimsOf(`x.${payload}.y`)).toEqual({ name: 'Ünal ص' });
});
