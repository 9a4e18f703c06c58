/** A process that uses a directory and then has nothing left to do; whether it ends is what the test looks at. */
import type { AdapterContext } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger } from '@nave/core';
import { createGuardedAddresses, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { createFakeExpressions } from '../fake-expressions.ts';
import { ldap } from './index.ts';

const [, , url = '', ca = '', ending = ''] = process.argv;
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const clock = { now: () => 0 };
const context: AdapterContext<unknown> = {
  ...{ spoke: 's', credentials: { type: 'none' }, policy: DEFAULT_POLICY, logger: silent, clock, expressions: createFakeExpressions({}) },
  http: { exchange: () => Promise.reject(new Error('no HTTP')), close: async () => {} },
  tokens: createTokenCache({ clock }),
  addresses: createGuardedAddresses({
    guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }),
    resolve: async () => ['127.0.0.1'],
  }),
};
const connection = await ldap.open({ url, ca: Buffer.from(ca, 'base64').toString('utf8') }, context);
const request = {
  deliveryId: 'd',
  messageId: 'm',
  attempt: 1,
  operation: 'exists',
  traceparent: null,
  timeoutMs: ending === 'timeout' ? 100 : 10_000,
};
const input = { data: { dn: 'dc=example,dc=test' }, raw: null };
const outcome = await connection.send({ ...request, input }, new AbortController().signal);
if (ending === 'close') await connection.close();
process.stdout.write(outcome.kind);
