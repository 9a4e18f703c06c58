/** What every kind that delivers over LDAP must do, run against a faithful simulator of its system: the promises of the HTTP contract, on another wire. */
import type {
  AdapterContext,
  ErasedAdapter,
  GuardedAddresses,
  OperationInput,
  ProbeResult,
  SendRequest,
  SpokeConnection,
} from '@nave/adapter-kit';
import { maskSecrets, mergeSecrets } from '@nave/adapter-kit';
import { type Clock, DEFAULT_POLICY, type ExpressionEngine, type Outcome } from '@nave/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { givenTime } from './given-time.ts';
import { recordingLogger } from './recording-logger.ts';

/** A simulated directory that misbehaves on demand. */
export interface LdapContractSimulator {
  readonly url: string;
  /** PEM to trust. */
  readonly ca: string;
  /** Requests other than binds. */
  requests(): readonly { op: string }[];
  binds(): number;
  connections(): number;
  fail(fault: LdapContractFault, options?: { times?: number; on?: (request: { op: string }) => boolean }): void;
  heal(): void;
  dropConnections(): void;
  close(): Promise<void>;
}

export type LdapContractFault =
  | { kind: 'result'; code: number; diagnostic?: string }
  | { kind: 'hang'; applied?: boolean }
  | { kind: 'reset'; when: 'before-answer' | 'mid-answer'; applied?: boolean }
  | { kind: 'truncated' }
  | { kind: 'malformed' }
  | { kind: 'lying-length' }
  | { kind: 'oversized'; bytes: number }
  | { kind: 'notice' };

/** `refusing` is stopped by the address guard, `stalled` never gets an address. */
export type LdapContractMode = 'open' | 'refusing' | 'stalled';

export interface LdapContract {
  adapter: ErasedAdapter;
  startSimulator: (options: { ldaps: boolean }) => Promise<LdapContractSimulator>;
  createAddresses: (mode: LdapContractMode) => GuardedAddresses;
  expressions: ExpressionEngine;
  config: (simulator: { url: string; ca: string }) => Readonly<Record<string, unknown>>;
  credentials: { type: 'simple'; user: string; password: string };
  /** A first request is made by it; a second one with the same input finds it done. */
  operation: string;
  input: OperationInput;
  /** Values in the input that may turn up in no text: passwords, and what names people. */
  personal: readonly string[];
  /** A diagnostic as the system writes it, with a value of a person in it. */
  diagnostic: string;
}

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const TIMEOUT_MS = 150;
const never = new AbortController().signal;

