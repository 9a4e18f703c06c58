/** A stored spoke as reads answer it. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { Spoke } from '@nave/api-schema';
import type { StoredSpoke } from '@nave/store';
import { declaredSpoke } from '../../../declaration/spoke-draft.ts';

export function presentSpoke(spoke: StoredSpoke, kinds: ReadonlyMap<string, ErasedAdapter>): Spoke {
  return {
    name: spoke.name,
    ...declaredSpoke(spoke, kinds.get(spoke.kind)),
    paused: spoke.paused,
    version: spoke.version,
    createdAt: spoke.createdAt.toISOString(),
    updatedAt: spoke.updatedAt.toISOString(),
  };
}
