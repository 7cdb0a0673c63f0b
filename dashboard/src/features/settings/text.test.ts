import { expect, test } from 'vitest';
import type { User } from '../../api/types';
import { linesOf, matching } from './text';

test('redirect URIs are one a line', () => {
  expect(linesOf(' https://a.example/ \r\n\n\thttps://b.example/')).toEqual(['https://a.example/', 'https://b.example/']);
  expect(linesOf(' \n ')).toEqual([]);
});

test('users are found by either name, in any case', () => {
  const users = [{ name: 'ada@contoso.example', displayName: 'Ada Byron' }, { name: 'bob@contoso.example' }] as User[];
  const found = (text: string) => matching(users, text).map(({ name }) => name[0]);
  expect(found('')).toEqual(['a', 'b']);
  expect(found(' BYRON ')).toEqual(['a']);
  expect(found('bob@')).toEqual(['b']);
  expect(found('nobody')).toEqual([]);
});