/** Runs the suite; call it at the top level of a test file. */
export function describeLdapContract(contract: LdapContract): void {
  const { adapter, credentials, personal } = contract;
  const clock: Clock = { now: () => NOW };

  describe(`kind ${adapter.kind} keeps the adapter contract over LDAP`, () => {
    let simulator: LdapContractSimulator;
    let connections: SpokeConnection[] = [];
    const logger = recordingLogger();

    beforeEach(async () => {
      simulator = await contract.startSimulator({ ldaps: true });
    });
    afterEach(async () => {
      await Promise.all(connections.splice(0).map((connection) => connection.close()));
      await simulator.close();
    });

    interface Setting {
      mode?: LdapContractMode;
      password?: string;
      changes?: Readonly<Record<string, unknown>>;
      concurrency?: number;
    }

    async function open({ mode = 'open', password, changes = {}, concurrency = 2 }: Setting = {}): Promise<SpokeConnection> {
      const context: AdapterContext<unknown> = {
        ...{ spoke: 'spoke', clock, logger, expressions: contract.expressions },
        credentials: password === undefined ? credentials : { ...credentials, password },
        policy: { ...DEFAULT_POLICY, concurrency },
        http: { exchange: unused, close: async () => {} },
        tokens: { get: unused, drop() {} },
        addresses: contract.createAddresses(mode),
      };
      const connection = await adapter.open({ ...contract.config(simulator), ...changes }, context);
      connections = [...connections, connection];
      return connection;
    }

    async function sendOn(connection: SpokeConnection, changes: Partial<SendRequest> = {}, signal: AbortSignal = never): Promise<Outcome> {
      const outcome = await connection.send({ ...request(contract), ...changes }, signal);
      const { response: _output, ...told } = outcome;
      const shown = JSON.stringify(told, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
      for (const secret of [credentials.password, ...personal]) expect(shown).not.toContain(secret);
      expect(JSON.stringify(logger.lines)).not.toContain(credentials.password);
      expect(outcome.detail).not.toMatch(/[\r\n]/);
      return outcome;
    }
    const send = async (changes: Partial<SendRequest> = {}, setting: Setting = {}, signal: AbortSignal = never): Promise<Outcome> =>
      sendOn(await open(setting), changes, signal);

    it('accepts its own example, and refuses unknown fields', () => {
      const config = contract.config(simulator);
      const context = { expressions: contract.expressions };
      expect(adapter.check(config, credentials, context)).toEqual([]);
      const problems = adapter.check({ ...config, bogus: 1 }, { ...credentials, bogus: 1 }, context);
      expect(problems.map(({ path }) => path).sort()).toEqual(['/config/bogus', '/credentials/bogus']);
    });

    it('answers reads without secrets, and takes back what it answered', () => {
      const masked = maskSecrets(adapter.credentials, credentials);
      expect(JSON.stringify(masked)).not.toContain(credentials.password);
      expect(mergeSecrets(adapter.credentials, masked, credentials)).toEqual(credentials);
    });

    it('wants an acknowledgement before it speaks in clear, and never falls back to it', () => {
      const context = { expressions: contract.expressions };
      const { ca: _ca, ...config } = contract.config(simulator);
      expect(adapter.check({ ...config, url: 'ldap://dc.example' }, credentials, context)).toMatchObject([{ path: '/config/url' }]);
      expect(adapter.check({ ...config, url: 'ldap://dc.example', plain: true }, credentials, context)).toEqual([]);
      expect(adapter.check({ ...config, url: 'ldaps://dc.example', startTls: true }, credentials, context)).toMatchObject([
        { path: '/config/startTls' },
      ]);
    });

    it('delivers, and once more without harm', async () => {
      const connection = await open();
      expect(await sendOn(connection)).toMatchObject({
        kind: 'ok',
        status: 0,
        sent: true,
        request: { line: expect.stringContaining(simulator.url) },
      });
      expect(await sendOn(connection)).toMatchObject({ kind: 'ok', status: 0 });
      expect(simulator.binds()).toBe(1);
    });

    it.each([
      [50, 'rejected'],
      [21, 'rejected'],
      [10, 'rejected'],
      [19, 'rejected'],
      [51, 'throttled'],
      [52, 'fault'],
      [80, 'fault'],
      [3, 'fault'],
      [12_345, 'rejected'],
    ])('judges result code %i as %s, tells no value, and does not try again by itself', async (code, kind) => {
      simulator.fail({ kind: 'result', code, diagnostic: contract.diagnostic });
      expect(await send()).toMatchObject({ kind, status: code, sent: true });
      expect(simulator.requests()).toHaveLength(1);
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
      expect(await send({ timeoutMs: TIMEOUT_MS }, { mode: 'stalled' })).toMatchObject({ kind: 'timeout', status: null, sent: false });
      expect(simulator.requests()).toHaveLength(0);
    });

    it('times out while it logs on: not sent', async () => {
      simulator.fail({ kind: 'hang' }, { on: ({ op }) => op === 'bind' });
      expect(await send({ timeoutMs: TIMEOUT_MS })).toMatchObject({ kind: 'timeout', status: null, sent: false });
      expect(simulator.requests()).toHaveLength(0);
    });

    it('calls a system that is not there unreachable: not sent', async () => {
      const connection = await open();
      await simulator.close();
      expect(await sendOn(connection)).toMatchObject({ kind: 'unreachable', status: null, sent: false });
    });

    it.each<[LdapContractFault, object]>([
      [
        { kind: 'reset', when: 'before-answer' },
        { kind: 'unreachable', status: null, sent: true },
      ],
      [
        { kind: 'reset', when: 'mid-answer' },
        { kind: 'unreachable', status: null, sent: true },
      ],
      [{ kind: 'truncated' }, { kind: 'unreachable', status: null, sent: true }],
      [{ kind: 'notice' }, { kind: 'unreachable', status: null, sent: true }],
      [{ kind: 'malformed' }, { kind: 'fault', status: null, sent: true }],
      [{ kind: 'lying-length' }, { kind: 'fault', status: null, sent: true }],
      [
        { kind: 'oversized', bytes: 11 * 1024 * 1024 },
        { kind: 'invalid', status: null, sent: true },
      ],
    ])('survives %j, and goes on over a new connection', async (fault, outcome) => {
      simulator.fail(fault);
      const connection = await open();
      expect(await sendOn(connection)).toMatchObject(outcome);
      simulator.heal();
      expect(await sendOn(connection)).toMatchObject({ kind: 'ok' });
      expect(simulator.binds()).toBe(2);
    });

    it('binds again after the server closed an idle connection', async () => {
      const connection = await open();
      expect(await sendOn(connection)).toMatchObject({ kind: 'ok' });
      simulator.dropConnections();
      await expect.poll(() => simulator.connections()).toBe(0);
      expect(await sendOn(connection)).toMatchObject({ kind: 'ok' });
      expect(simulator.binds()).toBe(2);
    });

    it('stops when the signal says so', async () => {
      simulator.fail({ kind: 'hang' });
      const abort = new AbortController();
      const pending = send({}, {}, abort.signal);
      await expect.poll(() => simulator.requests().length).toBe(1);
      abort.abort();
      expect(await pending).toMatchObject({ status: null, sent: true });
      expect(await send({}, {}, abort.signal)).toMatchObject({ status: null, sent: false });
    });

    it('holds no more connections than the policy allows, and lets the rest wait their turn', async () => {
      const connection = await open({ concurrency: 2 });
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => sendOn(connection)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'ok'));
      expect(simulator.binds()).toBeLessThanOrEqual(2);
    });

    it('closes idle connections, and all of them at its end', async () => {
      const connection = await open({ changes: { idleTimeout: '20ms' } });
      await sendOn(connection);
      await expect.poll(() => simulator.connections()).toBe(0);
      await sendOn(connection);
      await connection.close();
      await expect.poll(() => simulator.connections()).toBe(0);
      expect(await sendOn(connection)).toMatchObject({ status: null, sent: false });
    });

    it('is rejected with wrong credentials, without saying which', async () => {
      const outcome = await send({}, { password: 'WRONG-PASSWORD' });
      expect(outcome).toMatchObject({ kind: 'rejected', status: 49, sent: false });
      expect(outcome.detail).not.toContain('WRONG-PASSWORD');
      await expect.poll(() => simulator.connections()).toBe(0);
    });

    it('does not trust a certificate it does not know, nor one of another name', async () => {
      const { ca: _ca, ...config } = contract.config(simulator);
      const unknown = await adapter.open(config, await contextOf());
      connections = [...connections, unknown];
      expect(await sendOn(unknown)).toMatchObject({ kind: 'unreachable', sent: false, detail: expect.stringContaining('TLS') });
      expect(await send({}, { changes: { serverName: 'other.example' } })).toMatchObject({ kind: 'unreachable', sent: false });
      expect(simulator.requests()).toHaveLength(0);
      expect(simulator.binds()).toBe(0);
    });

    async function contextOf(): Promise<AdapterContext<unknown>> {
      return {
        ...{ spoke: 'spoke', clock, logger, expressions: contract.expressions, credentials, policy: DEFAULT_POLICY },
        http: { exchange: unused, close: async () => {} },
        tokens: { get: unused, drop() {} },
        addresses: contract.createAddresses('open'),
      };
    }

    it('encrypts with StartTLS before it logs on, and stays away where that is refused', async () => {
      const clear = await contract.startSimulator({ ldaps: false });
      try {
        const config = { ...contract.config(clear), startTls: true };
        const connection = await adapter.open(config, await contextOf());
        connections = [...connections, connection];
        expect(await sendOn(connection)).toMatchObject({ kind: 'ok' });
        clear.dropConnections();
        await expect.poll(() => clear.connections()).toBe(0);
        const [binds, asked] = [clear.binds(), clear.requests().length];
        clear.fail({ kind: 'result', code: 2 }, { on: ({ op }) => op === 'extended' });
        expect(await sendOn(connection)).toMatchObject({ kind: 'rejected', status: 2, sent: false });
        expect(clear.binds()).toBe(binds);
        expect(clear.requests().length).toBe(asked + 1);
      } finally {
        await clear.close();
      }
    });

    it('is rejected where the address guard refuses', async () => {
      expect(await send({}, { mode: 'refusing' })).toMatchObject({ kind: 'rejected', status: null, sent: false });
      expect(simulator.connections()).toBe(0);
    });

    it('answers an operation it does not have, and an input that does not fit, with invalid', async () => {
      expect(await send({ operation: 'no-such-operation' })).toMatchObject({ kind: 'invalid', sent: false });
      expect(await send({ input: { data: 'nothing', raw: null } })).toMatchObject({ kind: 'invalid', sent: false });
      expect(await send({ input: { data: { bogus: personal[0] ?? '' }, raw: null } })).toMatchObject({ kind: 'invalid', sent: false });
      expect(simulator.requests()).toHaveLength(0);
    });

    it('probes with a real round trip and names what stops it', async () => {
      const failing = async (setting: Setting): Promise<ProbeResult['checks'][number] | undefined> =>
        (await (await open(setting)).probe(never)).checks.find(({ ok }) => !ok);
      expect(await (await open()).probe(never)).toMatchObject({ ok: true });
      expect(await failing({ mode: 'refusing' })).toMatchObject({ name: 'address' });
      expect(await failing({ password: 'WRONG-PASSWORD' })).toMatchObject({ name: 'credentials' });
      expect(await failing({ changes: { serverName: 'other.example' } })).toMatchObject({ name: 'tls' });
      const connection = await open();
      await simulator.close();
      expect(await connection.probe(never)).toMatchObject({ ok: false, checks: [{ name: 'reachable', ok: false }] });
    });
  });
}

async function unused(): Promise<never> {
  throw new Error('a kind on LDAP does not speak HTTP');
}

function request({ operation, input }: LdapContract): SendRequest {
  return {
    deliveryId: '019aa5c0-0000-7000-8000-000000000001',
    messageId: 'message-1',
    attempt: 1,
    operation,
    input,
    traceparent: null,
    timeoutMs: 60_000,
  };
}
