import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from './admin/admin-fixture.ts';
import { operationsOf } from './openapi-operations.ts';
import { ROLE_MATRIX } from './role-matrix.ts';

let hub: AdminFixture;
let document: unknown;
beforeAll(async () => {
  hub = await adminFixture();
  document = (await hub.call('GET', '/openapi.json', { key: null })).body;
});
afterAll(() => hub.close());

/** Pages for people, and what describes the document itself. */
const NOT_LISTED = [/^GET \/$/, /^GET \/openapi\.json$/, /^GET \/docs/, /^(HEAD|OPTIONS) /];

describe('the OpenAPI document', () => {
  it('is version 3.1 and holds every route that is served', () => {
    expect(document).toMatchObject({ openapi: '3.1.0' });
    const listed = new Set(operationsOf(document).map(({ name }) => name));
    const served = hub.routes.map(({ method, url }) => `${method} ${url.replaceAll(/:([A-Za-z]+)/g, '{$1}').replace('/*', '/{*}')}`);
    const missing = served.filter((name) => !listed.has(name) && !NOT_LISTED.some((pattern) => pattern.test(name)));
    expect(missing).toEqual([]);
    expect(served.length).toBeGreaterThan(30);
  });

  it('declares for every operation a summary, its replies and its problems', () => {
    for (const { name, operation } of operationsOf(document)) {
      expect(operation, name).toHaveProperty('summary');
      expect(operation, name).toHaveProperty('responses');
      if (!name.includes('/api/v1/')) continue;
      expect(operation, name).toHaveProperty(['responses', '4XX', 'content', 'application/problem+json']);
      expect(operation, name).toHaveProperty('x-nave-role');
    }
  });

  it('tells senders what a refusal for now looks like', async () => {
    const { body } = await hub.call('GET', '/openapi.json', { key: null });
    for (const path of ['/hooks/{spoke}', '/v1/messages']) {
      const { responses } = body.paths[path].post;
      expect(Object.keys(responses['429'].headers).sort()).toEqual(['RateLimit', 'RateLimit-Policy', 'Retry-After']);
      expect(Object.keys(responses['503'].headers)).toEqual(['Retry-After']);
      expect(responses['503'].headers['Retry-After'].schema).toMatchObject({ type: 'integer' });
      expect(responses['429'].content).toHaveProperty(['application/problem+json']);
    }
  });

  it('has the least role of the matrix for every operation of the admin API, and the matrix no operation that is gone', () => {
    const roles = Object.fromEntries(
      operationsOf(document).flatMap(({ name, operation }) => (name.includes('/api/v1/') ? [[name, operation['x-nave-role']]] : [])),
    );
    expect(roles).toEqual(Object.fromEntries(Object.entries(ROLE_MATRIX).filter(([name]) => name.includes('/api/v1/'))));
  });

  it('shows the documents without scripts or styles of other hosts', async () => {
    const page = await hub.call('GET', '/docs/', { key: null });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});
