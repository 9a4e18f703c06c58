/** The part of the adapter contract about lookups: what answers in place of the system may not say whether something was done. */
import type { Outcome } from '@nave/core';
import { expect, it } from 'vitest';
import type { ContractBench, ContractFault } from './adapter-contract.ts';

const HTML = { 'Content-Type': 'text/html' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A gateway before a system that is being deployed anew answers 404 as well: taken for "there is none", the hub would do it twice. */
export function itFindsOutOnlyFromTheSystem({ contract, simulator, send }: ContractBench): void {
  const { lookup } = contract;
  const skipped = 'skip' in lookup ? ` (skipped: ${lookup.skip})` : '';
  it.skipIf(skipped !== '').each<ContractFault>([
    { kind: 'status', status: 404, headers: HTML, body: '<h1>404 Not Found</h1>' },
    { kind: 'status', status: 404, headers: JSON_TYPE, body: '{"message":"no Route matched with those values"}' },
    { kind: 'status', status: 404 },
    { kind: 'status', status: 410, headers: HTML, body: 'gone' },
    { kind: 'status', status: 200, headers: HTML, body: '<h1>Welcome</h1>' },
    { kind: 'status', status: 401 },
    { kind: 'status', status: 403 },
    { kind: 'status', status: 302, headers: { Location: '/login' } },
    { kind: 'status', status: 500 },
  ])(`takes no answer of a gateway for that of a lookup: %j${skipped}`, async (fault) => {
    if ('skip' in lookup) return;
    simulator().fail(fault);
    expect(verdictOf(await send(undefined, lookup))).toBe('unsure');
  });
}

/** As the hub reads the outcome of a lookup. */
function verdictOf({ kind, status, response }: Outcome): 'done' | 'notDone' | 'unsure' {
  if (kind === 'ok') return response === undefined || response.contentType.startsWith('text/html') ? 'unsure' : 'done';
  if (kind !== 'rejected' || status === null) return 'unsure';
  return status === 404 || status === 410 || (status >= 200 && status < 300) ? 'notDone' : 'unsure';
}
