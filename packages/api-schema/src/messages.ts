/** Messages: searched, shown with all that happened, revealed, replayed (contract section 5). */
import { type Static, Type } from 'typebox';
import { closed, Id, LIST_QUERY, listOf, Name, nullable, Timestamp } from './common.ts';
import { Delivery } from './deliveries.ts';
import { queryText, queryTexts, queryWords } from './query-text.ts';
import { Replay } from './replays.ts';

export const MESSAGE_STATE_NAMES = ['accepted', 'completed', 'failed', 'unrouted'] as const;

const MESSAGE_FIELDS = {
  id: Id,
  source: Type.String({ description: 'Spoke it came from' }),
  type: Type.String(),
  state: Type.Enum([...MESSAGE_STATE_NAMES], { description: 'Derived from the deliveries' }),
  receivedAt: Timestamp,
  completedAt: nullable(Timestamp),
  idempotencyKey: nullable(Type.String()),
  correlationId: nullable(Type.String()),
  orderingKey: nullable(Type.String()),
  size: Type.Integer({ description: 'Bytes of the body as received' }),
  contentType: Type.String(),
};

export const MessageSummary = closed(MESSAGE_FIELDS);
export const MessageList = listOf(MessageSummary);
export type MessageList = Static<typeof MessageList>;

export const Message = closed({
  ...MESSAGE_FIELDS,
  keys: Type.Array(Type.String(), { description: 'Names of the business keys found in it; their values are kept as hashes only' }),
  editedFrom: nullable(Id),
  edits: Type.Array(Id, { description: 'Messages made from it by editing it, the first fifty' }),
  deliveries: Type.Array(Delivery),
  timeline: Type.Array(closed({ at: Timestamp, event: Type.String(), detail: Type.String() })),
});
export type Message = Static<typeof Message>;

export const MessageQuery = closed({
  ...LIST_QUERY,
  spoke: Type.Optional(queryTexts('Spoke it came from')),
  type: Type.Optional(queryTexts('Type, or a pattern as in routes (order.*)')),
  state: Type.Optional(queryWords(MESSAGE_STATE_NAMES, 'State')),
  route: Type.Optional(queryTexts('Route of one of its deliveries')),
  q: Type.Optional(queryText('Id, idempotency key, correlation id or a declared business key, exactly')),
  error: Type.Optional(
    queryText(
      'Text, in any case, in the reason or the last attempt of a delivery that is dead, unknown, retrying, or held after an attempt. Looked for in the newest 2,000 such deliveries made between from and to (of the spoke and route, among the newest 10,000): move `to` back to look further',
    ),
  ),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});

/** Bytes as people read them: text where they are UTF-8, else base64. */
const TEXT = { body: Type.Optional(Type.String()), bodyBase64: Type.Optional(Type.String()) };
const HEADERS = Type.Record(Type.String(), Type.String());

export const MessagePayload = closed({
  contentType: Type.String(),
  method: Type.String(),
  headers: HEADERS,
  query: Type.Record(Type.String(), Type.String()),
  size: Type.Integer(),
  ...TEXT,
  deliveries: Type.Array(
    closed({
      id: Id,
      input: nullable(closed(TEXT, { description: 'As mapped; null when the message goes out as it is, or has not been tried' })),
      output: nullable(closed({ status: Type.Integer(), contentType: Type.String(), headers: HEADERS, ...TEXT })),
      attempts: Type.Array(closed({ number: Type.Integer(), excerpt: Type.Unknown() })),
    }),
  ),
});
export type MessagePayload = Static<typeof MessagePayload>;

const REPLAYED = {
  route: Type.Optional(Name),
  routeVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'Needs `route`' })),
};

const BODY_LENGTH_MAX = 8 * 1024 * 1024;

/** With `body` or `bodyBase64` (role admin): a new message with that body takes the place of the old one. */
export const MessageReplay = closed({
  ...REPLAYED,
  body: Type.Optional(Type.String({ maxLength: BODY_LENGTH_MAX, description: 'Text, sent as UTF-8' })),
  bodyBase64: Type.Optional(Type.String({ maxLength: BODY_LENGTH_MAX, pattern: '^[A-Za-z0-9+/]*={0,2}$' })),
  contentType: Type.Optional(
    Type.String({
      maxLength: 255,
      pattern: '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *;[ -~]*)?$',
      description: 'Default: as it was',
    }),
  ),
  force: Type.Optional(Type.Boolean({ description: 'Also when the body breaks the schema of the spoke' })),
});
export type MessageReplay = Static<typeof MessageReplay>;

export const MessageReplayed = closed({ ...Replay.properties, deliveries: Type.Array(Id, { description: 'The new deliveries' }) });
export type MessageReplayed = Static<typeof MessageReplayed>;

export const MessageEdited = closed({
  messageId: Id,
  editedFrom: Id,
  deliveries: Type.Array(Id, { description: 'Of the new message' }),
});
export type MessageEdited = Static<typeof MessageEdited>;
