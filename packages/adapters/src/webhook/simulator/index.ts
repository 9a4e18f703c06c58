/** A receiver of Standard Webhooks, for the demo and the tests: checks signature and time as the specification tells receivers to. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';

export interface WebhookReceiver extends Simulator {
  /** Webhooks that were accepted, by `webhook-id`: a repeat is acknowledged and not listed again. */
  accepted(): ReadonlyMap<string, Buffer>;
}

export interface WebhookReceiverOptions {
  port?: number;
  /** `whsec_...`; without it unsigned webhooks are taken. */
  secret?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

const TOLERANCE_SECONDS = 300;

export async function startWebhookReceiver({ port, secret, now = Date.now }: WebhookReceiverOptions = {}): Promise<WebhookReceiver> {
  const accepted = new Map<string, Buffer>();

  function answer(request: SimulatedRequest): SimulatedAnswer {
    if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' } };
    const id = request.headers['webhook-id'] ?? request.headers['idempotency-key'];
    if (id === undefined) return { status: 400, body: 'no webhook-id' };
    if (secret !== undefined && !isGenuine(request, secret, now())) return { status: 401, body: 'bad signature' };
    if (!accepted.has(id)) accepted.set(id, request.body);
    return { status: 204 };
  }

  const simulator = await startSimulator(answer, port);
  return { ...simulator, accepted: () => accepted };
}

function isGenuine({ headers, body }: SimulatedRequest, secret: string, nowMs: number): boolean {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
