/** How a simulated sender sends its webhooks: signed by the caller's function, tried again under the same id until the hub took them. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultSwitch } from './fault.ts';
import { textAt } from './field.ts';

export interface Signed {
  headers: Record<string, string>;
  body: string;
}

export interface SentHook {
  id: string;
  type: string;
  /** The hub's id of the message; null when it was not taken. */
  messageId: string | null;
  /** The hub had it already. */
  duplicate: boolean;
  /** Last answer; 0 when there was none. */
  status: number;
  attempts: number;
}

export interface Outbox {
  /** Sends one event; `sign` is called for each attempt, since signatures carry the time. Never throws. */
  send(id: string, type: string, sign: (nowMs: number) => Signed): Promise<SentHook>;
  /** Newest first. */
  sent(): readonly SentHook[];
}

export interface OutboxOptions {
  /** Where the hub listens for this sender. */
  hookUrl: () => string;
  /** `down`: nothing leaves until the fault is gone. `slow`: it leaves later. `flaky`: each n-th event is sent twice, as real senders do. */
  faults: () => FaultSwitch;
  /** Ends waiting and trying when the company closes. */
  signal: AbortSignal;
  nowMs?: () => number;
}

const ATTEMPTS_MAX = 8;
const ATTEMPT_TIMEOUT_MS = 10_000;
const RETRY_PAUSE_MS = 500;
const DOWN_POLL_MS = 250;
const KEPT_MAX = 10_000;

export function createOutbox({ hookUrl, faults, signal, nowMs = Date.now }: OutboxOptions): Outbox {
  const sent: SentHook[] = [];

  async function attempt(sign: (nowMs: number) => Signed): Promise<{ status: number; answer: unknown }> {
    const { headers, body } = sign(nowMs());
    try {
      const response = await fetch(hookUrl(), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, answer: response.status === 202 ? JSON.parse(text) : null };
    } catch {
      return { status: 0, answer: null };
    }
  }

  async function deliver(id: string, type: string, sign: (nowMs: number) => Signed): Promise<SentHook> {
    let status = 0;
    for (let attempts = 1; attempts <= ATTEMPTS_MAX && !signal.aborted; attempts++) {
      const result = await attempt(sign);
      status = result.status;
      const messageId = textAt(result.answer, 'messageId');
      if (messageId !== null) {
        const duplicate =
          typeof result.answer === 'object' && result.answer !== null && 'duplicate' in result.answer && result.answer.duplicate === true;
        return { id, type, messageId, duplicate, status, attempts };
      }
      // A refusal stays one; only a hub that could not take it is asked again.
      if (status !== 0 && status !== 429 && status < 500) return { id, type, messageId: null, duplicate: false, status, attempts };
      await wait(RETRY_PAUSE_MS);
    }
    return { id, type, messageId: null, duplicate: false, status, attempts: ATTEMPTS_MAX };
  }

  function keep(hook: SentHook): SentHook {
    sent.unshift(hook);
    if (sent.length > KEPT_MAX) sent.pop();
    return hook;
  }

  return {
    async send(id, type, sign) {
      while (faults().current().mode === 'down' && !signal.aborted) await wait(DOWN_POLL_MS);
      const effect = faults().effectOn(id, '');
      if (effect.kind === 'wait') await wait(effect.ms);
      const first = keep(await deliver(id, type, sign));
      if (effect.kind === 'fail') keep(await deliver(id, type, sign));
      return first;
    },
    sent: () => sent,
  };
}

/** The rows of a sender's page. */
export function outboxTable(outbox: Outbox): { title: string; columns: string[]; rows: string[][] } {
  return {
    title: 'Sent',
    columns: ['Event', 'Type', 'Answer', 'Message'],
    rows: outbox
      .sent()
      .map(({ id, type, status, messageId, duplicate }) => [id, type, String(status), (messageId ?? '-') + (duplicate ? ' (repeat)' : '')]),
  };
}
