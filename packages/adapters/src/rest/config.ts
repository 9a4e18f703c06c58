/** The configuration of a `rest` spoke: a base URL and operations written as data (contract section 5, "A spoke"). */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { HttpTls } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const expression = (description: string) =>
  Type.String({ minLength: 1, maxLength: 20_000, description, [EXPECTED_MARK]: 'a JSONata expression' });
const statuses = (description: string) => Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), { maxItems: 50, description });
const Method = Type.Union([
  Type.Literal('GET'),
  Type.Literal('HEAD'),
  Type.Literal('POST'),
  Type.Literal('PUT'),
  Type.Literal('PATCH'),
  Type.Literal('DELETE'),
]);
const Path = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: 'Below the base URL; {name} is taken from the input',
  [EXPECTED_MARK]: 'a path that starts with /',
});

const OPERATION_NAME = '^[A-Za-z][A-Za-z0-9._-]{0,62}$';

export const RestOperation = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    method: Method,
    path: Path,
    query: Type.Optional(Type.Record(Type.String({ pattern: '^.{1,200}$' }), expression('Value of the parameter, over the input'), closed)),
    headers: Type.Optional(Type.Record(Type.String({ pattern: '^.{1,128}$' }), expression('Value of the header, over the input'), closed)),
    body: Type.Optional(expression('The body, over the input. Omitted: the whole input for POST, PUT and PATCH, nothing otherwise')),
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('xml'), Type.Literal('form')], {
        description: 'How the body is written. Omitted: as it came when it is passed on, else JSON',
      }),
    ),
    success: Type.Optional(expression('Over { status, headers, body } of the answer. Omitted: any 2xx')),
    idempotent: Type.Optional(
      Type.Union([Type.Literal('always'), Type.Literal('key'), Type.Literal('never')], {
        description:
          'Whether repeating is harmless: always, with the same Idempotency-Key, or never. Omitted: always for GET, HEAD, PUT and DELETE, key for POST and PATCH',
      }),
    ),
    lookup: Type.Optional(
      Type.String({
        description:
          'Operation that finds out, from the same input, whether this one was done: asked when a request of a never idempotent operation was not answered. Found something = done; 404, 410 or an empty answer = not done',
      }),
    ),
    undo: Type.Optional(Type.String({ description: 'Operation that takes this one back' })),
    retryOn: Type.Optional(statuses('Statuses that are retried whatever their class')),
    rejectOn: Type.Optional(statuses('Statuses that are refusals whatever their class')),
  },
  closed,
);

export const RestPoll = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    every: Type.Optional(
      Type.String({ pattern: '^(\\d{1,9})(ms|s|m|h|d)$', description: 'Default 5m', [EXPECTED_MARK]: 'a duration such as 5m' }),
    ),
    path: Path,
    query: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^.{1,200}$' }),
        expression('Value of the parameter, over { cursor, limit }; cursor is null at first'),
        closed,
      ),
    ),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,128}$' }), Type.String({ maxLength: 1_000, pattern: '^[^\\r\\n]*$' }), closed),
    ),
    items: expression('The events of the answer, oldest first, over { status, headers, body, cursor }'),
    id: expression('What tells an event from all others, over the event: its idempotency key'),
    type: Type.Optional(expression('Type of the message, over the event. Omitted: the name of the poll')),
    orderingKey: Type.Optional(expression('Over the event')),
    cursor: expression('Where the next page begins, over { status, headers, body, cursor }; nothing = where this one began'),
    more: Type.Optional(expression('Whether there is more at once, over { status, headers, body, cursor }. Omitted: no')),
  },
  closed,
);

export const RestConfig = Type.Object(
  {
    baseUrl: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$',
      description: 'Where the system is',
      [EXPECTED_MARK]: 'an http or https URL',
    }),
    operations: Type.Optional(
      Type.Record(Type.String({ pattern: OPERATION_NAME }), RestOperation, {
        ...closed,
        description: 'What can be done with the system, by name',
      }),
    ),
    polls: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' }), RestPoll, {
        ...closed,
        maxProperties: 20,
        description: 'Events that can be fetched, by name; inbound.poll switches them on',
      }),
    ),
    check: Type.Optional(
      Type.Object(
        { method: Type.Optional(Method), path: Path },
        { ...closed, description: 'The request of a connection check. Omitted: GET of the base URL' },
      ),
    ),
    tls: Type.Optional(HttpTls),
  },
  closed,
);

export type RestPoll = Static<typeof RestPoll>;
export type RestOperation = Static<typeof RestOperation>;
export type RestConfig = Static<typeof RestConfig>;
