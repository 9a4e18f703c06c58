/** The audit: what people and the hub's guards did, chained and checkable (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, LIST_QUERY, listOf, nullable, Timestamp } from './common.ts';
import { queryTexts } from './query-text.ts';

export const AuditItem = closed({
  id: Type.String(),
  seq: nullable(Type.Integer({ description: 'Place in the chain; null until sealed, within a second' })),
  at: Timestamp,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  detail: Type.Unknown(),
  hash: nullable(Type.String({ description: 'Hex' })),
});
export const AuditList = listOf(AuditItem);
export type AuditList = Static<typeof AuditList>;

export const AuditQuery = closed({
  ...LIST_QUERY,
  actor: Type.Optional(queryTexts('Actor, e.g. key:ci')),
  action: Type.Optional(queryTexts('Action, e.g. spoke.update or spoke.*')),
  subject: Type.Optional(queryTexts('Subject, e.g. spoke:shop')),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});

export const AuditVerifyQuery = closed({
  from: Type.Optional(
    Type.Union([Timestamp, Type.String({ pattern: '^[1-9][0-9]{0,14}$' })], {
      description: 'A moment, or a place in the chain; default the beginning',
    }),
  ),
});

export const AuditVerdict = Type.Union([
  closed({
    ok: Type.Literal(true),
    entries: Type.Integer({ description: 'Entries checked' }),
    head: nullable(closed({ seq: Type.Integer(), hash: Type.String(), at: Timestamp })),
    unsealed: Type.Integer({ description: 'Entries not chained yet' }),
  }),
  closed({
    ok: Type.Literal(false),
    firstBroken: Type.Integer({ description: 'Place in the chain of the first entry that does not hold' }),
    broken: closed({ seq: Type.Integer(), id: nullable(Type.String()), at: nullable(Timestamp), reason: Type.String() }),
  }),
]);
export type AuditVerdict = Static<typeof AuditVerdict>;
