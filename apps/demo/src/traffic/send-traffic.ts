/** Lets the planned traffic happen, at its times, without waiting for one thing before the next. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Company } from '../systems/company.ts';
import type { SentHook } from '../systems/kit/outbox.ts';
import type { Ledger, Sendable } from '../watch/ledger.ts';
import type { Happening, Planned } from './plan-traffic.ts';

export interface TrafficListener {
  sent(happening: Sendable, hook: SentHook): void;
  forged(status: number): void;
  fault(happening: Extract<Happening, { kind: 'fault' }>): void;
}

/** Ends when everything was sent and answered, or soon after the signal. */
export async function sendTraffic(
  plan: readonly Planned[],
  company: Company,
  ledger: Ledger,
  listener: TrafficListener,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  const leaving: Promise<void>[] = [];
  for (const { atMs, happening } of plan) {
    const waitMs = startMs + atMs - performance.now();
    if (waitMs > 0) await wait(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    leaving.push(happen(happening));
  }
  await Promise.all(leaving);

  async function happen(happening: Happening): Promise<void> {
    if (happening.kind === 'fault') {
      company[happening.system].faults.set(happening.fault);
      listener.fault(happening);
    } else if (happening.kind === 'forgery') {
      const status = await company.payments.forge(happening.payment);
      ledger.forged(status);
      listener.forged(status);
    } else {
      ledger.sending();
      const hook = await sendOne(company, happening);
      ledger.sent({ happening, hook });
      listener.sent(happening, hook);
    }
  }
}

function sendOne({ shop, payments, hr, named }: Company, happening: Sendable): Promise<SentHook> {
  if (happening.kind === 'story') return named.send(happening.event);
  if (happening.kind === 'order') return shop.place(happening.order);
  return happening.kind === 'payment' ? payments.succeed(happening.payment) : hr.announce(happening.event);
}
