import { call } from '../../api/client';
import type { Relationship, RelationshipCollection } from '../../api/types';

export const resellerKeys = { list: ['resellers'] as const };

/** The partner's indirect resellers. */
export async function fetchResellers(signal: AbortSignal): Promise<readonly Relationship[]> {
  const path = '/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf';
  return (await call<RelationshipCollection>(path, { signal })).body.items;
}
