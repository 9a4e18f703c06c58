/** What every kind that delivers over HTTP must do, run against a faithful simulator of its system. A deviation is an explicit skip with a reason. */
import type {
  AdapterContext,
  ErasedAdapter,
  GuardedHttp,
  OperationInput,
  ProbeResult,
  SendRequest,
  SpokeConnection,
  TokenCache,
} from '@nave/adapter-kit';
import { maskSecrets, mergeSecrets } from '@nave/adapter-kit';
import { type Clock, DEFAULT_POLICY, type ExpressionEngine, type Outcome } from '@nave/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itFindsOutOnlyFromTheSystem } from './adapter-contract-lookup.ts';
import { itRefusesBrokenTls, itTellsWrongCredentials } from './adapter-contract-trust.ts';
import { givenTime } from './given-time.ts';
import { recordingLogger } from './recording-logger.ts';

/** A simulated system that misbehaves on demand. */
export interface ContractSimulator {
  readonly url: string;
  requests(): readonly { method: string; headers: Readonly<Record<string, string>>; body: Uint8Array }[];
  fail(fault: ContractFault, times?: number): void;
  close(): Promise<void>;
}

export type ContractFault =
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  | { kind: 'hang' }
  | { kind: 'reset'; when: 'before-answer' | 'mid-body' }
  | { kind: 'oversized'; bytes: number }
  | { kind: 'bomb'; bytes: number }
  | { kind: 'truncated' }
  | { kind: 'malformed' };

/** `open` reaches everything, `refusing` is stopped by the address guard, `stalled` never gets a connection. */
export type ContractHttpMode = 'open' | 'refusing' | 'stalled';

export interface AdapterContract {
  adapter: ErasedAdapter;
  startSimulator: () => Promise<ContractSimulator>;
  createHttp: (mode: ContractHttpMode) => GuardedHttp;
  createTokens: (clock: Clock) => TokenCache;
  expressions: ExpressionEngine;
  config: (url: string) => unknown;
  credentials: unknown;
  /** The secrets in `credentials`, which may turn up nowhere. */
  secrets: readonly string[];
  operation: string;
  input: OperationInput;
  /** Where the age of a delivery matters; default: one made a year before the attempt. */
  deliveryId?: string;
  /** An operation and input whose mapping puts a line break into a header; a reason where nothing is mapped into headers. */
  injection: { operation: string; input: OperationInput } | { skip: string };
  /** An operation by which the hub finds out whether another was done; a reason where the kind has none, or a 404 is its answer by agreement. */
  lookup: { operation: string; input: OperationInput } | { skip: string };
  /** Requests of a check that finds nothing wrong. Default 1. */
  probeRequests?: number;
  /** PEM of a certificate that only itself has signed, for 127.0.0.1 too unless `only`, made at a time from which it is valid for a year. */
  certificate: (name: string, nowMs: number, options?: { only?: boolean }) => { cert: string; key: string };
  /** The finding of a check for 401 and 403, by name; a reason where a check cannot tell. Default: `credentials` for both. */
  refusedAs?: { 401?: string | { skip: string }; 403?: string | { skip: string } };
}

/** What a case of the contract works with. */
export interface ContractBench {
  contract: AdapterContract;
  simulator: () => ContractSimulator;
  /** One delivery by a new connection. @param config instead of the contract's own for the simulator */
  send: (config?: unknown, changes?: Partial<SendRequest>) => Promise<Outcome>;
  probe: (config?: unknown) => Promise<ProbeResult>;
}

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const DELIVERY = '019aa5c0-0000-7000-8000-000000000001';
const TIMEOUT_MS = 150;
const never = new AbortController().signal;

