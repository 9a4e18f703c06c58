import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterContext } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { isInstalled, withProgram } from '@nave/testkit';
import { expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { soap } from './index.ts';
import { ORDERS_XSD, ordersWsdl, startOrderSystem } from './simulator/index.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const INSTALL = 'install OpenSSL: apt-get install openssl';

withProgram('openssl', { installed: isInstalled('openssl', ['version']), install: INSTALL }, 'a soap spoke with a certificate', () => {
  it('signs in with a user name, signs body and timestamp, and sends attachments, all in one message', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'nave-keys-'));
    const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=nave.test', '-days', '1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certFile, ...subject], {
      stdio: 'ignore',
    });
    const [privateKey, certificate] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
    rmSync(dir, { recursive: true });

    const user = { username: 'nave', password: 'p&ss-SECRET-1' };
    const system = await startOrderSystem({ user });
    const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
    const clock = { now: () => Date.now() };
    const credentials = { type: 'ws-security', ...user, passwordType: 'digest', certificate, privateKey };
    const config = { wsdl: { text: ordersWsdl(system.url), documents: { 'orders.xsd': ORDERS_XSD } }, mtom: { thresholdBytes: 64 } };
    const expressions = createFakeExpressions();
    expect(soap.check(config, credentials, { expressions })).toEqual([]);
    const context: AdapterContext<unknown> = {
      ...{ spoke: 's', credentials, policy: DEFAULT_POLICY, logger: silent, clock, http, expressions },
      tokens: createTokenCache({ clock }),
    };
    const connection = await soap.open(config, context);
    const order = { number: 'A1', document: Buffer.from('PDF'.repeat(100)).toString('base64') };
    const send = { deliveryId: 'd', messageId: 'm', attempt: 1, operation: 'createOrder', traceparent: null, timeoutMs: 60_000 };
    const outcome = await connection.send({ ...send, input: { data: { order }, raw: null } }, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'ok' });
    expect(system.orders().get('A1')).toEqual(order);
    const [security] = system.headers();
    const tokens = security?.children.flatMap((child) => (typeof child !== 'string' && 'local' in child ? [child.local] : []));
    expect(tokens).toEqual(['Timestamp', 'UsernameToken', 'BinarySecurityToken', 'Signature']);
    await connection.close();
    await http.close();
    await system.close();
  });
});
