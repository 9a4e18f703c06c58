/** Delivers to Pohoda: builds the document, sends it, judges the three levels of the answer, looks up what Pohoda says it has already. */
import { createHash } from 'node:crypto';
import type { AdapterContext, SendRequest, SpokeConnection } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { excerptOf, outcomeOfExchange } from '@nave/protocols';
import { createMServer, type MServer } from './client.ts';
import type { PohodaConfig, PohodaCredentials } from './config.ts';
import { failureOf, judgePack } from './judge-pack.ts';
import { POHODA_OPERATIONS } from './operations.ts';
import { alreadyOutcome, doneOutcome, jsonOutcome, notYetOutcome, refusedOutcome } from './outcomes.ts';
import type { FindPlan, Plan } from './plan.ts';
import { pollPohoda } from './poll.ts';
import { probePohoda } from './probe.ts';
import { type ReadPack, readResponse } from './read-response.ts';
import { nextIdOf, recordsOf } from './records.ts';
import { buildDataPack } from './xml/data-pack.ts';

/** Of ids of packs and items (type.xsd, string64). */
const ID_MAX = 64;
const OPERATIONS = new Map(POHODA_OPERATIONS.map((operation) => [operation.declaration.name, operation]));

export async function openPohoda(config: PohodaConfig, context: AdapterContext<PohodaCredentials>): Promise<SpokeConnection> {
  const server = await createMServer(config, context);
  return {
    async send(send, signal) {
      const operation = OPERATIONS.get(send.operation);
      if (!operation) return invalid(`the spoke has no operation called ${send.operation}`);
      if (server.problem !== null) return invalid(server.problem);
      const planned = operation.plan(send.input, config);
      if (!planned.ok)
        return invalid(
          `the input does not fit: ${planned.problems
            .map(({ path, message }) => `${path} ${message}`)
            .slice(0, 5)
            .join('; ')}`,
        );
      const delivery: Delivery = {
        send,
        config,
        server,
        now: context.clock.now,
        signal,
        never: operation.declaration.idempotent === 'never',
      };
      return planned.plan.kind === 'write' ? write(delivery, planned.plan) : read(delivery, planned.plan);
    },
    probe: (signal) => probePohoda(server, config, context.policy, signal),
    poll: (name, cursor, limit, signal, from) => pollPohoda({ name, cursor, limit, from: from ?? 'now' }, server, config, context, signal),
    close: async () => {},
  };
}

interface Delivery {
  send: SendRequest;
  config: PohodaConfig;
  server: MServer;
  now: () => number;
  signal: AbortSignal;
  never: boolean;
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}

async function write(delivery: Delivery, plan: Extract<Plan, { kind: 'write' }>): Promise<Outcome> {
  const { send, config, never } = delivery;
  const itemId = plan.key ?? send.deliveryId;
  const exchanged = await exchange(delivery, plan, packIdOf(send.operation, plan.variant, itemId), itemId, plan.once);
  if (!exchanged.ok) return exchanged.outcome;
  const { outcome, answer, changes } = exchanged;
  // Something answered, and what it did is not known: of an operation that must not be done twice the hub finds out first.
  if (!answer.ok) return { ...outcome, kind: never ? 'unknown' : 'fault', detail: `answered 200 with ${answer.reason}`, sent: true };
  const verdict = judgePack(answer.pack, config);
  if (verdict.kind === 'refused') return refusedOutcome(outcome, verdict.note, verdict.problems);
  if (verdict.kind === 'notYet') return notYetOutcome(outcome, verdict.note);
  if (verdict.kind === 'done') return doneOutcome(outcome, verdict.produced, { findings: verdict.warnings, characters: changes }, plan.key);
  if (plan.find === null) return alreadyOutcome(outcome, null, verdict.note, plan.key);
  const found = await look(delivery, plan.find);
  if (found.state === 'found') return alreadyOutcome(outcome, found.output, verdict.note, plan.key);
  if (found.state === 'none')
    return refusedOutcome(outcome, `${verdict.note}; no record with this external key was found, so it was not made by this document`, []);
  return { ...outcome, kind: 'unknown', detail: `answered 200: ${verdict.note}; looking it up: ${found.reason}`, sent: true };
}

