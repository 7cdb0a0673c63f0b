import { expect, test } from 'vitest';
import { isSameName } from './same-name';

test.each([
  ['Contoso', 'Contoso', true],
  ['Two Blanks', 'Two  Blanks', true],
  [' Two  Blanks ', 'Two Blanks', true],
  ['A B', 'A\u00a0\u2009B', true],
  ['Caf\u00e9', 'Cafe\u0301', true],
  ['Contoso', '\u200eCon\u200btoso\ufeff', true],
  ['contoso', 'Contoso', false],
  ['TwoBlanks', 'Two Blanks', false],
  ['', 'Contoso', false],
])('%j typed for %j: %s', (typed, name, isSame) => expect(isSameName(typed, name)).toBe(isSame));
