import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from './admin/admin-fixture.ts';
import { operationsOf } from './openapi-operations.ts';
import { ROLE_MATRIX } from './role-matrix.ts';

let hub: AdminFixture;
const keys: Record<string, string | null> = { none: null };
beforeAll(async () => {
  hub = await adminFixture();
  await hub.call('PUT', '/api/v1/spokes/shop', { body: { kind: 'source' } });
  for (const role of ['viewer', 'operator', 'admin']) keys[role] = await hub.keyFor(role);
  keys['publish'] = await hub.keyFor('publish', ['shop']);
});
afterAll(() => hub.close());

const RANK: Record<string, number> = { viewer: 1, operator: 2, admin: 3 };

/** What the contract says of a caller: 401 without a key, 403 with too little of a role, else neither. */
function expected(least: string, caller: string): 401 | 403 | 'served' {
  if (least === 'anyone') return 'served';
  if (caller === 'none') return 401;
  if (least === 'publish') return caller === 'publish' || caller === 'admin' ? 'served' : 403;
  return (RANK[caller] ?? 0) >= (RANK[least] ?? 0) ? 'served' : 403;
}

const EXAMPLES: Record<string, string> = { id: '01890000-0000-7000-8000-000000000000' };

describe('roles', () => {
  it('every operation of the document answers every role and none as the contract says', async () => {
    const { body } = await hub.call('GET', '/openapi.json', { key: null });
    const operations = operationsOf(body);
    const wrong: string[] = [];
    for (const { name, method, path } of operations) {
      const least = ROLE_MATRIX[name];
      if (least === undefined) wrong.push(`${name}: not in the matrix`);
      if (least === undefined || least === 'sender') continue;
      const url = path.replaceAll(/\{([A-Za-z]+)\}/g, (_all, parameter: string) => EXAMPLES[parameter] ?? 'missing');
      for (const [caller, key] of Object.entries(keys)) {
        const status = await statusOf(method, url, key);
        const want = expected(least, caller);
        const fits = want === 'served' ? status < 500 && status !== 401 && status !== 403 : status === want;
        if (!fits) wrong.push(`${name} as ${caller}: ${status}, expected ${want}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(operations.length).toBeGreaterThan(40);
  });
});

/** Status only: a stream never ends, so its connection is closed once the head is there. Bodies are wrong on purpose: nothing may change. */
async function statusOf(method: string, url: string, key: string | null): Promise<number> {
  if (url === '/' || url === '/readyz' || url === '/metrics') return 200;
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { payload: '{"nonsense":1}' } : {};
  const response = await hub.app.inject({
    method: methodOf(method),
    url,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...('payload' in body ? { 'content-type': 'application/json' } : {}),
    },
    ...body,
    payloadAsStream: true,
  });
  response.stream().destroy();
  return response.statusCode;
}

function methodOf(text: string): 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' {
  const method = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((each) => each === text);
  if (!method) throw new Error(`unexpected method ${text}`);
  return method;
}
