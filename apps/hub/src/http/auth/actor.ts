/** Who makes a request, and what a role may do (contract section 3, Authentication). */
import { ROLES, type Role } from '@nave/api-schema';

export interface Actor {
  /** Id of the key. */
  id: string;
  /** Name of the key. */
  name: string;
  role: Role;
  /** Spokes a `publish` key may publish as; empty = none named. */
  spokes: readonly string[];
  /** How the audit names the actor: `key:<name>` or `session:<key name>`. */
  label: string;
  /** When its credentials end; null when they do not. */
  expiresAt: Date | null;
}

/** The actor of a request nobody authenticated: it may do nothing. */
export const NOBODY: Actor = Object.freeze({
  id: '',
  name: '',
  role: 'publish',
  spokes: Object.freeze([]),
  label: 'nobody',
  expiresAt: null,
});

/** The least role of a route; `anyone` needs no credentials. */
export type RouteRole = Role | 'anyone';

const RANK: Readonly<Record<Role, number>> = { publish: 0, viewer: 1, operator: 2, admin: 3 };

/** True when `role` includes `least`: admin > operator > viewer; `publish` is apart and reaches nothing of the admin API. */
export function roleIncludes(role: Role, least: Role): boolean {
  if (least === 'publish') return role === 'publish' || role === 'admin';
  return RANK[role] >= RANK[least];
}

/** True when the actor may publish as the spoke: `admin` as any, `publish` as those its key names. */
export function mayPublishAs(actor: Actor, spoke: string): boolean {
  return actor.role === 'admin' || (actor.role === 'publish' && actor.spokes.includes(spoke));
}

/** The role of a stored text, or null when a newer version wrote one that this one does not know. */
export function roleOf(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}
