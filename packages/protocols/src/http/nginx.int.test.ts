import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { HttpExchangeRequest } from '@nave/adapter-kit';
import { isInstalled, withProgram } from '@nave/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exchangeAuthorized } from './authorized-exchange.ts';
import { createAuthority, type TestAuthority, type TestCertificate } from './certificates-fixture.ts';
import type { HttpCredentials } from './credentials.ts';
import { createGuardedHttp, type GuardedHttpOptions } from './guarded-http.ts';
import { createHttpAuth } from './http-auth.ts';
import { outcomeOfExchange } from './http-outcome.ts';
import { type Nginx, startNginx } from './nginx-fixture.ts';
import { type PinMismatch, pinsOf } from './pinned-certificate.ts';
import { probeOfExchange } from './probe-http.ts';
import type { HttpTls } from './tls-settings.ts';
import { createTokenCache } from './token-cache.ts';

const clock = { now: () => Date.now() };
const signal = new AbortController().signal;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Spoke {
  credentials?: HttpCredentials;
  tls?: HttpTls;
  options?: Partial<GuardedHttpOptions>;
}

/** Sends as a kind does; every host name is this machine. */
function send(url: string, { credentials = { type: 'none' }, tls, options }: Spoke) {
  const http = createGuardedHttp({
    guard: { check: (_host, _port, addresses) => ({ ok: true, addresses }) },
    resolve: async () => ['127.0.0.1'],
    ...options,
  });
  cleanups.push(() => http.close());
  const auth = createHttpAuth(credentials, { spoke: 'erp', http, tokens: createTokenCache({ clock }), clock, tls });
  return async () => {
    const request: HttpExchangeRequest = { method: 'POST', url, headers: {}, body: 'x', timeoutMs: 60_000 };
    const sent = await exchangeAuthorized(http, auth, request, signal);
    if (!sent.ok) return sent.outcome;
    const outcome = outcomeOfExchange(sent.result, clock.now());
    return { ...outcome, text: Buffer.from(outcome.response?.body ?? '').toString(), probe: probeOfExchange(sent.result, false) };
  };
}

const needs = { installed: isInstalled('nginx', ['-v']) && isInstalled('openssl', ['version']), install: 'apt-get install nginx openssl' };

