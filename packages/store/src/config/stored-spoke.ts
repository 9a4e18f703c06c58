/** A spoke as it is stored: what people gave, with the secrets taken out and sealed beside it. */
import type { Prisma, Spoke } from '../generated/client.ts';
import { isJsonObject, toJson } from './json-value.ts';

export interface SpokeSpec {
  config: unknown;
  credentials: unknown;
  policy: unknown;
  inbound: unknown;
}

export interface StoredSpoke {
  name: string;
  kind: string;
  title: string;
  enabled: boolean;
  paused: boolean;
  /** Rises with every change. */
  version: number;
  /** Without secrets. */
  spec: SpokeSpec;
  /** JSON Pointers into `spec` at which secrets are stored: tells that they are set without opening them. */
  secretPaths: readonly string[];
  /** The secrets by pointer, sealed; null when there are none. */
  sealed: Uint8Array | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What a change writes; version and times are given by the store. */
export type SpokeWrite = Omit<StoredSpoke, 'version' | 'paused' | 'createdAt' | 'updatedAt'>;

export function storedSpoke(row: Spoke): StoredSpoke {
  const { spec: json, secrets, ...columns } = row;
  const spec = isJsonObject(json) ? json : {};
  const paths = Array.isArray(spec['secretPaths']) ? spec['secretPaths'] : [];
  return {
    ...columns,
    spec: {
      config: spec['config'] ?? {},
      credentials: spec['credentials'] ?? null,
      policy: spec['policy'] ?? {},
      inbound: spec['inbound'] ?? null,
    },
    secretPaths: paths.filter((path) => typeof path === 'string'),
    sealed: secrets === null ? null : new Uint8Array(secrets),
  };
}

/** The columns a change sets. */
export function spokeColumns(spoke: SpokeWrite): Pick<Prisma.SpokeCreateInput, 'kind' | 'title' | 'enabled' | 'spec' | 'secrets'> {
  return {
    kind: spoke.kind,
    title: spoke.title,
    enabled: spoke.enabled,
    spec: { ...toJson(spoke.spec), secretPaths: [...spoke.secretPaths] },
    secrets: spoke.sealed === null ? null : Buffer.from(spoke.sealed),
  };
}
