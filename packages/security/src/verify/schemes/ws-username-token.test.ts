import { createHash } from 'node:crypto';
import type { UsernameTokenClaim } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { compileVerifier } from '../compile-verifier.ts';
import { createLocalNonces } from '../nonce-memory.ts';
import { clockAt, NOW_MS, rawRequest, schemeOf } from '../request.fixture.ts';
import { verifySchemeProblems } from '../scheme-problems.ts';

const SECRET = 'Tajné heslo';
const at = (ms: number) => new Date(ms).toISOString();

function text(change: Partial<UsernameTokenClaim> = {}): UsernameTokenClaim {
  return { username: 'shop', password: SECRET, passwordType: 'text', nonce: null, created: null, expires: null, ...change };
}

function digest({ password = SECRET, createdAt = NOW_MS, nonce = Buffer.from('nonce-1') } = {}): UsernameTokenClaim {
  const created = at(createdAt);
  const said = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return text({ password: said, passwordType: 'digest', nonce, created });
}

function verifier(options: Record<string, unknown> = { username: 'shop' }, secrets = [SECRET], nowMs = NOW_MS) {
  const verify = compileVerifier([schemeOf('ws-username-token', secrets, options)], { clock: clockAt(nowMs) });
  return (usernameToken: UsernameTokenClaim | undefined) => verify(rawRequest({ usernameToken }));
}

describe('ws-username-token', () => {
  it('takes the password as text and as digest, and the caller’s own key then counts', async () => {
    for (const token of [text(), digest(), text({ nonce: Buffer.from('n'), created: at(NOW_MS) })])
      expect(await verifier()(token)).toEqual({ ok: true, callerIdempotencyKey: true });
    expect(await verifier({}, [`shop:${SECRET}`])(digest())).toMatchObject({ ok: true });
    expect(await verifier({}, [`other:x`, `shop:${SECRET}`])(text())).toMatchObject({ ok: true });
  });

  it.each([
    ['nothing', undefined],
    ['another password', text({ password: 'guess' })],
    ['another name', text({ username: 'shoq' })],
    ['an empty password', text({ password: '' })],
    ['a digest of another password', digest({ password: 'guess' })],
    ['the digest under another nonce', { ...digest(), nonce: Buffer.from('nonce-2') }],
    ['the digest under another time', { ...digest(), created: at(NOW_MS + 1) }],
    ['the digest given as text', text({ password: digest().password })],
    ['the password given as digest', { ...digest(), password: SECRET }],
    ['a digest without a nonce', { ...digest(), nonce: null }],
    ['a digest with an empty nonce', digest({ nonce: Buffer.alloc(0) })],
    ['a digest without a time', { ...digest(), created: null }],
    ['a nonce without a time', text({ nonce: Buffer.from('n') })],
    ['a malformed time', text({ created: 'yesterday' })],
    ['a malformed end', text({ expires: 'tomorrow' })],
    ['an end that is over', text({ expires: at(NOW_MS - 301_000) })],
    ['a nonce without end', digest({ nonce: Buffer.alloc(2_000) })],
  ])('refuses %s', async (_, token) => {
    expect(await verifier()(token)).toMatchObject({ ok: false, reason: expect.any(String) });
  });

  it('takes a nonce once, and leaves it unused by who does not know the password', async () => {
    const verify = verifier();
    expect(await verify({ ...digest(), password: 'AAAA' })).toMatchObject({ ok: false });
    expect(await verify(digest())).toMatchObject({ ok: true });
    expect(await verify(digest())).toEqual({ ok: false, reason: 'the nonce was used before' });
    expect(await verify(digest({ createdAt: NOW_MS + 1_000 }))).toMatchObject({ ok: false });
    expect(await verify(digest({ nonce: Buffer.from('nonce-2') }))).toMatchObject({ ok: true });
  });

  it('takes times within the tolerance, in UTC where they name no zone', async () => {
    expect(await verifier()(digest({ createdAt: NOW_MS - 300_000 }))).toMatchObject({ ok: true });
    expect(await verifier()(digest({ createdAt: NOW_MS - 300_001 }))).toMatchObject({ ok: false });
    expect(await verifier()(digest({ createdAt: NOW_MS + 300_001 }))).toMatchObject({ ok: false });
    expect(await verifier()(text({ created: at(NOW_MS).replace('Z', '') }))).toMatchObject({ ok: true });
    expect(await verifier({ username: 'shop', tolerance: '1s' })(digest({ createdAt: NOW_MS - 2_000 }))).toMatchObject({ ok: false });
  });

  it('refuses the way of sending that is not wanted', async () => {
    expect(await verifier({ username: 'shop', password: 'digest' })(text())).toMatchObject({ ok: false });
    expect(await verifier({ username: 'shop', password: 'text' })(digest())).toMatchObject({ ok: false });
    expect(await verifier({ username: 'shop', password: 'digest' })(digest())).toMatchObject({ ok: true });
  });

  it('needs a name, in the options or before the password', () => {
    expect(verifySchemeProblems(schemeOf('ws-username-token', ['secret']))).toEqual([{ path: '/secret', message: expect.any(String) }]);
    expect(verifySchemeProblems(schemeOf('ws-username-token', ['secret'], { username: 'shop' }))).toEqual([]);
  });
});

describe('nonces of one process', () => {
  it('are forgotten after their time, and refused rather than forgotten sooner', async () => {
    let now = 0;
    const nonces = createLocalNonces(() => now, 2);
    expect([await nonces.firstUse('a', 10), await nonces.firstUse('b', 20), await nonces.firstUse('a', 10)]).toEqual([true, true, false]);
    expect(await nonces.firstUse('c', 10)).toBe(false);
    now = 11;
    expect([await nonces.firstUse('c', 10), await nonces.firstUse('b', 10), await nonces.firstUse('a', 10)]).toEqual([true, false, false]);
    now = 22;
    expect(await nonces.firstUse('a', 10)).toBe(true);
  });
});
