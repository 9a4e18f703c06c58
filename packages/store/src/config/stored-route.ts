/** A route as it is stored: its current version; the versions before stay for the deliveries made under them. */
import type { RouteVersion } from '../generated/client.ts';

export interface StoredRoute {
  name: string;
  version: number;
  /** In the form of the API, completed; checked by whoever reads it. */
  spec: unknown;
  createdAt: Date;
  /** When the current version was made. */
  updatedAt: Date;
}

export interface StoredRouteVersion {
  version: number;
  spec: unknown;
  createdAt: Date;
  /** Label of the actor. */
  createdBy: string;
}

export interface RouteWrite {
  name: string;
  spec: object;
  /** Label of the actor. */
  by: string;
}

export function storedVersion({ version, spec, createdAt, createdBy }: RouteVersion): StoredRouteVersion {
  return { version, spec, createdAt, createdBy };
}
