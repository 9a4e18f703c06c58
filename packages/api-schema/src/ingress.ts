/** Ingress: webhooks and published messages (contract section 4). */
import { Type } from 'typebox';
import { closed, Id, Name, Problem } from './common.ts';

/** The 202 of an accepted message: it is committed. */
export const Accepted = closed({
  messageId: Id,
  duplicate: Type.Boolean({ description: 'True for a repeat: nothing is delivered twice' }),
});

/** One message to publish. */
export const Publication = closed({
  source: Name,
  type: Type.String({ minLength: 1, maxLength: 200, description: 'Dotted event type, e.g. order.created' }),
  data: Type.Unknown({ description: 'Any JSON' }),
  idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  orderingKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  correlationId: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});

/** One answer of a batch, in the order of the request. */
export const BatchAnswer = Type.Union([
  closed({ status: Type.Literal(202), messageId: Id, duplicate: Type.Boolean() }),
  closed({ status: Type.Integer(), error: Problem }),
]);
