/** The table: for every kind of bad input, the requests it makes of an operation and the statuses that are right. */
import { gzipSync } from 'node:zlib';
import { fill, type Operation } from './operations.ts';
import type { RawRequest } from './raw-client.ts';
import { SAMPLES, withEachMember, withEachText } from './samples.ts';

export interface Fixture {
  key: string;
  /** Values of path parameters that exist, by operation path. */
  existing(path: string): Readonly<Record<string, string>>;
}

export interface Attempt extends RawRequest {
  label: string;
  expected: readonly number[];
}

export interface BadInput {
  name: string;
  attempts(operation: Operation, fixture: Fixture): Attempt[];
}

const MISSING: Readonly<Record<string, string>> = {
  name: 'nobody',
  spoke: 'nobody',
  id: '01900000-0000-7000-8000-000000000000',
  kind: 'nobody',
};
const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
const BIG = JSON.stringify({ name: 'x'.repeat(6 * 1024 * 1024) });
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
const NOT_UTF8 = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28, 0xff, 0xfe]), Buffer.from('"}')]);

export const BAD_INPUTS: readonly BadInput[] = [
  {
    name: 'broken JSON',
    attempts: (op, fx) =>
      bodies(op, fx, { '{': '{"a":', 'two values': '{}{}', word: 'nonsense', 'single quotes': "{'a':1}", 'BOM only': '\ufeff' }, [400]),
  },
  {
    name: 'wrong types at the top',
    attempts: (op, fx) =>
      op.isHook ? [] : bodies(op, fx, { number: '7', text: '"x"', true: 'true', list: '[7]' }, [422], exceptBatch(op)),
  },
  {
    name: 'wrong types of every member',
    attempts: (op, fx) =>
      [7, true, [[]], { a: { b: 1 } }]
        .flatMap((wrong) =>
          withEachMember(SAMPLES[op.title], wrong)
            .filter(({ path }) => !ANYTHING.has(`${op.title} ${path}`))
            .map(({ path, value }) => body(op, fx, `${path} = ${JSON.stringify(wrong)}`, JSON.stringify(value), [422])),
        )
        .filter(({ label }) => !ALLOWED.has(`${op.title} ${label}`)),
  },
  {
    name: 'a body of 6 MB, also of untold length',
    attempts: (op, fx) => {
      if (safeMethod(op)) return [];
      const attempt = body(op, fx, '6 MB', BIG, op.takesBody ? [413] : [404, 413]);
      return [attempt, { ...attempt, label: '6 MB chunked', chunked: true }];
    },
  },
  {
    name: 'JSON 10,000 levels deep',
    attempts: (op, fx) => bodies(op, fx, { lists: DEEP, objects: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}` }, [400]),
  },
  {
    name: 'a gzip bomb and unknown content codings',
    attempts: (op, fx) => {
      if (!op.takesBody) return [];
      const ingress = op.isHook || op.path === '/v1/messages';
      const coded = (label: string, coding: string, bytes: Buffer | string, expected: number[]) => {
        const attempt = body(op, fx, label, bytes, expected);
        return { ...attempt, headers: { ...attempt.headers, 'content-encoding': coding } };
      };
      return [
        coded('bomb', 'gzip', BOMB, ingress ? [413] : [415]),
        coded('not gzip', 'gzip', '{}', ingress ? [400] : [415]),
        coded('unknown', 'nonsense', '{}', [415]),
        coded('two', 'gzip, gzip', '{}', [415]),
      ];
    },
  },
  { name: 'invalid UTF-8', attempts: (op, fx) => bodies(op, fx, { bytes: NOT_UTF8 }, [400]) },
  {
    name: 'a content type it does not take',
    attempts: (op, fx) =>
      !op.takesBody || op.isHook
        ? []
        : [
            'text/plain',
            'application/xml',
            'multipart/form-data; boundary=x',
            'application/x-www-form-urlencoded',
            'application/json5',
            'nonsense',
            ';;;',
          ].map((type) => ({
            ...body(op, fx, type, '{}', [415]),
            headers: { ...auth(fx), 'content-type': type },
          })),
  },
  {
    name: 'names and ids that do not exist',
    attempts: (op, fx) =>
      op.parameters.length === 0 || op.method === 'PUT'
        ? []
        : [{ ...request(op, fx, 'missing', fill(op.path, MISSING), [404]), body: bodyOf(op) }],
  },
  {
    name: 'a huge header',
    attempts: (op, fx) => [{ ...request(op, fx, '40 KB', target(op, fx), [431]), headers: { ...auth(fx), 'x-huge': 'h'.repeat(40_000) } }],
  },
  {
    name: 'broken limits and cursors',
    attempts: (op, fx) => {
      const limits = ['0', '201', '-1', 'abc', '1e9', '', ' ', '1.5', '99999999999999999999', "1' OR '1'='1"];
      const cursors = [
        'nonsense',
        '..',
        '%00',
        'a'.repeat(3_000),
        'AAAAAAAAAAAAAAAAAAAA',
        '',
        Buffer.from('{"__proto__":1}').toString('base64url'),
      ];
      return [
        ...(op.query.includes('limit') ? limits.map((value) => query(op, fx, 'limit', encodeURIComponent(value))) : []),
        ...(op.query.includes('cursor') ? cursors.map((value) => query(op, fx, 'cursor', value)) : []),
      ];
    },
  },
  {
    name: 'other broken query parameters',
    attempts: (op, fx) =>
      safeMethod(op)
        ? op.query
            .filter((name) => name !== 'limit' && name !== 'cursor')
            .flatMap((name) => [
              ...(['from', 'to', 'window', 'messageId', 'state'].includes(name)
                ? ['yesterday', '2020-13-45', "'; DROP TABLE message; --", '']
                : []
              ).map((value) => query(op, fx, name, encodeURIComponent(value))),
              { ...query(op, fx, name, '%00'), expected: [400] },
              { ...query(op, fx, name, '%ff%fe'), expected: [200, 400] },
              { ...query(op, fx, name, 'x'.repeat(9_000)), expected: [400] },
              { ...query(op, fx, name, encodeURIComponent("' OR 1=1 --")), expected: [200, 400] },
              { ...request(op, fx, `${name} twice`, `${target(op, fx)}?${name}=a&${name}=b`, [400]) },
              { ...request(op, fx, `${name}[]`, `${target(op, fx)}?${name}[__proto__]=b`, [200, 400]) },
            ])
        : [],
  },
  {
    name: 'path parameters with tricks',
    attempts: (op, fx) =>
      op.parameters.flatMap((parameter) =>
        [
          '%2e%2e%2f',
          '..%2f..%2fetc%2fpasswd',
          '%2e%2e',
          '%00',
          'a%00b',
          '%',
          '%zz',
          '%c0%ae%c0%ae',
          '%ff',
          'a'.repeat(100),
          'a'.repeat(5_000),
          '%22%27%3B--',
          "'%20OR%20'1'%3D'1",
          '__proto__',
          ...(op.method === 'PUT' ? [] : ['constructor']),
          'UPPER',
          '%20',
          '..;',
          '*',
        ].map((value) => {
          // Inside a path the last segment decides which route is meant: what it resolves to may be another resource or none.
          const filled = fill(op.path, { ...fx.existing(op.path), [parameter]: value });
          return { ...request(op, fx, `${parameter} = ${value.slice(0, 30)}`, filled, [400, 404]), body: bodyOf(op) };
        }),
      ),
  },
  {
    name: 'targets with tricks',
    attempts: (op, fx) => {
      const path = target(op, fx);
      return safeMethod(op)
        ? [
            request(op, fx, '//', `/${path}`, [400, 404]),
            request(op, fx, '/..', `/../..${path}`, [400, 404]),
            request(op, fx, '/./', `/.${path}`, [400, 404]),
            request(
              op,
              fx,
              'encoded slash',
              path.replace(/\/(?=[^/]+$)/, '%2f'),
              path.lastIndexOf('/') === 0 ? [200, 400, 404] : [400, 404],
            ),
            request(op, fx, 'backslash', path.replaceAll('/', '\\'), [400, 404]),
            request(op, fx, '%', `${path}%`, [400, 404]),
            request(op, fx, '%00', `${path}%00`, [400, 404]),
          ]
        : [];
    },
  },
  {
    name: 'NUL and half a surrogate pair in every text',
    attempts: (op, fx) =>
      ['a\\u0000b', '\\ud800', '\\udc00x'].flatMap((escaped) =>
        withEachText(SAMPLES[op.title], '@@')
          .filter(({ path }) => !(op.path === '/v1/messages' && path.startsWith('/data')))
          .map(({ path, value }) => body(op, fx, `${path} = ${escaped}`, JSON.stringify(value).replace('@@', escaped), [400, 422])),
      ),
  },
  {
    name: 'very long texts',
    attempts: (op, fx) =>
      withEachText(SAMPLES[op.title], 'x'.repeat(200_000))
        .filter(({ path }) => !LONG_IS_FINE.test(`${op.title} ${path}`))
        .map(({ path, value }) => body(op, fx, path, JSON.stringify(value), [422])),
  },
  {
    name: 'names that reach prototypes',
    attempts: (op, fx) =>
      op.isHook
        ? bodies(op, fx, PROTOTYPES, [202])
        : [
            ...bodies(op, fx, PROTOTYPES, [400, 422]),
            ...(SAMPLES[op.title] === undefined
              ? []
              : ['"__proto__":{"admin":true}', '"constructor":{"prototype":{"admin":true}}'].map((member) =>
                  body(op, fx, `with ${member}`, `${JSON.stringify(SAMPLES[op.title]).slice(0, -1)},${member}}`, [400, 422]),
                )),
          ],
  },
  {
    name: 'unknown fields',
    attempts: (op, fx) => {
      const sample = SAMPLES[op.title];
      if (typeof sample !== 'object' || sample === null) return [];
      return [body(op, fx, 'unknown', JSON.stringify({ ...sample, surprise: 1 }), [422])];
    },
  },
  {
    name: 'no key, and a wrong one',
    attempts: (op, fx) =>
      op.open
        ? []
        : [
            { ...request(op, fx, 'none', target(op, fx), [401]), headers: json(), body: bodyOf(op) },
            ...['Bearer wrong', 'Bearer ', 'Basic YTpi', 'Bearer a b', `Bearer ${'k'.repeat(5_000)}`, 'Bearer \u00e9\u00e9'].map(
              (authorization) => ({
                ...request(op, fx, authorization.slice(0, 20), target(op, fx), [401]),
                headers: { ...json(), authorization },
                body: bodyOf(op),
              }),
            ),
            {
              ...request(op, fx, 'cookie', target(op, fx), [401]),
              headers: { ...json(), cookie: 'nave_session=__proto__' },
              body: bodyOf(op),
            },
          ],
  },
];

const PROTOTYPES: Readonly<Record<string, string>> = {
  proto: '{"__proto__":{"admin":true}}',
  constructor: '{"constructor":{"prototype":{"admin":true}}}',
  nested: '{"a":{"__proto__":{"admin":true}}}',
};

/** Members that may be of any type. */
const ANYTHING = new Set([
  'POST /v1/messages /data',
  'POST /api/v1/deliveries/{id}/resolve /output',
  'POST /api/v1/expressions/evaluate /input',
]);
/** Values of another type that are fine where they are. */
const ALLOWED = new Set<string>([
  'POST /api/v1/replays /dryRun = true',
  'POST /api/v1/views /shared = true',
  ...['spokes/{name}', 'queues/{spoke}'].flatMap((of) =>
    ['/dryRun = true', '/rate = 7'].map((same) => `POST /api/v1/${of}/resume ${same}`),
  ),
]);
const LONG_IS_FINE =
  /\/data\/text|\/resolve \/output|\/evaluate \/input|\/replay \/body|credentials|config\/operations|operations\/create\/(body|headers)/;

/** A list is a batch where batches are taken. */
function exceptBatch(op: Operation): (label: string) => boolean {
  return (label) => !(label === 'list' && op.path === '/v1/messages');
}

function bodies(
  op: Operation,
  fx: Fixture,
  texts: Readonly<Record<string, string | Buffer>>,
  expected: readonly number[],
  keep: (label: string) => boolean = () => true,
): Attempt[] {
  if (!op.takesBody) return [];
  return Object.entries(texts)
    .filter(([label]) => keep(label))
    .map(([label, text]) => body(op, fx, label, text, expected));
}

function body(op: Operation, fx: Fixture, label: string, text: string | Buffer, expected: readonly number[]): Attempt {
  const contentType = op.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return {
    ...request(op, fx, label, op.takesBody ? target(op, fx) : fill(op.path, MISSING), expected),
    headers: { ...auth(fx), 'content-type': contentType },
    body: text,
  };
}

function query(op: Operation, fx: Fixture, name: string, value: string): Attempt {
  return request(op, fx, `${name}=${value.slice(0, 30)}`, `${target(op, fx)}?${name}=${value}`, [400]);
}

function request(op: Operation, fx: Fixture, label: string, path: string, expected: readonly number[]): Attempt {
  return { label, method: op.method, target: path, headers: op.takesBody ? { ...auth(fx), ...json() } : auth(fx), expected };
}

function target(op: Operation, fx: Fixture): string {
  return fill(op.path, fx.existing(op.path));
}

/** A valid body, so that only what the case is about is wrong. */
function bodyOf(op: Operation): string | undefined {
  return op.takesBody ? JSON.stringify(SAMPLES[op.title] ?? {}) : undefined;
}

function auth(fx: Fixture): Record<string, string> {
  return { authorization: `Bearer ${fx.key}` };
}

function json(): Record<string, string> {
  return { 'content-type': 'application/json' };
}

function safeMethod(op: Operation): boolean {
  return op.method === 'GET';
}
