import type { MessageKey } from '../../app/messages';
import type { CustomerItem } from '../../api/types';

export interface Column {
  readonly name: 'domain' | 'id' | 'relationship';
  readonly title: MessageKey;
  readonly value: (item: CustomerItem) => string;
}

/** Beside the company's name, which is always there. */
export const COLUMNS: readonly Column[] = [
  { name: 'domain', title: 'customer.domain', value: (item) => item.companyProfile.domain },
  { name: 'id', title: 'customer.id', value: (item) => item.id },
  { name: 'relationship', title: 'customer.relationship', value: (item) => item.relationshipToPartner },
];

const KEPT = 'clientele.columns';
const DEFAULT = ['domain', 'id'];

export function readColumns(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '');
    return Array.isArray(kept) ? kept.map(String) : DEFAULT;
  } catch {
    return DEFAULT;
  }
}

export const keepColumns = (names: readonly string[]) => localStorage.setItem(KEPT, JSON.stringify(names));