/** Runs the suite; call it at the top level of a test file. */
export function describeAdapterContract(contract: AdapterContract): void {
  const { adapter, secrets } = contract;
  const clock: Clock = { now: () => NOW };

  describe(`kind ${adapter.kind} keeps the adapter contract`, () => {
    let simulator: ContractSimulator;
    let https: GuardedHttp[] = [];
    const logger = recordingLogger();

    beforeEach(async () => {
      simulator = await contract.startSimulator();
    });
    afterEach(async () => {
      await simulator.close();
      await Promise.all(https.splice(0).map((http) => http.close()));
      expectNoSecrets(logger.lines.splice(0));
    });

    function expectNoSecrets(told: unknown): void {
      const shown = JSON.stringify(told, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
      for (const secret of secrets) {
        expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
        // As Basic and bytes of others would carry it.
        expect(shown).not.toContain(
          Buffer.from(secret)
            .toString('base64')
            .replace(/.{0,4}=*$/, ''),
        );
      }
    }

    function open(mode: ContractHttpMode = 'open', config?: unknown): Promise<SpokeConnection> {
      const http = contract.createHttp(mode);
      https = [...https, http];
      const context: AdapterContext<unknown> = {
        ...{ spoke: 'spoke', credentials: contract.credentials, policy: DEFAULT_POLICY, logger, clock, http },
        expressions: contract.expressions,
        tokens: contract.createTokens(clock),
      };
      // Only names are resolved, so only a name can stall.
      const url = mode === 'stalled' ? simulator.url.replace('127.0.0.1', 'localhost') : simulator.url;
      return adapter.open(config ?? contract.config(url), context);
    }

    async function send(
      changes: Partial<SendRequest> = {},
      mode: ContractHttpMode = 'open',
      signal: AbortSignal = never,
      config?: unknown,
    ): Promise<Outcome> {
      const connection = await open(mode, config);
      const outcome = await connection.send({ ...request(contract), ...changes }, signal);
      expectNoSecrets(outcome);
      expect(outcome.detail).not.toMatch(/[\r\n]/);
      await connection.close();
      return outcome;
    }

    async function probe(mode: ContractHttpMode = 'open', config?: unknown): Promise<ProbeResult> {
      const connection = await open(mode, config);
      const found = await connection.probe(never);
      expectNoSecrets(found);
      for (const { detail } of found.checks) expect(detail).not.toMatch(/[\r\n]/);
      await connection.close();
      return found;
    }

    const bench: ContractBench = {
      contract,
      simulator: () => simulator,
      send: (config, changes = {}) => send(changes, 'open', never, config),
      probe: (config) => probe('open', config),
    };

    it('accepts its own example, and refuses unknown fields', () => {
      const config = contract.config(simulator.url);
      const context = { expressions: contract.expressions };
      expect(adapter.check(config, contract.credentials, context)).toEqual([]);
      const problems = adapter.check({ ...Object(config), bogus: 1 }, { ...Object(contract.credentials), bogus: 1 }, context);
      expect(problems.map(({ path }) => path).sort()).toEqual(['/config/bogus', '/credentials/bogus']);
    });

    it('answers reads without secrets, and takes back what it answered', () => {
      const masked = maskSecrets(adapter.credentials, contract.credentials);
      for (const secret of secrets) expect(JSON.stringify(masked)).not.toContain(secret);
      expect(mergeSecrets(adapter.credentials, masked, contract.credentials)).toEqual(contract.credentials);
    });

    it('delivers, with the headers every spoke gets', async () => {
      const outcome = await send();
      expect(outcome).toMatchObject({ kind: 'ok', sent: true });
      expect(outcome.request?.line).toContain(simulator.url);
      expect(simulator.requests()).toHaveLength(1);
      expect(simulator.requests()[0]?.headers).toMatchObject({
        'idempotency-key': contract.deliveryId ?? DELIVERY,
        'x-nave-message-id': 'message-1',
        'x-nave-attempt': '3',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      });
    });

    it('sends the same bytes on every attempt', async () => {
      simulator.fail({ kind: 'status', status: 500 });
      await send({ attempt: 1 });
      await send({ attempt: 2 });
      const [first, second] = simulator.requests();
      expect(Buffer.from(second?.body ?? [])).toEqual(Buffer.from(first?.body ?? []));
      expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    });

    it.each([
      [400, {}, 'rejected'],
      [404, {}, 'rejected'],
      [302, { Location: '/elsewhere' }, 'rejected'],
      [410, {}, 'rejected'],
      [408, {}, 'throttled'],
      [429, {}, 'throttled'],
      [500, {}, 'fault'],
      [503, {}, 'fault'],
      [503, { 'Retry-After': '7' }, 'throttled'],
    ])('judges %i %j as %s, and does not try again by itself', async (status, headers, kind) => {
      simulator.fail({ kind: 'status', status, headers: { ...headers }, body: 'no' });
      expect(await send()).toMatchObject({ kind, status });
      expect(simulator.requests()).toHaveLength(1);
    });

    it.each([
      ['7', 7_000],
      [new Date(NOW + 90_000).toUTCString(), 90_000],
    ])('passes on Retry-After %s', async (value, retryAfterMs) => {
      simulator.fail({ kind: 'status', status: 429, headers: { 'Retry-After': value } });
      expect(await send()).toMatchObject({ kind: 'throttled', retryAfterMs });
    });

    it('times out after sending: sent and unanswered', async () => {
      simulator.fail({ kind: 'hang' });
      const outcome = await givenTime(
        (timeoutMs) => send({ timeoutMs }),
        ({ sent }) => sent,
      );
      expect(outcome).toMatchObject({ kind: 'timeout', status: null, sent: true });
    });

    it('times out before sending: not sent', async () => {
      expect(await send({ timeoutMs: TIMEOUT_MS }, 'stalled')).toMatchObject({ kind: 'timeout', status: null, sent: false });
      expect(simulator.requests()).toHaveLength(0);
    });

    it('calls a system that is not there unreachable: not sent', async () => {
      await simulator.close();
      expect(await send()).toMatchObject({ kind: 'unreachable', status: null, sent: false });
    });

    it.each<[ContractFault, object]>([
      [
        { kind: 'reset', when: 'before-answer' },
        { kind: 'unreachable', status: null, sent: true },
      ],
      [
        { kind: 'reset', when: 'mid-body' },
        { kind: 'unreachable', status: null, sent: true },
      ],
      [{ kind: 'truncated' }, { kind: 'unreachable', status: null, sent: true }],
      [{ kind: 'malformed' }, { kind: 'fault', status: null, sent: true }],
      [
        { kind: 'oversized', bytes: 11 * 1024 * 1024 },
        { kind: 'invalid', status: 200 },
      ],
      [
        { kind: 'bomb', bytes: 64 * 1024 * 1024 },
        { kind: 'invalid', status: 200 },
      ],
    ])('survives %j', async (fault, outcome) => {
      simulator.fail(fault);
      expect(await send()).toMatchObject(outcome);
    });

    it('stops when the signal says so', async () => {
      simulator.fail({ kind: 'hang' });
      const abort = new AbortController();
      const pending = send({}, 'open', abort.signal);
      await expect.poll(() => simulator.requests().length).toBe(1);
      abort.abort();
      expect(await pending).toMatchObject({ status: null, sent: true });
      expect(await send({}, 'open', abort.signal)).toMatchObject({ status: null, sent: false });
    });

    it('is rejected where the address guard refuses', async () => {
      expect(await send({}, 'refusing')).toMatchObject({ kind: 'rejected', status: null, sent: false });
      expect(simulator.requests()).toHaveLength(0);
    });

    it('answers an operation it does not have with invalid', async () => {
      expect(await send({ operation: 'no-such-operation' })).toMatchObject({ kind: 'invalid', sent: false });
    });

    const { injection } = contract;
    it.skipIf('skip' in injection)(
      `sends no header with a line break${'skip' in injection ? ` (skipped: ${injection.skip})` : ''}`,
      async () => {
        if ('skip' in injection) return;
        expect(await send(injection)).toMatchObject({ kind: 'invalid', sent: false });
        expect(simulator.requests()).toHaveLength(0);
      },
    );

    it('probes with a real round trip and names what stops it', async () => {
      expect(await probe()).toMatchObject({ ok: true });
      expect(simulator.requests()).toHaveLength(contract.probeRequests ?? 1);
      expect(await probe('refusing')).toMatchObject({ ok: false, checks: [{ name: 'address', ok: false }] });
      await simulator.close();
      expect(await probe()).toMatchObject({ ok: false, checks: [{ ok: false, detail: expect.stringContaining('refused') }] });
    });

    itFindsOutOnlyFromTheSystem(bench);
    itTellsWrongCredentials(bench);
    itRefusesBrokenTls(bench);
  });
}

function request({ operation, input, deliveryId = DELIVERY }: AdapterContract): SendRequest {
  return {
    deliveryId,
    messageId: 'message-1',
    attempt: 3,
    operation,
    input,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    timeoutMs: 60_000,
  };
}
