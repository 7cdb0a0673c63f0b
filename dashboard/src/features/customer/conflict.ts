/** What two people changed in one billing profile, and whose is to be kept. */
import type { BillingProfile } from '../../api/types';
import type { Values } from './fields';
import { BILLING_FIELDS, readValues } from './fields';

export interface Conflict {
  readonly theirs: BillingProfile;
  /** Fields in which what was typed differs from theirs: whose is to be kept. */
  readonly choices: Readonly<Record<string, 'mine' | 'theirs'>>;
}

export const valuesOf = (profile: BillingProfile) => readValues({ billingProfile: profile }, BILLING_FIELDS);

/** Mine where I changed something, theirs elsewhere: so it stands until the user says otherwise. */
export function conflictOf(base: Values, mine: Values, theirs: BillingProfile): Conflict {
  const other = valuesOf(theirs);
  const differing = BILLING_FIELDS.filter(({ path }) => mine[path] !== other[path]);
  return { theirs, choices: Object.fromEntries(differing.map(({ path }) => [path, mine[path] !== base[path] ? 'mine' : 'theirs'])) };
}

/** What is sent in the end. */
export function settle({ theirs, choices }: Conflict, mine: Values): Values {
  const other = valuesOf(theirs);
  return Object.fromEntries(Object.entries(mine).map(([path, value]) => [path, choices[path] === 'theirs' ? (other[path] ?? '') : value]));
}
