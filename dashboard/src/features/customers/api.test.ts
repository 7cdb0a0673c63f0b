import { expect, test } from 'vitest';
import { filterOf } from './api';

test('at most one thing is asked for, as the service has it, and text stays text', () => {
  const rows = [
    [{}, undefined],
    [{ name: '' }, undefined],
    [{ name: 'A "b" \\ 😀' }, { Field: 'CompanyName', Value: 'A "b" \\ 😀', Operator: 'starts_with' }],
    [{ domain: 'x.example' }, { Field: 'Domain', Value: 'x.example', Operator: 'starts_with' }],
    [{ reseller: 'id' }, { Field: 'IndirectReseller', Value: 'id', Operator: 'starts_with' }],
  ] as const;
  for (const [query, wanted] of rows) {
    const filter = filterOf(query);
    expect(filter && (JSON.parse(filter) as unknown)).toEqual(wanted);
  }
});
