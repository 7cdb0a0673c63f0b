import { expect, test } from 'vitest';
import type { CustomerItem } from '../../api/types';
import { filterOf } from './api';
import { cell, row } from './export';

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['a,b', '"a,b"'],
  ['say "so"', '"say ""so"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', '=1+1'],
  ['<b>', '<b>'],
])('the cell %j is written as %j', (text, written) => expect(cell(text)).toBe(written));

test('a row has the columns of its heading', () => {
  const item = { id: '1', companyProfile: { domain: 'a.example', companyName: 'A, B' }, relationshipToPartner: 'reseller' };
  expect(row(item as unknown as CustomerItem)).toBe('1,a.example,"A, B",reseller\r\n');
});

test.each([
  [{}, undefined],
  [{ name: 'a"b' }, '{"Field":"CompanyName","Value":"a\\"b","Operator":"starts_with"}'],
  [{ domain: 'a' }, '{"Field":"Domain","Value":"a","Operator":"starts_with"}'],
  [{ reseller: 'x' }, '{"Field":"IndirectReseller","Value":"x","Operator":"starts_with"}'],
])('the query %j is the filter %s', (query, filter) => expect(filterOf(query)).toBe(filter));
