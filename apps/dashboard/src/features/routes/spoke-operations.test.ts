import { expect, it } from 'vitest';
import { operationsOf } from './spoke-operations.ts';

const send = { name: 'send', title: 'Send', summary: null, input: {}, idempotent: 'key' as const, lookup: null, undo: null };

it('has the operations of the kind and those of the settings, and guesses nothing', () => {
  expect(operationsOf({ config: {} }, { operations: [send] })).toEqual([
    { name: 'send', title: 'Send', summary: null, idempotent: 'key', method: null },
  ]);
  const config = {
    operations: { pay: { method: 'POST', path: '/pay', idempotent: 'never' }, read: { method: 'GET', path: '/x', title: 'Read' }, odd: 1 },
  };
  expect(operationsOf({ config }, { operations: [] })).toEqual([
    { name: 'pay', title: 'pay', summary: '/pay', idempotent: 'never', method: 'POST' },
    { name: 'read', title: 'Read', summary: '/x', idempotent: null, method: 'GET' },
  ]);
  expect(operationsOf({ config: null }, null)).toEqual([]);
});
