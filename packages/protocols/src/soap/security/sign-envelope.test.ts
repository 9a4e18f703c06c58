import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, withProgram } from '@nave/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { readEnvelope, writeEnvelope } from '../envelope/soap-envelope.ts';
import { packMtom } from '../mime/mtom.ts';
import { SOAP11_NS, SOAP12_NS, WSSE_NS } from '../xml/namespaces.ts';
import { childElements, element, textOf } from '../xml/xml-element.ts';
import { loadSigner, signingKeyProblem } from './sign-envelope.ts';
import { passwordDigest, securityHeader, timestamp, usernameToken } from './username-token.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const INSTALL = 'install OpenSSL: apt-get install openssl';

withProgram('openssl', { installed: isInstalled('openssl', ['version']), install: INSTALL }, 'signing an envelope', () => {
  let keys = { privateKey: '', certificate: '' };
  let others = keys;
  beforeAll(() => {
    keys = makeKeys();
    others = makeKeys();
  });

  it.each(['1.1', '1.2'] as const)('covers body and timestamp with a signature that others can check (SOAP %s)', async (version) => {
    const signed = await sign(version, keys);
    const { valid, references } = verify(signed, keys.certificate);
    expect(valid).toBe(true);
    expect(references).toEqual(['Body', 'Timestamp']);
    const read = readEnvelope(signed);
    expect(read).toMatchObject({ ok: true });
    const security = read.ok ? read.envelope.headers.find(({ ns }) => ns === WSSE_NS) : undefined;
    expect(security && childElements(security).map(({ local }) => local)).toEqual(['Timestamp', 'BinarySecurityToken', 'Signature']);
  });

  it('breaks when body or timestamp are changed on the way', async () => {
    const signed = await sign('1.1', keys);
    expect(verify(signed.replace('žluť', 'zlut'), keys.certificate).valid).toBe(false);
    expect(verify(signed.replace('12:05:00', '13:05:00'), keys.certificate).valid).toBe(false);
    expect(verify(signed, others.certificate).valid).toBe(false);
  });

  it('holds after binary values were taken out and put back', async () => {
    const base64 = Buffer.from('x'.repeat(300)).toString('base64');
    const signed = await sign('1.1', keys, base64);
    const { body } = packMtom(signed, [base64], '1.1', '', 'seed');
    const text = Buffer.from(body).toString('latin1');
    expect(text).toContain('xop:Include');
    expect(text).not.toContain(base64);
    const restored = Buffer.from(body)
      .toString('utf8')
      .split('\r\n\r\n')[1]
      ?.split('\r\n--')[0]
      ?.replace(/<xop:Include[^>]*\/>/, base64);
    expect(verify(restored ?? '', keys.certificate).valid).toBe(true);
  });

  it('refuses keys that do not fit, without quoting them', async () => {
    expect(signingKeyProblem(keys)).toBeNull();
    expect(signingKeyProblem({ ...keys, certificate: others.certificate })).toBe('the certificate does not belong to the private key');
    expect(signingKeyProblem({ ...keys, privateKey: 'SECRET' })).toBe('expected a private key as PEM that its passphrase opens');
    expect(signingKeyProblem({ ...keys, certificate: 'x' })).toBe('expected a certificate as PEM');
    expect(await loadSigner({ ...keys, privateKey: 'SECRET' }, true)).toMatchObject({ ok: false });
  });
});

async function sign(version: '1.1' | '1.2', keys: { privateKey: string; certificate: string }, content = 'žluť & <kůň>'): Promise<string> {
  const loaded = await loadSigner(keys, true);
  if (!loaded.ok) throw new Error(loaded.reason);
  const headers = [securityHeader(version === '1.1' ? SOAP11_NS : SOAP12_NS, [timestamp(NOW, 300_000)])];
  return loaded.sign(writeEnvelope({ version, headers, body: [element('{urn:x}order', [content])] }));
}

/** Checks with xml-crypto as a receiver would, and says what was signed. */
function verify(signed: string, certificate: string): { valid: boolean; references: string[] } {
  const signature = /<Signature[\s\S]*<\/Signature>/.exec(signed)?.[0] ?? '';
  const checker = new SignedXml({ publicCert: certificate, idMode: 'wssecurity' });
  checker.loadSignature(signature);
  try {
    const valid = checker.checkSignature(signed);
    const references = checker.getSignedReferences().map((each) => /^<(?:\w+:)?(\w+)/.exec(each)?.[1] ?? '');
    return { valid, references: references.toSorted() };
  } catch {
    return { valid: false, references: [] };
  }
}

function makeKeys(): { privateKey: string; certificate: string } {
  const dir = mkdtempSync(join(tmpdir(), 'nave-keys-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=nave.test', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const made = { privateKey: readFileSync(key, 'utf8'), certificate: readFileSync(cert, 'utf8') };
  rmSync(dir, { recursive: true });
  return made;
}

describe('a UsernameToken', () => {
  it('has the digest of the profile: Base64(SHA-1(nonce + created + password))', () => {
    const nonce = Buffer.from('0123456789abcdef');
    // printf '0123456789abcdef2026-11-21T12:00:00.000Zsecret' | openssl dgst -sha1 -binary | base64
    expect(passwordDigest(nonce, '2026-11-21T12:00:00.000Z', 'secret')).toBe('6/dN/GDZBTPNNb5zayGrfwivXYA=');
    const token = usernameToken({ username: 'u', password: 'secret', passwordType: 'PasswordDigest', nowMs: NOW, nonce });
    expect(childElements(token).map((child) => [child.local, textOf(child)])).toEqual([
      ['Username', 'u'],
      ['Password', '6/dN/GDZBTPNNb5zayGrfwivXYA='],
      ['Nonce', nonce.toString('base64')],
      ['Created', '2026-11-21T12:00:00.000Z'],
    ]);
  });
});
