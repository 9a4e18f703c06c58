// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references of a nave.yaml look like that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNaveYaml } from './parse-nave-yaml.ts';

const readers = {
  env: (name: string) => ({ ERP_TOKEN: 's3cret', EMPTY: '' })[name],
  file: (path: string) => {
    if (path === 'erp.key') return 'from-file\n';
    throw Object.assign(new Error('no'), { code: 'ENOENT' });
  },
};
const parse = (text: string) => parseNaveYaml(text, readers);
const problems = (text: string) => {
  const read = parse(text);
  return read.ok ? [] : read.problems;
};

const GOOD = `# the company
spokes:
  shop: { kind: source, inbound: { verify: { scheme: none } } }
  erp:
    kind: rest
    config: { baseUrl: "http://127.0.0.1:9001" }
    credentials: { type: bearer, token: "\${env:ERP_TOKEN}" }
routes:
  orders:
    from: { spoke: shop, type: order.* }
    steps:
      - { name: invoice, to: erp, operation: createInvoice }
`;

describe('a nave.yaml', () => {
  it('becomes the configuration, with secrets fetched and no warning', () => {
    const read = parse(GOOD);
    expect(read).toMatchObject({ ok: true, warnings: [] });
    if (!read.ok) return;
    expect(read.config.spokes?.['erp']?.credentials).toEqual({ type: 'bearer', token: 's3cret' });
    expect(read.config.routes?.['orders']?.steps).toHaveLength(1);
  });

  it('says where a pointer stands, or its nearest parent', () => {
    const read = parse(GOOD);
    if (!read.ok) throw new Error('not parsed');
    expect(read.locate('/spokes/erp/config/baseUrl')).toEqual({ line: 6, column: 15 });
    expect(read.locate('/routes/orders/steps/0/input/x')).toEqual({ line: 12, column: 9 });
    expect(read.locate('')).toEqual({ line: 1, column: 1 });
    expect(read.locate('nonsense')).toEqual({ line: 1, column: 1 });
  });

  it('may leave out or leave empty what it does not need', () => {
    expect(parse('spokes:\n')).toMatchObject({ ok: true, config: {} });
    expect(parse('{}')).toMatchObject({ ok: true, config: {} });
  });

  it('takes aliases for repeated parts', () => {
    const read = parse('spokes:\n  a: &a { kind: source }\n  b: *a\n');
    expect(read).toMatchObject({ ok: true, config: { spokes: { a: { kind: 'source' }, b: { kind: 'source' } } } });
  });
});

describe('references', () => {
  const title = (value: string) => parse(`spokes:\n  erp: { kind: rest, title: '${value}' }`);
  const resolved = (value: string) => {
    const read = title(value);
    return read.ok ? read.config.spokes?.['erp']?.title : read.problems;
  };

  it('are replaced anywhere in a string; files lose their last line end', () => {
    expect(resolved('a ${env:ERP_TOKEN} ${file:erp.key} b')).toBe('a s3cret from-file b');
  });

  it('are left as text when escaped', () => {
    expect(resolved('$${env:ERP_TOKEN}')).toBe('${env:ERP_TOKEN}');
  });

  it('that lead nowhere are problems at their line', () => {
    expect(resolved('${env:NOWHERE} ${env:EMPTY} ${file:gone} ${env:bad name}')).toEqual([
      {
        path: '/spokes/erp/title',
        line: 2,
        column: 22,
        message:
          'environment variable NOWHERE is not set; environment variable EMPTY is empty; file gone cannot be read (ENOENT); ${env:...} takes the name of an environment variable',
      },
    ]);
  });
});

