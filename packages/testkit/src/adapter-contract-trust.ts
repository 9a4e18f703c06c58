/** The part of the adapter contract about trust: whether the system is who it says it is, and whether it takes our credentials. */
import { expect, it } from 'vitest';
import type { ContractBench } from './adapter-contract.ts';
import { startTlsFront } from './tls-front.ts';

const READABLE = /\b(?:refused|wrong|not valid|does not know|may not|no right)\b/;
const TWO_YEARS_MS = 2 * 366 * 24 * 3_600_000;
/** Long enough for every kind to come to its verdict; a kind that quotes it is found out by the secret in it. */
const ECHO = (secret: string): string => JSON.stringify({ message: `access denied for ${secret}`, error: { type: 'x', message: secret } });

/** 401 and 403 are refusals, a check says so in words, and nothing repeats what an indiscreet system quotes. */
export function itTellsWrongCredentials({ contract, simulator, send, probe }: ContractBench): void {
  it.each([401, 403])('is rejected when the system answers %i', async (status) => {
    simulator().fail({ kind: 'status', status });
    expect(await send()).toMatchObject({ kind: 'rejected', status, sent: true });
    expect(simulator().requests()).toHaveLength(1);
  });

  it.each([400, 401, 403, 500])('does not repeat secrets that an answer with %i quotes', async (status) => {
    const body = ECHO(contract.secrets.join(' '));
    simulator().fail({ kind: 'status', status, headers: { 'Content-Type': 'application/json' }, body });
    // The answer itself is payload; words about it are not.
    const { response: _payload, ...told } = await send();
    const shown = JSON.stringify(told.detail);
    for (const secret of contract.secrets) expect(shown).not.toContain(secret);
    await probe();
  });

  for (const status of [401, 403] as const) {
    const wanted = contract.refusedAs?.[status] ?? 'credentials';
    const skipped = typeof wanted === 'string' ? '' : ` (skipped: ${wanted.skip})`;
    it.skipIf(skipped !== '')(`says in a check what ${status} means${skipped}`, async () => {
      simulator().fail({ kind: 'status', status });
      const found = await probe();
      const named = found.checks.find(({ ok }) => !ok);
      expect(found).toMatchObject({ ok: false, detail: named?.detail });
      expect(named).toMatchObject({ name: wanted, detail: expect.stringMatching(READABLE) });
    });
  }
}

/** Nothing is sent to a system whose certificate is wrong, and the words say what is wrong with it. */
export function itRefusesBrokenTls({ contract, simulator, send, probe }: ContractBench): void {
  const { certificate } = contract;
  const made = () => Date.now();
  const over = (url: string, tls?: object): unknown => ({ ...Object(contract.config(url)), ...(tls === undefined ? {} : { tls }) });

  it('reaches a system whose certificate is of an authority of its own', async () => {
    const shown = certificate('system.invalid', made());
    const front = await startTlsFront(simulator().url, shown);
    try {
      expect(await send(over(front.url, { ca: shown.cert }))).toMatchObject({ kind: 'ok', sent: true });
      expect(await probe(over(front.url, { ca: shown.cert }))).toMatchObject({ ok: true });
    } finally {
      await front.close();
    }
  });

  it.each([
    ['signed by nobody but itself', { age: 0, only: false, trusted: false }, 'signed by nobody but itself'],
    ['for another host name', { age: 0, only: true, trusted: true }, 'for another host name'],
    ['that has expired', { age: TWO_YEARS_MS, only: false, trusted: true }, 'has expired'],
  ])('sends nothing to a system with a certificate %s', async (_name, { age, only, trusted }, words) => {
    const shown = certificate('system.invalid', made() - age, { only });
    const front = await startTlsFront(simulator().url, shown);
    try {
      const config = over(front.url, trusted ? { ca: shown.cert } : undefined);
      const detail = expect.stringMatching(new RegExp(`^TLS.*${words}`));
      expect(await send(config)).toMatchObject({ kind: 'unreachable', status: null, sent: false, detail });
      expect(await probe(config)).toMatchObject({ ok: false, checks: [{ name: 'tls', ok: false, detail }] });
      expect(simulator().requests()).toHaveLength(0);
    } finally {
      await front.close();
    }
  });

  it('sends nothing to a system that does not speak TLS where it should', async () => {
    const config = over(simulator().url.replace('http:', 'https:'));
    const detail = expect.stringMatching(/^TLS: .*does not speak TLS/);
    expect(await send(config)).toMatchObject({ kind: 'unreachable', status: null, sent: false, detail });
    expect(await probe(config)).toMatchObject({ ok: false, checks: [{ name: 'tls', ok: false, detail }] });
    expect(simulator().requests()).toHaveLength(0);
  });
}
