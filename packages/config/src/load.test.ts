import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { describe, type Environment, load, renderConfigurationDoc, renderEnvExample, Secret } from './index.ts';
import { VARIABLES } from './variables.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function config(env: Environment) {
  const result = load(env);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problems(env: Environment): string[] {
  const result = load(env);
  return result.ok ? [] : result.problems;
}

suite('load', () => {
  it('starts from an empty environment with the defaults of the contract', () => {
    expect(config({})).toMatchObject({
      host: '127.0.0.1',
      port: 7070,
      publicUrl: null,
      dataDir: '.nave',
      databaseUrl: null,
      redisUrls: [],
      role: 'all',
      workerConcurrency: 256,
      ticketShards: 1,
      logLevel: 'info',
      listensOnLoopback: true,
      egress: ['127.0.0.0/8', '::1'],
    });
  });

  it('takes an empty value as unset', () => {
    expect(config({ NAVE_PORT: '', NAVE_EGRESS: ' ' })).toMatchObject({ port: 7070, egress: ['127.0.0.0/8', '::1'] });
  });

  it('opens loopback to spokes only when embedded and listening on loopback', () => {
    expect(config({ NAVE_HOST: '0.0.0.0' }).egress).toEqual([]);
    expect(config({ DATABASE_URL: 'postgresql://x@db/nave', NAVE_SECRET_KEY: KEY }).egress).toEqual([]);
    expect(config({ NAVE_HOST: '0.0.0.0', NAVE_EGRESS: '*' }).egress).toEqual(['*']);
  });

  it('reads every variable', () => {
    const read = config({
      NAVE_HOST: '::',
      NAVE_PORT: '0',
      NAVE_PUBLIC_URL: 'https://nave.example.com/base/',
      NAVE_TRUST_PROXY: '10.0.0.0/8, ::1',
      NAVE_TLS_CERT: 'a.crt',
      NAVE_TLS_KEY: 'a.key',
      NAVE_TLS_CLIENT_CA: 'ca.crt',
      NAVE_CORS_ORIGINS: 'https://a.example.com',
      NAVE_DATA_DIR: '/data',
      DATABASE_URL: 'postgres://u:p@h/d',
      REDIS_URL: 'redis://a:6379,rediss://b:6380',
      NAVE_ROLE: 'worker',
      NAVE_WORKER_CONCURRENCY: '8',
      NAVE_TICKET_SHARDS: '4',
      NAVE_ADMIN_KEY: 'sixteen-chars-ok',
      NAVE_SECRET_KEY: KEY,
      NAVE_CONFIG: 'nave.yaml',
      NAVE_LOG_LEVEL: 'debug',
      NAVE_EGRESS: 'erp.internal:8443,10.0.0.0/8,[::1]:80,localhost',
    });
    expect(read).toMatchObject({
      publicUrl: 'https://nave.example.com/base',
      trustProxy: ['10.0.0.0/8', '::1'],
      tls: { certPath: 'a.crt', keyPath: 'a.key', clientCaPath: 'ca.crt' },
      role: 'worker',
      listensOnLoopback: false,
      egress: ['erp.internal:8443', '10.0.0.0/8', '[::1]:80', 'localhost'],
    });
    expect(read.redisUrls.map((url) => url.reveal())).toEqual(['redis://a:6379', 'rediss://b:6380']);
    expect(read.secretKey?.reveal()).toBe(KEY);
  });

  it.each([
    ['NAVE_HOST', 'http://x'],
    ['NAVE_HOST', '256.1.1.1'],
    ['NAVE_PORT', '65536'],
    ['NAVE_PORT', '-1'],
    ['NAVE_PORT', '80.5'],
    ['NAVE_PORT', '0x50'],
    ['NAVE_PUBLIC_URL', 'nave.example.com'],
    ['NAVE_PUBLIC_URL', 'ftp://nave.example.com'],
    ['NAVE_PUBLIC_URL', 'https://user:pass@nave.example.com'],
    ['NAVE_PUBLIC_URL', 'https://nave.example.com?x=1'],
    ['NAVE_TRUST_PROXY', '10.0.0.0/33'],
    ['NAVE_TRUST_PROXY', '10.0.0.0/8,'],
    ['NAVE_TRUST_PROXY', 'loopback'],
    ['NAVE_CORS_ORIGINS', '*'],
    ['NAVE_CORS_ORIGINS', 'https://a.example.com/path'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['REDIS_URL', 'redis://a,http://b'],
    ['NAVE_ROLE', 'workers'],
    ['NAVE_WORKER_CONCURRENCY', '0'],
    ['NAVE_TICKET_SHARDS', '65'],
    ['NAVE_ADMIN_KEY', 'short'],
    ['NAVE_ADMIN_KEY', 'sixteen characters with spaces'],
    ['NAVE_SECRET_KEY', 'c2hvcnQ='],
    ['NAVE_SECRET_KEY', Buffer.alloc(33).toString('base64')],
    ['NAVE_LOG_LEVEL', 'verbose'],
    ['NAVE_EGRESS', 'host:0'],
    ['NAVE_EGRESS', 'http://host'],
  ])('refuses %s=%s in one line that names it and not its value', (name, value) => {
    const [line = '', ...more] = problems({ NAVE_SECRET_KEY: KEY, [name]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${name}: got .+, expected .+`));
    expect(line.split(', expected')[0]).not.toContain(value);
  });

  it('says all problems at once', () => {
    const lines = problems({ NAVE_PORT: 'x', NAVE_ROLE: 'y', DATABASE_URL: 'z', NAVE_TLS_CERT: 'a' });
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'NAVE_PORT',
      'NAVE_ROLE',
      'NAVE_SECRET_KEY',
      'NAVE_TLS_KEY',
    ]);
  });

  it('asks for the secret key when the database is external', () => {
    expect(problems({ DATABASE_URL: 'postgresql://db/nave' })).toEqual([
      expect.stringMatching(/^NAVE_SECRET_KEY: not set, expected base64/),
    ]);
  });

  it('wants certificate and key together', () => {
    expect(problems({ NAVE_TLS_CERT: 'a' })).toHaveLength(1);
    expect(problems({ NAVE_TLS_KEY: 'a' })).toHaveLength(1);
    expect(problems({ NAVE_TLS_CLIENT_CA: 'a' })).toHaveLength(1);
  });

  it('names files that cannot be read', () => {
    const result = load({ NAVE_CONFIG: 'missing.yaml', NAVE_TLS_CERT: 'a', NAVE_TLS_KEY: 'b' }, { isReadable: (path) => path === 'a' });
    expect(result).toMatchObject({ ok: false, problems: [expect.stringMatching(/^NAVE_TLS_KEY/), expect.stringMatching(/^NAVE_CONFIG/)] });
  });

  it('never throws and never repeats a value of 8 characters or more, whatever it is given', () => {
    const names = Object.values(VARIABLES).map(({ name }) => name);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.string({ minLength: 8, unit: fc.constantFrom(...'qzQZ0189/:.,@[]*= ') })),
        (env) => {
          const result = load(env);
          if (result.ok) return;
          for (const value of Object.values(env))
            for (const line of result.problems) expect(line.includes(value) && value.trim().length > 7).toBe(false);
        },
      ),
    );
  });
});

suite('Secret', () => {
  it('prints as redacted everywhere', () => {
    const secret = new Secret('hunter2');
    const seen = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ a: [secret] }, { showHidden: true }),
      `x${secret}`,
    ];
    for (const text of seen) expect(text).toContain('[redacted]');
    for (const text of seen) expect(text).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});

suite('describe', () => {
  it('has one row per variable, each with an example that loads', () => {
    expect(describe()).toHaveLength(Object.keys(VARIABLES).length);
    const env = Object.fromEntries(describe().map(({ name, example }) => [name, example]));
    expect(problems(env)).toEqual([]);
  });

  it.each([
    ['.env.example', renderEnvExample],
    ['docs/configuration.md', renderConfigurationDoc],
  ])('%s is what the variables say (else: pnpm docs:write)', (file, render) => {
    expect(readFileSync(fileURLToPath(new URL(`../../../${file}`, import.meta.url)), 'utf8')).toBe(render());
  });
});
