import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nave, problem } from '../fake-io.ts';

const YAML = `spokes:
  erp:
    kind: rest
    config: { baseUrl: http://127.0.0.1:9 }
    credentials: { type: bearer, token: "\${file:erp.token}" }
routes:
  r:
    from: { spoke: erp, type: "**" }
    steps: [ { name: s, to: crm } ]
`;
const files = { 'etc/nave.yaml': YAML, 'etc/erp.token': 's3cret\n' };
const items = [
  { action: 'create', resource: 'spoke', name: 'erp', changes: [] },
  { action: 'update', resource: 'route', name: 'r', changes: [{ path: '/when', from: null, to: 'a\u001b' }] },
  { action: 'delete', resource: 'route', name: 'old', changes: [] },
  { action: 'same', resource: 'spoke', name: 'crm', changes: [] },
];
const LINES = '+ spoke erp\n~ route r\n    /when: null → "a\\u001b"\n- route old\n';

describe('apply', () => {
  it('sends the file with its secrets and shows what changed', async () => {
    const { code, out, err, calls } = await nave('apply -f etc/nave.yaml --prune', {
      files,
      hub: { 'PUT /api/v1/config?prune=true&force=false': { body: { items } } },
    });
    expect({ code, out, err }).toEqual({ code: 0, out: `${LINES}1 created, 1 updated, 1 deleted, 1 unchanged\n`, err: '' });
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ spokes: { erp: { credentials: { token: 's3cret' } } } });
  });

  it('only asks with --dry-run', async () => {
    const { code, out, calls } = await nave('apply -f - --dry-run', {
      input: 'spokes:',
      hub: { 'POST /api/v1/config/diff?prune=false&force=false': { body: { items } } },
    });
    expect({ code, out }).toEqual({ code: 0, out: `${LINES}would be: 1 created, 1 updated, 1 deleted, 1 unchanged\n` });
    expect(calls).toHaveLength(1);
  });

  it('puts what the hub refuses at its lines', async () => {
    const refusal = problem(422, 'request.invalid', 'D', [
      { path: '/routes/r/steps/0/to', message: 'there is no spoke of this name' },
      { path: '/spokes/erp/config/baseUrl', message: 'expected an http or https URL' },
    ]);
    const { code, err } = await nave('apply -f etc/nave.yaml', { files, hub: { 'PUT /api/v1/config?prune=false&force=false': refusal } });
    expect(code).toBe(1);
    expect(err).toBe(
      'error  etc/nave.yaml:9:25  /routes/r/steps/0/to: there is no spoke of this name\nerror  etc/nave.yaml:4:15  /spokes/erp/config/baseUrl: expected an http or https URL\n',
    );
  });

  it('never calls the hub with a file that is wrong', async () => {
    const { code, err, calls } = await nave('apply -f bad.yaml', {
      files: { 'bad.yaml': 'spokes:\n  erp: { kind: rest, tiemout: 1s }\n' },
      hub: {},
    });
    expect({ code, err, calls }).toEqual({ code: 2, err: 'error  bad.yaml:2:22  /spokes/erp/tiemout: unknown field\n', calls: [] });
    expect(await nave('apply -f gone.yaml')).toMatchObject({
      code: 2,
      err: 'error  gone.yaml cannot be read (ENOENT); name the file with -f\n',
    });
  });

  it('warns of secrets written out without repeating them', async () => {
    const { code, err } = await nave('apply -f a.yaml', {
      files: { 'a.yaml': 'spokes:\n  erp: { kind: rest, credentials: { type: bearer, token: hunter2 } }\n' },
      hub: { 'PUT /api/v1/config?prune=false&force=false': { body: { items: [] } } },
    });
    expect(code).toBe(0);
    expect(err).toMatch(/^warning {2}a\.yaml:2:51 {2}\/spokes\/erp\/credentials\/token: /);
    expect(err).not.toContain('hunter2');
  });
});

describe('diff', () => {
  const hub = (list: object[]) => ({ 'POST /api/v1/config/diff?prune=false&force=false': { body: { items: list } } });

  it('ends with 5 when there are differences, with 0 when there are none', async () => {
    expect(await nave('diff -f etc/nave.yaml', { files, hub: hub(items) })).toMatchObject({ code: 5, out: LINES });
    expect(await nave('diff -f etc/nave.yaml', { files, hub: hub(items.slice(3)) })).toMatchObject({ code: 0, out: 'no differences\n' });
  });

  it('is JSON for machines, with the same codes', async () => {
    const { code, out } = await nave('diff -f etc/nave.yaml --json', { files, hub: hub(items) });
    expect({ code, out: JSON.parse(out) }).toEqual({ code: 5, out: { items } });
  });
});

describe('export', () => {
  const spoke = {
    kind: 'rest',
    title: 'ERP',
    enabled: true,
    config: { x: null },
    credentials: { type: 'bearer', set: true },
    policy: {},
    inbound: null,
  };
  const route = {
    from: { spoke: 'erp', type: 'a' },
    when: null,
    steps: [{ name: 's', to: 'erp', operation: null, input: null }],
    mode: 'async',
  };
  const hub = { 'GET /api/v1/config': { body: { spokes: { erp: spoke }, routes: { r: route } } } };

  it('is a nave.yaml that can be applied again', async () => {
    const { code, out } = await nave('export', { hub });
    expect(code).toBe(0);
    expect(parse(out)).toEqual({
      spokes: {
        erp: { kind: 'rest', title: 'ERP', enabled: true, config: { x: null }, credentials: { type: 'bearer', set: true }, policy: {} },
      },
      routes: { r: { from: { spoke: 'erp', type: 'a' }, steps: [{ name: 's', to: 'erp' }], mode: 'async' } },
    });
    const again = await nave('apply -f - --json', {
      input: out,
      hub: { 'PUT /api/v1/config?prune=false&force=false': { body: { items: [] } } },
    });
    expect(again.code).toBe(0);
  });
});
