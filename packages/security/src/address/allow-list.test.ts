import { expect, it } from 'vitest';
import { parseAllowList } from './allow-list.ts';

it('reads every form of the contract', () => {
  const { allow, problems } = parseAllowList([
    '*',
    '127.0.0.0/8',
    '::1',
    ' erp.internal ',
    'erp.internal:9001',
    '10.0.0.1:80',
    '[fd00::1]:80',
    '[::1]',
    'my_host',
  ]);
  expect(problems).toEqual([]);
  expect(allow.everyPrivate).toBe(true);
  expect(allow.networks).toHaveLength(3);
  expect(allow.hosts.map(({ host, port }) => `${host} ${port}`)).toEqual([
    'erp.internal null',
    'erp.internal 9001',
    '10.0.0.1 80',
    'fd00::1 80',
    'my_host null',
  ]);
});

it('names every entry it cannot read', () => {
  const bad = [
    '',
    '10.0.0.0/33',
    'http://erp.internal',
    'erp.internal:0',
    'erp.internal:65536',
    'erp.internal:http',
    'a b',
    '10.0.0.256',
    '[10.0.0.1]:80',
    '10.0.0',
    '**',
    '*.internal',
  ];
  const { allow, problems } = parseAllowList(bad);
  expect(problems.map(({ entry }) => entry)).toEqual(bad);
  expect(problems.map(({ index }) => index)).toEqual(bad.map((_, index) => index));
  expect(allow).toEqual({ everyPrivate: false, networks: [], hosts: [] });
});
