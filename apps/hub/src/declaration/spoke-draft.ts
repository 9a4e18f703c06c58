/** A spoke as it would be after a change: what was given, merged with the stored secrets it keeps. Secrets in clear: memory only. */
import { type ErasedAdapter, joinSecrets, maskSecrets, mergeSecrets, splitSecrets } from '@nave/adapter-kit';
import type { DeclaredSpoke, SpokeInput } from '@nave/api-schema';
import type { SpokeSpec, StoredSpoke } from '@nave/store';
import { type TSchema, Type } from 'typebox';
import { dropNulls } from '../http/merge-patch.ts';
import { clearSpec } from '../registry/complete-spoke.ts';
import { InboundSecrets } from './inbound-secrets.ts';

export interface SpokeDraft {
  name: string;
  kind: string;
  title: string;
  enabled: boolean;
  /** With secrets in clear. */
  spec: SpokeSpec;
}

/**
 * @param stored the spoke as it is, with its secrets by pointer; null when it is new
 * @param nulls places of nulls that only stood for secrets to remove
 * @param kind the kind that `input` names; undefined when there is none (the draft is then refused, but its other problems are still told)
 */
export function draftSpoke(
  name: string,
  input: SpokeInput,
  kind: ErasedAdapter | undefined,
  stored: { spoke: StoredSpoke; secrets: Readonly<Record<string, string>> } | null,
  nulls: readonly string[] = [],
): SpokeDraft {
  const before = stored && clearSpec(stored.spoke.spec, stored.secrets);
  // Another kind has other credentials: nothing of the old ones is kept.
  const sameKind = stored?.spoke.kind === input.kind ? before : null;
  const spec = {
    config: keep(kind?.config, input.config ?? {}, sameKind?.config),
    credentials:
      input.credentials === undefined ? (sameKind?.credentials ?? null) : keep(kind?.credentials, input.credentials, sameKind?.credentials),
    policy: input.policy ?? {},
    inbound: keep(InboundSecrets, input.inbound ?? null, before?.inbound),
  };
  return {
    name,
    kind: input.kind,
    title: input.title ?? name,
    enabled: input.enabled ?? true,
    spec: plainJson(asSpec(dropNulls(spec, nulls), spec)),
  };
}

/** The draft's spec without its secrets, and the secrets by JSON Pointer. */
export function splitDraft(draft: SpokeDraft, kind: ErasedAdapter): { spec: SpokeSpec; secrets: Record<string, string> } {
  const { open, secrets } = splitSecrets(specSchema(kind), draft.spec);
  return { spec: clearSpec(asSpec(open, draft.spec), {}), secrets };
}

/** What reads answer of a stored spoke: no secrets, `"set": true` beside where one is stored. Opens nothing. */
export function declaredSpoke(spoke: StoredSpoke, kind: ErasedAdapter | undefined): DeclaredSpoke {
  const { title, enabled, spec, secretPaths } = spoke;
  const marked = joinSecrets(spec, Object.fromEntries(secretPaths.map((path) => [path, 'set'])));
  // A kind that this version does not know: what is stored has no secrets in it.
  const masked = kind ? asSpec(maskSecrets(specSchema(kind), marked), spec) : spec;
  return { kind: spoke.kind, title, enabled, ...masked };
}

function specSchema(kind: ErasedAdapter): TSchema {
  return Type.Object({ config: kind.config, credentials: kind.credentials, policy: Type.Unknown(), inbound: InboundSecrets });
}

function keep(schema: TSchema | undefined, given: unknown, stored: unknown): unknown {
  return schema === undefined || given === null ? given : mergeSecrets(schema, given, stored ?? undefined);
}

/** As it will come back from the database: comparing needs the same form on both sides. */
function plainJson(spec: SpokeSpec): SpokeSpec {
  return asSpec(JSON.parse(JSON.stringify(spec)), spec);
}

function asSpec(value: unknown, fallback: SpokeSpec): SpokeSpec {
  if (typeof value !== 'object' || value === null) return fallback;
  return {
    config: 'config' in value ? value.config : {},
    credentials: 'credentials' in value ? value.credentials : null,
    policy: 'policy' in value ? value.policy : {},
    inbound: 'inbound' in value ? value.inbound : null,
  };
}