describe('secrets written out', () => {
  it.each([
    ['credentials: { type: bearer, token: abc }', '/spokes/s/credentials/token'],
    ['credentials: { type: basic, username: u, password: abc }', '/spokes/s/credentials/password'],
    ['credentials: { type: api-key, name: X-Key, value: abc }', '/spokes/s/credentials/value'],
    ['inbound: { verify: { scheme: stripe, secret: abc } }', '/spokes/s/inbound/verify/secret'],
    ['inbound: { verify: [ { scheme: hmac, secrets: [ { secret: abc } ] } ] }', '/spokes/s/inbound/verify/0/secrets/0/secret'],
  ])('are warned about: %s', (field, path) => {
    const read = parse(`spokes:\n  s:\n    kind: rest\n    ${field}\n`);
    expect(read).toMatchObject({ ok: true, warnings: [{ path, line: 4 }] });
    expect(JSON.stringify(read.ok && read.warnings)).not.toContain('abc');
  });

  it('are not suspected in user names, URLs and header names', () => {
    const read = parse('spokes: { s: { kind: rest, credentials: { type: x, username: u, tokenUrl: "http://x", name: X-Key } } }');
    expect(read).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('what is refused', () => {
  it.each([
    ['', 1, 'empty'],
    ['- a', 1, 'expected object'],
    ['spokes: {}\nroute: {}', 2, 'unknown field'],
    ['spokes:\n  Bad Name: { kind: rest }', 2, 'expected a name'],
    ['spokes:\n  a: { kind: rest }\n  a: { kind: rest }', 3, 'unique'],
    ['spokes:\n  a:\n    kind: rest\n    timeout: 3s', 4, 'unknown field'],
    ['spokes:\n  a:\n    kind: rest\n    policy:\n      timeout: soon', 5, 'duration'],
    ['spokes:\n  a:\n    kind: rest\n    policy:\n      tiemout: 3s', 5, 'unknown field'],
    ['spokes:\n  a:\n    title: x', 2, 'required'],
    ['routes:\n  r:\n    from: { spoke: a, type: b }\n    steps: 5', 4, 'expected array'],
    ['a: b\n---\nc: d', 2, 'multiple documents'],
    ['spokes: !js/function "x"', 1, 'tag'],
    ['spokes:\n  a: {kind: rest, config: {__proto__: {}}}', 2, 'not allowed'],
    ['spokes:\n  a: {kind: rest}\n  b: {<<: {kind: rest}}', 3, 'merge keys'],
    ['spokes:\n  a: {kind: rest, config: {n: 12345678901234567890}}', 2, 'exactly'],
    ['spokes:\n  a: {kind: rest', 2, 'flow'],
    ['spokes: &a\n  x: *a', 1, 'nested deeper'],
    ['x'.repeat(5 * 1024 * 1024 + 1), 1, '5 MiB'],
    [`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 1, 'nested deeper'],
  ])('%# is told with its line', (text, line, message) => {
    const [problem] = problems(text);
    expect(problem?.message.toLowerCase()).toContain(message.toLowerCase());
    expect(problem?.line).toBe(line);
  });

  it('is an alias bomb, quickly', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level += 1)
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    expect(problems(bomb.join('\n'))[0]?.message).toMatch(/more than 200000 values/);
  });

  it('is told all at once', () => {
    expect(problems('spokes:\n  a: { kind: 5 }\n  b: { kind: rest, x: 1, y: 2 }').map(({ path }) => path)).toEqual([
      '/spokes/a/kind',
      '/spokes/b/x',
      '/spokes/b/y',
    ]);
  });

  it('is told all at once, however many forms a field has', () => {
    const rule = (name: string, when: string) => `  ${name}: { when: ${when} }\n`;
    const text = `alerts:\n${rule('a', '{ condition: dead, count: 0 }')}${rule('b', '{ condition: nope }')}${rule('c', '{}')}${rule('d', '{ condition: breaker, count: 3 }')}`;
    expect(problems(text).map(({ path, message }) => [path, message])).toEqual([
      ['/alerts/a/when/count', 'must be >= 1'],
      ['/alerts/b/when/condition', expect.stringMatching(/^expected one of dead, parked, .*silent$/)],
      ['/alerts/c/when/condition', 'required'],
      ['/alerts/d/when/count', 'unknown field'],
    ]);
    const spokes = Array.from({ length: 20 }, (_, index) => `  s${index}: { kind: 5 }\n`).join('');
    expect(problems(`spokes:\n${spokes}`)).toHaveLength(20);
  });

  it('never quotes the line, which may hold a secret', () => {
    expect(JSON.stringify(problems('spokes:\n  a: { kind: rest, credentials: { token: hunter2'))).not.toContain('hunter2');
  });
});

describe('any text', () => {
  it('gives a configuration or problems, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'spokes:{}[]&*!<>|?-,"\'\n #~$%@ab1') })), (text) => {
        const read = parse(text);
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('that is JSON reads as that JSON', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.record({ kind: name, enabled: fc.boolean() })), (spokes) => {
        const read = parse(JSON.stringify({ spokes }));
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(read.config).toEqual({ spokes });
      }),
    );
  });
});