withProgram('nginx', needs, 'nginx with certificates', () => {
  let authority: TestAuthority;
  let stranger: TestAuthority;
  let nginx: Nginx;
  let url: (index: number, host?: string) => string;
  let served: TestCertificate;
  let client: TestCertificate;
  const mtls = (certificate: TestCertificate): HttpCredentials => ({
    type: 'mtls',
    clientCertificate: { cert: certificate.cert, key: certificate.key },
  });

  beforeAll(async () => {
    authority = createAuthority();
    stranger = createAuthority('stranger');
    served = authority.issue('erp', 'DNS:erp.example,IP:127.0.0.1');
    client = authority.issue('nave', 'DNS:nave');
    nginx = await startNginx([
      { certificate: served },
      { certificate: served, clientCa: authority.caFile },
      { certificate: authority.issue('other', 'DNS:other.example') },
      { certificate: authority.issue('expired', 'DNS:erp.example', -1) },
    ]);
    url = (index, host = 'erp.example') => `https://${host}:${nginx.ports[index]}/`;
  });
  afterAll(async () => {
    await nginx.stop();
    authority.remove();
    stranger.remove();
  });

  it('is trusted by the authority of the company, by name and by address, and not without it', async () => {
    const tls = { ca: authority.ca };
    expect(await send(url(0), { tls })()).toMatchObject({ kind: 'ok', text: 'NONE  erp.example' });
    expect(await send(url(0, '127.0.0.1'), { tls })()).toMatchObject({ kind: 'ok' });
    const unknown = { kind: 'unreachable', status: null, sent: false, detail: expect.stringContaining('unknown authority') };
    expect(await send(url(0), {})()).toMatchObject({ ...unknown, probe: { ok: false, checks: [{ name: 'tls', ok: false }] } });
    expect(await send(url(0), { tls: { ca: stranger.ca } })()).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('knows us by our certificate', async () => {
    const answer = await send(url(1), { tls: { ca: authority.ca }, credentials: mtls(client) })();
    expect(answer).toMatchObject({ kind: 'ok', text: 'SUCCESS CN=nave erp.example' });
  });

  it('can be asked with a certificate and a token at once', async () => {
    const credentials: HttpCredentials = { type: 'bearer', token: 'tok', clientCertificate: { cert: client.cert, key: client.key } };
    expect(await send(url(1), { tls: { ca: authority.ca }, credentials })()).toMatchObject({
      kind: 'ok',
      text: expect.stringContaining('nave'),
    });
  });

  it.each([
    ['no certificate', () => ({ type: 'none' }) as const, 'No required SSL certificate'],
    ['one of another authority', () => mtls(stranger.issue('nave', 'DNS:nave')), 'SSL certificate error'],
    ['an expired one', () => mtls(authority.issue('late', 'DNS:nave', -1)), 'SSL certificate error'],
  ])('refuses %s', async (_name, credentials, text) => {
    const answer = await send(url(1), { tls: { ca: authority.ca }, credentials: credentials() })();
    expect(answer).toMatchObject({ kind: 'rejected', status: 400, text: expect.stringContaining(text) });
  });

  it.each([
    ['is for another host name', 2, 'CERT_ALTNAME', 'another host name'],
    ['has expired', 3, 'CERT_HAS_EXPIRED', 'has expired'],
  ])('whose certificate %s gets nothing', async (_name, index, code, words) => {
    const answer = await send(url(index), { tls: { ca: authority.ca } })();
    expect(answer).toMatchObject({ kind: 'unreachable', sent: false, detail: expect.stringContaining(code) });
    expect(answer.detail).toContain(words);
    expect(answer.detail).toMatch(/^TLS: /);
  });

  it('is accepted under another name when told so, and SNI asks for that name', async () => {
    const tls = { ca: authority.ca, servername: 'other.example' };
    expect(await send(url(2), { tls })()).toMatchObject({ kind: 'ok', text: expect.stringContaining('other.example') });
  });

  describe('pins', () => {
    const pins = (certificate: TestCertificate) => pinsOf(new X509Certificate(certificate.cert));

    it('accepts a pinned certificate or key, in every spelling', async () => {
      const [cert, key] = pins(served);
      const hex = cert.slice('cert-sha256:'.length);
      const colons = `cert-sha256:${hex.toUpperCase().match(/../g)?.join(':')}`;
      const base64 = `spki-sha256:${Buffer.from(key.slice('spki-sha256:'.length), 'hex').toString('base64')}`;
      for (const pin of [cert, key, colons, base64]) {
        expect(await send(url(0), { tls: { ca: authority.ca, pins: [`cert-sha256:${'0'.repeat(64)}`, pin] } })()).toMatchObject({
          kind: 'ok',
        });
      }
    });

    it('refuses another one before anything is sent, names both, and tells', async () => {
      const told: PinMismatch[] = [];
      const [expected] = pins(client);
      const ask = send(url(0), { tls: { ca: authority.ca, pins: [expected] }, options: { onPinMismatch: (each) => told.push(each) } });
      const answer = await ask();
      expect(answer).toMatchObject({ kind: 'unreachable', status: null, sent: false, probe: { checks: [{ name: 'tls', ok: false }] } });
      for (const fingerprint of [expected, ...pins(served)]) expect(answer.detail).toContain(fingerprint);
      expect(told).toEqual([{ target: `erp.example:${nginx.ports[0]}`, expected: [expected], actual: pins(served) }]);
    });

    it('does not take the place of trust', async () => {
      expect(await send(url(0), { tls: { pins: [...pins(served)] } })()).toMatchObject({ kind: 'unreachable', sent: false });
    });

    it('of the key survives a renewal of the certificate, of the certificate does not; a new key is refused by both', async () => {
      const [cert, key] = pins(served);
      const byCert = send(url(0), { tls: { ca: authority.ca, pins: [cert] } });
      const byKey = send(url(0), { tls: { ca: authority.ca, pins: [key] } });
      expect([(await byCert()).kind, (await byKey()).kind]).toEqual(['ok', 'ok']);
      await nginx.replace(0, authority.issue('renewed', 'DNS:erp.example', 10, served));
      expect([(await byCert()).kind, (await byKey()).kind]).toEqual(['unreachable', 'ok']);
      await nginx.replace(0, authority.issue('changed', 'DNS:erp.example'));
      expect([(await byCert()).kind, (await byKey()).kind]).toEqual(['unreachable', 'unreachable']);
      await nginx.replace(0, served);
      expect([(await byCert()).kind, (await byKey()).kind]).toEqual(['ok', 'ok']);
    });
  });

  it('a certificate that cannot be read is said before a connection is made, without a word of the key', async () => {
    const credentials: HttpCredentials = { type: 'mtls', clientCertificate: { cert: client.cert, key: served.key } };
    const answer = await send(url(1), { tls: { ca: authority.ca }, credentials })();
    expect(answer).toMatchObject({ kind: 'unreachable', sent: false, detail: expect.stringContaining('client certificate') });
  });

  // With TLS 1.3 the handshake is over for us before the server has looked at our certificate: the request may be on its way.
  it.each([
    ['TLSv1.2', { sent: false }],
    ['TLSv1.3', {}],
  ] as const)('a server that ends %s over our certificate is unreachable', async (version, more) => {
    const server = createServer(
      {
        cert: served.cert,
        key: served.key,
        ca: authority.ca,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      },
      (_request, response) => response.end('never'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await send(`https://erp.example:${port}/`, {
      tls: { ca: authority.ca },
      credentials: mtls(stranger.issue('x', 'DNS:x')),
    })();
    expect(answer).toMatchObject({ kind: 'unreachable', status: null, ...more });
  });
});
