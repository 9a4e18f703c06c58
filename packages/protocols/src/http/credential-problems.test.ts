import { generateKeyPairSync } from 'node:crypto';
import { checkSchema, maskSecrets, mergeSecrets } from '@nave/adapter-kit';
import { describe, expect, it } from 'vitest';
import { httpCredentialProblems, httpTlsProblems } from './credential-problems.ts';
import { HttpCredentials } from './credentials.ts';
import { HttpTls } from './tls-settings.ts';

const PEM = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const JWK = JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }));
const CERT = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const tokenUrl = 'https://id.example/token';
const client = { type: 'oauth2-client-credentials', tokenUrl, clientId: 'c' } as const;

describe('credentials', () => {
  it.each<[HttpCredentials, string[]]>([
    [{ ...client, clientSecret: 's' }, []],
    [client, ['/credentials/clientSecret']],
    [{ ...client, clientAuth: 'body' }, ['/credentials/clientSecret']],
    [{ ...client, clientAuth: 'private-key-jwt' }, ['/credentials/privateKey']],
    [{ ...client, clientAuth: 'private-key-jwt', privateKey: 'no key' }, ['/credentials/privateKey']],
    [{ ...client, clientAuth: 'private-key-jwt', privateKey: PEM }, []],
    [{ ...client, clientAuth: 'private-key-jwt', privateKey: PEM, algorithm: 'ES256' }, ['/credentials/privateKey']],
    [{ ...client, clientAuth: 'private-key-jwt', privateKey: JWK, algorithm: 'ES256' }, []],
    [{ ...client, clientAuth: 'tls' }, ['/credentials/clientCertificate']],
    [{ ...client, clientAuth: 'none' }, ['/credentials/clientAuth']],
    [{ type: 'oauth2-refresh-token', tokenUrl, clientId: 'c', clientAuth: 'none', refreshToken: 'r' }, []],
    [{ type: 'oauth2-jwt-bearer', tokenUrl, issuer: 'i', privateKey: '{}' }, ['/credentials/privateKey']],
    [{ type: 'cookie-login', url: 'https://2130706433/', username: 'u', password: 'p' }, ['/credentials/url']],
    [{ type: 'mtls', clientCertificate: { cert: CERT, key: PEM } }, ['/credentials/clientCertificate']],
    [{ type: 'bearer', token: 'pasted\n' }, ['/credentials/token']],
    [{ type: 'bearer', token: 'PRIVATE ž' }, ['/credentials/token']],
    [{ type: 'api-key', value: 'pasted\r\nX: 1' }, ['/credentials/value']],
    [{ type: 'api-key', in: 'query', value: 'ž' }, []],
    [{ type: 'hmac', secret: 'PRIVATE', secretEncoding: 'hex' }, ['/credentials/secret']],
    [{ type: 'hmac', secret: 'abc', secretEncoding: 'hex' }, ['/credentials/secret']],
    [{ type: 'hmac', secret: 'PRIVATE, with a comma', secretEncoding: 'base64' }, ['/credentials/secret']],
    [{ type: 'hmac', secret: 'AbC0=', secretEncoding: 'base64' }, ['/credentials/secret']],
    [{ type: 'hmac', secret: 'a0B1', secretEncoding: 'hex' }, []],
    [{ type: 'hmac', secret: 'ab-_', secretEncoding: 'base64' }, []],
    [{ type: 'hmac', secret: 's', signed: '{timestamp}.{boddy}' }, ['/credentials/signed']],
    [{ type: 'hmac', secret: 's', signed: '{timestamp}.{nonce}.{"a":{body}}' }, []],
  ])('%#: what does not belong together is named', (credentials, paths) => {
    expect(checkSchema(HttpCredentials, credentials, '/credentials')).toEqual([]);
    const problems = httpCredentialProblems(credentials);
    expect(problems.map(({ path }) => path)).toEqual(paths);
    expect(JSON.stringify(problems)).not.toContain('PRIVATE');
  });

  it('keep every secret out of what is read, and take it back', () => {
    const all: HttpCredentials[] = [
      { type: 'digest', username: 'u', password: 'SECRET' },
      { ...client, clientSecret: 'SECRET', privateKey: 'SECRET' },
      { type: 'oauth2-refresh-token', tokenUrl, clientId: 'c', clientSecret: 'SECRET', refreshToken: 'SECRET' },
      { type: 'oauth2-jwt-bearer', tokenUrl, issuer: 'i', privateKey: 'SECRET' },
      { type: 'cookie-login', url: tokenUrl, username: 'u', password: 'SECRET' },
      { type: 'mtls', clientCertificate: { cert: CERT, key: 'SECRET', passphrase: 'SECRET' } },
      { type: 'bearer', token: 'SECRET', clientCertificate: { cert: CERT, key: 'SECRET' } },
    ];
    for (const credentials of all) {
      const masked = maskSecrets(HttpCredentials, credentials);
      expect(JSON.stringify(masked)).not.toContain('SECRET');
      expect(mergeSecrets(HttpCredentials, masked, credentials)).toEqual(credentials);
    }
  });
});

describe('TLS settings', () => {
  it.each([
    [{ pins: [`cert-sha256:${'a'.repeat(64)}`, `spki-sha256:${'A'.repeat(43)}=`, `cert-sha256:${'AB:'.repeat(31)}CD`] }, true],
    [{ pins: [`sha256:${'a'.repeat(64)}`] }, false],
    [{ pins: [`cert-sha256:${'a'.repeat(63)}`] }, false],
    [{ pins: [] }, false],
    [{ servername: 'erp.example' }, true],
    [{ servername: 'erp example' }, false],
    [{ rejectUnauthorized: false }, false],
    [{ ca: 'not PEM' }, false],
  ])('%j fit: %s', (tls, fits) => {
    expect(checkSchema(HttpTls, tls).length === 0).toBe(fits);
  });

  it('are of no use without TLS, and their authority must be readable', () => {
    expect(httpTlsProblems({ servername: 'x' }, 'http://erp.example', '/config/tls')).toMatchObject([{ path: '/config/tls' }]);
    expect(httpTlsProblems({ ca: CERT }, 'https://erp.example', '/config/tls')).toMatchObject([{ path: '/config/tls/ca' }]);
    expect(httpTlsProblems(undefined, 'http://erp.example', '/config/tls')).toEqual([]);
  });
});
