/** A set of edits of spokes, routes and alert rules, and how it is applied. */
import type { AlertRuleInput, ConfigurationChange, RouteInput, SpokeInput } from '@nave/api-schema';
import type { AdminDeps } from '../http/admin/admin-deps.ts';

/** What is to be: null removes. */
export interface Edits {
  spokes: ReadonlyMap<string, SpokeInput | null>;
  routes: ReadonlyMap<string, RouteInput | null>;
  alerts?: ReadonlyMap<string, AlertRuleInput | null>;
}

export interface EditOptions {
  /** Label of the actor, for the audit. */
  actor: string;
  /** Cancel open deliveries of what is removed instead of refusing. */
  force: boolean;
  /** Only say what would change. */
  dryRun: boolean;
  /** JSON Pointer of a resource in the request. */
  pointer: (resource: ConfigurationChange['resource'], name: string) => string;
  /** Places of nulls that a patch left in, for secrets to remove; the others are dropped. */
  nulls?: readonly string[];
}

export type EditDeps = Pick<AdminDeps, 'kinds' | 'sealer' | 'expressions' | 'clock' | 'listensOnLoopback'>;
