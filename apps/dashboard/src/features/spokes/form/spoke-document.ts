/** A spoke as it is written: what the form and its text view edit, and what is sent. */
import type { Kind, Spoke, SpokeInput } from '@nave/api-schema';
import { firstValue, withField } from '../../../parts/schema-form/first-value.ts';
import { isJsonObject, type JsonObject, ownValue, propertiesOf } from '../../../parts/schema-form/schema-shape.ts';

/** In the order in which it is written in the text view. */
const FIELDS = ['kind', 'title', 'enabled', 'config', 'credentials', 'policy', 'inbound'] as const;

export type SpokeDocument = JsonObject;

/** Without what reads add and writes ignore. */
export function documentOf(spoke: Spoke): SpokeDocument {
  const given = new Map<string, unknown>(Object.entries(spoke));
  return Object.fromEntries(FIELDS.map((field) => [field, given.get(field)]));
}

/** A new spoke of a kind: as little as its schemas ask for. */
export function firstDocument(kind: Kind): SpokeDocument {
  const [scheme] = kind.verify;
  return {
    kind: kind.kind,
    title: '',
    enabled: true,
    config: firstValue(kind.config) ?? {},
    credentials: hasCredentials(kind) ? (firstValue(kind.credentials) ?? {}) : null,
    policy: {},
    // What only sends is useless without a way in.
    inbound: isSource(kind) ? { verify: { scheme: scheme ?? 'standard-webhooks' } } : null,
  };
}

/** Kinds that only send have nothing to configure but how they come in. */
export function isSource(kind: Pick<Kind, 'kind'>): boolean {
  return kind.kind === 'source';
}

/** Whether there is anything to fill in beside that there is nothing. */
export function hasCredentials({ credentials }: Pick<Kind, 'credentials'>): boolean {
  if (!isJsonObject(credentials)) return false;
  return Array.isArray(credentials['anyOf']) || Object.keys(propertiesOf(credentials)).some((name) => name !== 'type');
}

/** What is sent. The hub checks it; what has no form it could have is refused there, at its place. */
export function inputOf(document: SpokeDocument): SpokeInput {
  const kind = ownValue(document, 'kind');
  return { ...document, kind: typeof kind === 'string' ? kind : '' };
}

export function setField(document: SpokeDocument, name: string, value: unknown): SpokeDocument {
  return value === undefined ? withField(document, name, null) : withField(document, name, value);
}

/** A name made from a title: `Účetní systém` is `ucetni-system`. */
export function nameFrom(title: string): string {
  return title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

export function sameDocument(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Problems of the server whose place still holds what was refused. */
export function stillWrong<P extends { path: string }>(problems: readonly P[], sent: unknown, now: unknown): P[] {
  return problems.filter(({ path }) => sameDocument(valueAt(sent, path), valueAt(now, path)));
}

/** The value at a JSON Pointer; undefined where there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = Array.isArray(at) ? at[Number(name)] : ownValue(at, name);
  }
  return at;
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      isJsonObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
    ) ?? ''
  );
}