/** Different for every document, so that it does not matter whether Pohoda compares packs, items or both; the same on every attempt. */
function packIdOf(operation: string, variant: string | null, itemId: string): string {
  const id = [operation, ...(variant === null ? [] : [variant]), itemId].join('-');
  return id.length <= ID_MAX ? id : createHash('sha256').update(id).digest('base64url');
}

async function read(delivery: Delivery, plan: Exclude<Plan, { kind: 'write' }>): Promise<Outcome> {
  const { send, config } = delivery;
  const exchanged = await exchange(delivery, plan.request, `nave-${send.operation}`, send.deliveryId, false);
  if (!exchanged.ok) return plan.kind === 'find' ? unsureStatus(exchanged.outcome) : exchanged.outcome;
  const { outcome, answer } = exchanged;
  if (!answer.ok) return { ...outcome, kind: 'fault', detail: `answered 200 with ${answer.reason}` };
  const failure = failureOf(answer.pack, config);
  if (failure !== null) return unsureRefusal(outcome, failure);
  const agenda = answer.pack.item?.agenda ?? null;
  if (agenda === null) return { ...outcome, kind: 'fault', detail: 'answered 200 without a list' };
  const page = recordsOf(agenda);
  if (plan.kind === 'list') {
    const full = page.total >= plan.count;
    const data = { items: page.records, next: full ? nextIdOf(page.records) : null };
    return jsonOutcome(outcome, 'ok', `answered 200: ${page.records.length} records`, data);
  }
  const found = plan.judge(page);
  if (found.state === 'found') return jsonOutcome(outcome, 'ok', 'answered 200: found', found.output);
  if (found.state === 'none') return jsonOutcome(outcome, 'ok', 'answered 200: nothing found', null);
  return unsureRefusal(outcome, found.reason);
}

/** A refusal that no lookup may take for "not done": the status of the answer is left out. */
function unsureRefusal(outcome: Outcome, note: string): Outcome {
  const { response: _answer, ...rest } = outcome;
  return { ...rest, kind: 'rejected', status: null, detail: `answered 200, but refused: ${note}` };
}

/** A 404 is about mServer, not about the record: no lookup may take it for "not done". */
function unsureStatus(outcome: Outcome): Outcome {
  if (outcome.status !== 404 && outcome.status !== 410) return outcome;
  const { response: _answer, ...rest } = outcome;
  return { ...rest, status: null };
}

type Looked = { state: 'found'; output: unknown } | { state: 'none' } | { state: 'unsure'; reason: string };

async function look(delivery: Delivery, find: FindPlan): Promise<Looked> {
  const outcome = await read({ ...delivery, never: false }, find);
  if (outcome.kind !== 'ok' || outcome.response === undefined) return { state: 'unsure', reason: outcome.detail };
  const data: unknown = JSON.parse(Buffer.from(outcome.response.body).toString('utf8'));
  return data === null ? { state: 'none' } : { state: 'found', output: data };
}

type Exchanged = { ok: false; outcome: Outcome } | { ok: true; outcome: Outcome; answer: ReadPack; changes: readonly string[] };

async function exchange(
  { send, config, server, now, signal }: Delivery,
  document: Pick<Extract<Plan, { kind: 'write' }>, 'root' | 'element'>,
  packId: string,
  itemId: string,
  once: boolean,
): Promise<Exchanged> {
  const built = buildDataPack(
    { root: document.root, element: document.element, packId, itemId, note: send.operation },
    config,
    server.codec,
  );
  if (!built.ok) return { ok: false, outcome: invalid(built.reason) };
  const { request, result } = await server.post(built.bytes, { send, timeoutMs: send.timeoutMs, once }, signal);
  const outcome = outcomeOfExchange(result, now(), excerptOf(request, server.redaction));
  if (outcome.kind !== 'ok' || !result.ok) return { ok: false, outcome: explainStatus(outcome) };
  const { response, ...base } = outcome;
  const answer = readResponse(result.body, response?.contentType ?? '', server.codec);
  return { ok: true, outcome: base, answer, changes: built.changes };
}

const STATUSES: ReadonlyMap<number, string> = new Map([
  [401, 'Pohoda does not know the user or the password'],
  [403, 'the user has no right to XML communication in Pohoda'],
  [404, 'mServer is not at this path, or another service listens here'],
]);

function explainStatus(outcome: Outcome): Outcome {
  const told = outcome.status === null ? undefined : STATUSES.get(outcome.status);
  return told === undefined ? outcome : { ...outcome, detail: `${outcome.detail}: ${told}` };
}
