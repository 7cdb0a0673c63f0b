import { expect, test } from 'vitest';
import de from './de.json';
import en from './en.json';

test('German has every text, and the same places for values', () => {
  const places = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.match(/\{\w+\}/g) ?? []]));
  expect(places(de)).toEqual(places(en));
});
