/** API keys (contract sections 3 and 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, listOf, Name, nullable, Timestamp } from './common.ts';

export const ROLES = ['viewer', 'operator', 'admin', 'publish'] as const;
export const Role = Type.Enum([...ROLES], {
  description: 'viewer reads; operator also reveals payloads and intervenes; admin also edits; publish only publishes',
});
export type Role = (typeof ROLES)[number];

const KeyName = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

export const KeyCreate = closed({
  name: KeyName,
  role: Role,
  spokes: Type.Optional(Type.Array(Name, { maxItems: 1000, uniqueItems: true, description: 'Spokes a publish key may publish as' })),
  expiresAt: Type.Optional(nullable(Timestamp)),
});
export type KeyCreate = Static<typeof KeyCreate>;

const KEY_FIELDS = {
  id: Id,
  name: Type.String(),
  role: Role,
  spokes: Type.Array(Type.String()),
  bootstrap: Type.Boolean({ description: 'The admin key the hub was started with' }),
  createdAt: Timestamp,
  expiresAt: nullable(Timestamp),
  lastUsedAt: nullable(Timestamp),
};

export const Key = closed(KEY_FIELDS);
export type Key = Static<typeof Key>;
export const KeyCreated = closed({ ...KEY_FIELDS, key: Type.String({ description: 'Shown this once' }) });
export const KeyList = listOf(Key);
