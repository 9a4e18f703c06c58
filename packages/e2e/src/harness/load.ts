/** A sender under load: a steady rate over some connections; whatever is not acknowledged is sent again with the same id, as providers of webhooks do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './json.ts';

export interface LoadOptions {
  /** Where to send; several are used in turn. */
  urls: readonly string[];
  perSecond: number;
  senders?: number;
  /** So many senders instead, each sending one after the other into a lane of its own: their ids are `<lane>:<number from 1>`. */
  lanes?: number;
  /** What one message carries besides its id. */
  body?: (id: string) => Record<string, unknown>;
}

export interface Ledger {
  /** Ids sent at least once. */
  sent: Set<string>;
  /** Acknowledged ids with what the hub called them. */
  acknowledged: Map<string, { messageId: string; duplicate: boolean }>;
  /** How often each status was answered; `lost` = no answer. */
  answers: Map<string, number>;
  /** Acknowledged twice under different message ids: the hub forgot its first answer. */
  contradictions: string[];
}

export interface Load {
  ledger: Ledger;
  /** Sends nothing new any more, and gives up on what is still not acknowledged after `patienceMs`. */
  finish(patienceMs?: number): Promise<Ledger>;
}

let runs = 0;
const REQUEST_MS = 30_000;

export function startLoad({ urls, perSecond, senders = 24, lanes, body }: LoadOptions): Load {
  runs += 1;
  const prefix = `r${process.pid}-${runs}`;
  const ledger: Ledger = { sent: new Set(), acknowledged: new Map(), answers: new Map(), contradictions: [] };
  const startedAt = performance.now();
  let next = 0;
  let finishing = false;
  let giveUpAt = Number.POSITIVE_INFINITY;

  const workers = Array.from({ length: lanes ?? senders }, async (_, lane) => {
    let own = 0;
    while (!finishing) {
      const due = startedAt + (next * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 0) {
        await sleep(Math.min(early, 50));
        continue;
      }
      next += 1;
      own += 1;
      await sendUntilAcknowledged(lanes === undefined ? `${prefix}-${next}` : `${prefix}-${lane}:${own}`);
    }
  });

  async function sendUntilAcknowledged(id: string): Promise<void> {
    ledger.sent.add(id);
    const text = JSON.stringify({ id, type: 'order.created', total: 5, ...body?.(id) });
    for (let turn = 0; performance.now() < giveUpAt; turn++) {
      const url = urls[turn % urls.length] ?? '';
      if (await sendOnce(url, id, text)) return;
      await sleep(50);
    }
  }

  async function sendOnce(url: string, id: string, text: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      const answer: unknown = await response.json();
      count(String(response.status));
      if (response.status !== 202) return false;
      acknowledge(id, String(at(answer, 'messageId')), at(answer, 'duplicate') === true);
      return true;
    } catch {
      count('lost');
      return false;
    }
  }

  function acknowledge(id: string, messageId: string, duplicate: boolean): void {
    const before = ledger.acknowledged.get(id);
    if (before !== undefined && before.messageId !== messageId) ledger.contradictions.push(id);
    ledger.acknowledged.set(id, { messageId, duplicate });
  }

  function count(name: string): void {
    ledger.answers.set(name, (ledger.answers.get(name) ?? 0) + 1);
  }

  return {
    ledger,
    async finish(patienceMs = 60_000) {
      finishing = true;
      giveUpAt = performance.now() + patienceMs;
      await Promise.all(workers);
      return ledger;
    },
  };
}
