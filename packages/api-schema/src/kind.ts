/** Kinds of systems (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, nullable } from './common.ts';

const JsonSchema = Type.Unknown({ description: 'JSON Schema; secrets carry `x-nave-secret`' });

const SUMMARY = { kind: Type.String(), title: Type.String(), family: Type.String(), summary: Type.String() };

export const KindSummary = closed(SUMMARY);
export const KindList = closed({ items: Type.Array(KindSummary), nextCursor: nullable(Type.String()) });

export const Operation = closed({
  name: Type.String(),
  title: Type.String(),
  summary: nullable(Type.String()),
  input: JsonSchema,
  idempotent: Type.Enum(['always', 'key', 'never']),
  lookup: nullable(Type.String()),
  undo: nullable(Type.String()),
});
export type Operation = Static<typeof Operation>;

/** A way in which senders prove who they are: what a form for `inbound.verify` is made of. */
export const VerifySchemeInfo = closed({
  scheme: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  secretRequired: Type.Boolean(),
  proves: Type.Enum(['content', 'caller', 'origin', 'nothing'], {
    description: 'content: signs the body; caller: knows who calls; origin: only narrows where calls come from; nothing: lets everybody in',
  }),
  options: Type.Unknown({ description: 'JSON Schema of the fields beside `scheme`, `secret` and `secrets`' }),
});
export type VerifySchemeInfo = Static<typeof VerifySchemeInfo>;

export const Kind = closed({
  ...SUMMARY,
  config: JsonSchema,
  credentials: JsonSchema,
  operations: Type.Array(Operation, { description: 'Empty where they come from the config of the spoke' }),
  events: Type.Array(closed({ type: Type.String(), summary: Type.String() })),
  polls: Type.Array(closed({ name: Type.String(), title: Type.String(), every: Type.String(), eventTypes: Type.Array(Type.String()) }), {
    description:
      'Events that can be fetched at intervals, switched on with `inbound.poll`. Empty where they come from the config of the spoke',
  }),
  verify: Type.Array(Type.String(), { description: 'Verification schemes that fit, the recommended one first' }),
  verifySchemes: Type.Array(VerifySchemeInfo, { description: 'All verification schemes, those that fit first' }),
  defaults: Type.Unknown({ description: 'Policy of the kind where it differs from the default of the hub' }),
  docs: Type.String(),
});
export type Kind = Static<typeof Kind>;
