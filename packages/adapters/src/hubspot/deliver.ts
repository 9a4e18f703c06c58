/** Delivers to HubSpot: one request per delivery; a batch that went through in part is a refusal that says which inputs failed. */
import { type AdapterContext, type OperationInput, parseExact, type SendRequest, type SpokeConnection } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { withDeliveryHeaders } from '@nave/protocols';
import { readBatch } from './batch-result.ts';
import { createHubspotClient } from './client.ts';
import type { HubspotConfig, HubspotCredentials } from './config.ts';
import { readHubspotError } from './hubspot-error.ts';
import { type BatchInput, HUBSPOT_OPERATIONS } from './operations.ts';
import { hubspotPaths } from './paths.ts';
import { pollHubspot } from './poll.ts';
import { probeHubspot } from './probe.ts';

const OPERATIONS = new Map(HUBSPOT_OPERATIONS.map((operation) => [operation.declaration.name, operation]));

export function openHubspot(config: HubspotConfig, context: AdapterContext<HubspotCredentials>): SpokeConnection {
  const client = createHubspotClient(config, context);
  const paths = hubspotPaths(config);
  return {
    async send(send, signal) {
      const operation = OPERATIONS.get(send.operation);
      if (!operation) return invalid(`the spoke has no operation called ${send.operation}`);
      const planned = operation.plan(exactData(send.input), config, paths);
      if (!planned.ok) {
        const told = planned.problems.slice(0, 5).map(({ path, message }) => `${path} ${message}`);
        // Nothing to look it up by is no answer to whether it was done: a person has to say.
        return {
          ...invalid(`the input does not fit: ${told.join('; ')}`),
          kind: send.operation === 'findCreated' ? 'rejected' : 'invalid',
        };
      }
      const { method, url, body, batch } = planned.request;
      const outcome = await client.exchange({ method, url, headers: headersOf(send, body), body, timeoutMs: send.timeoutMs }, signal);
      if (send.operation === 'findCreated') return judgeLookup(outcome);
      return batch === null || outcome.kind !== 'ok' ? outcome : judgeBatch(outcome, batch);
    },
    probe: (signal) => probeHubspot(client, config, paths, context.policy, signal),
    poll: (name, cursor, limit, signal, from) =>
      pollHubspot({ name, cursor, limit, from: from ?? 'now' }, client, config, paths, context, signal),
    close: async () => {},
  };
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}

function headersOf(send: SendRequest, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json', 'User-Agent': 'Nave' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return withDeliveryHeaders(headers, send);
}

/** Numbers beyond 2^53 survive only in the bytes of a message that was not mapped. */
function exactData({ data, raw }: OperationInput): unknown {
  if (raw === null || !/[/+]json\b/i.test(raw.contentType)) return data;
  try {
    return parseExact(Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength).toString('utf8'));
  } catch {
    return data;
  }
}

/** Only HubSpot itself knows that there is no such record: it says so with an error of its own, which a gateway's 404 does not have. */
function judgeLookup(outcome: Outcome): Outcome {
  const { status, response } = outcome;
  if (status !== 404 && status !== 410) return outcome;
  const error = readHubspotError(response?.body ?? new Uint8Array());
  if (error !== null && (error.category !== null || error.correlationId !== null)) return outcome;
  return { ...outcome, kind: 'invalid', detail: `${outcome.detail}, which is not an answer of HubSpot: done or not is not known` };
}

/** Upserts may be repeated, so a retry of the whole batch after a mend is harmless for the inputs that went through. */
function judgeBatch(outcome: Outcome, inputs: readonly BatchInput[]): Outcome {
  const { response } = outcome;
  if (response === undefined) return outcome;
  const batch = readBatch(response.body, inputs);
  if (batch === null) return { ...outcome, kind: 'fault', detail: `${outcome.detail} with something that is not the result of a batch` };
  const body = Buffer.from(JSON.stringify({ inputs: batch.inputs, results: batch.results, errors: batch.errors }));
  const answer = { ...outcome, response: { ...response, contentType: 'application/json', body } };
  const created = batch.inputs.filter((each) => each.new === true).length;
  if (batch.failed === 0) return { ...answer, detail: `${outcome.detail}: ${created} created, ${batch.inputs.length - created} updated` };
  const categories = [...new Set(batch.inputs.flatMap(({ error }) => (error === null ? [] : [error])))].join(', ');
  const places = batch.inputs.filter(({ ok }) => !ok).map(({ index }) => index);
  const shown = `${places.slice(0, 10).join(', ')}${places.length > 10 ? ', ...' : ''}`;
  const detail = `${outcome.detail}: ${batch.failed} of ${batch.inputs.length} inputs failed (${categories}), at ${shown}`;
  return { ...answer, kind: batch.transient ? 'throttled' : 'rejected', detail };
}
