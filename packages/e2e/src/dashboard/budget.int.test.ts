/** What the dashboard may weigh, and what must not be in it; the times are for `pnpm bench --dashboard`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HubUnderTest, hubUnderTest } from '../contract/hub-under-test.ts';
import { waitFor } from '../harness/wait-for.ts';
import { type Shipped, type ShippedFile, shippedBy } from './shipped-files.ts';

/** Of a screen that somebody opens first. */
const FIRST_SCREEN_BYTES = 250_000;
/** The first start may have to build the dashboard. */
const BUILT_MS = 170_000;
/** Words of libraries that only some screens need, and all of them have in their minified code. */
const HEAVY = { CodeMirror: 'cm-gutters', 'React Flow': 'react-flow__', uPlot: 'u-over', yaml: 'YAMLParseError', TypeBox: 'TypeBox' };
/** Namespaces and addresses in messages of errors; those for examples (RFC 2606) and of this machine may be shown, too. */
const NAMED_HOSTS = new Set(['reactflow.dev', 'www.w3.org', 'react.dev', 'localhost', '127.0.0.1']);
const IS_EXAMPLE = /(^|\.)(example|example\.(com|org|net)|test|localhost)$/;

let under: HubUnderTest;
let shipped: Shipped;
beforeAll(async () => {
  under = await hubUnderTest();
  await waitFor('the dashboard is built', BUILT_MS, async () => (await fetch(`${under.hub.url}/`)).status === 200);
  shipped = await shippedBy(under.hub.url);
});
afterAll(() => under.close());

const all = (ending: string) => [...shipped.files.values()].filter(({ name }) => name.endsWith(ending));
const namesOf = (files: readonly ShippedFile[]) => files.map(({ name }) => name);
const bytesOf = (files: readonly ShippedFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);

it.each(['overview-page', 'messages-page'])('needs at most 250 KB of JavaScript for the first screen %s', (chunk) => {
  const needed = shipped.neededFor(chunk);
  expect(needed.length).toBeGreaterThan(3);
  const heaviest = [...needed].sort((a, b) => b.bytes - a.bytes).map(({ name, bytes }) => `${name}: ${bytes}`);
  expect(bytesOf(needed), heaviest.slice(0, 10).join(', ')).toBeLessThanOrEqual(FIRST_SCREEN_BYTES);
});

it.each(Object.entries(HEAVY))('leaves %s to the screens that need it', (library, word) => {
  // The overview has charts, and counts them as its own above.
  const first = [...(library === 'uPlot' ? [] : shipped.neededFor('overview-page')), ...shipped.neededFor('messages-page')];
  expect(namesOf(first.filter(({ text }) => text.includes(word)))).toEqual([]);
});

it('ships the fast build of React, and no source maps', () => {
  const scripts = all('.js');
  expect(scripts.length).toBeGreaterThan(20);
  expect(namesOf(scripts.filter(({ text }) => text.includes('jsxDEV') || text.includes('plain JavaScript React classes')))).toEqual([]);
  expect(namesOf([...shipped.files.values()].filter(({ text }) => text.includes('sourceMappingURL=')))).toEqual([]);
});

it('makes no code out of text, which its policy forbids', () => {
  const makes = /\bnew Function\(|(?<![\w$.])(?:eval|Function)\(/;
  expect(namesOf(all('.js').filter(({ text }) => makes.test(text)))).toEqual([]);
});

it('asks no other host for anything', () => {
  const hosts = all('.js').flatMap(({ text }) => [...text.matchAll(/\b(?:https?|wss?):\/\/([\w.-]+)/g)].map(([, host = '']) => host));
  expect([...new Set(hosts)].filter((host) => !NAMED_HOSTS.has(host) && !IS_EXAMPLE.test(host))).toEqual([]);
  const loads = all('.css').flatMap(({ text }) => text.match(/@import[^;]*|url\([^)]*\)/g) ?? []);
  expect(loads.filter((load) => !/^url\(["']?(?:\/assets\/|data:|#)/.test(load))).toEqual([]);
  const linked = [...shipped.html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, address = '']) => address);
  expect(linked.filter((address) => !/^\/(?!\/)/.test(address))).toEqual([]);
});

it('has a page without code or style of its own, under a policy that allows none', () => {
  expect(shipped.html.match(/<script\b(?![^>]*\bsrc="\/assets\/)[^>]*>/g)).toBeNull();
  expect(shipped.html.match(/<style\b|\sstyle=|\son[a-z]+=|javascript:/gi)).toBeNull();
  const policy = String(shipped.headers['content-security-policy']);
  const directives = new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')).toEqual(["'self'"]);
  expect(directives.get('connect-src')).toEqual(["'self'"]);
  expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
  expect(policy).not.toMatch(/unsafe-|https?:|\*/);
});
