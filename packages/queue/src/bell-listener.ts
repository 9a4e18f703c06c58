/** Hearing: one BullMQ worker per ticket queue hands the ids to the process's scheduler. */
import { type BellListener, type Logger, messageOf } from '@nave/core';
import { openWorker, type QueueBackend, type TicketWorker } from './backend.ts';
import { ticketQueues } from './jobs.ts';
import type { Ticket } from './ticket.ts';

export interface BellListenerOptions {
  backend: QueueBackend;
  shards: number;
  logger: Logger;
  now: () => number;
}

const CLOSE_TIMEOUT_MS = 5_000;

export function createBellListener({ backend, shards, logger, now }: BellListenerOptions): BellListener {
  let lastTicketAt: number | null = null;
  let failing = false;
  let opened: TicketWorker[] = [];
  return {
    async start(onTicket) {
      const hear = (ticket: Ticket) => {
        lastTicketAt = now();
        failing = false;
        onTicket(ticket.d.filter(([spoke]) => spoke !== '').map(([spoke, deliveryId]) => ({ spoke, deliveryId })));
      };
      const fail = (error: unknown) => {
        if (!failing) logger.warn({ reason: messageOf(error) }, 'the queue cannot be heard');
        failing = true;
      };
      opened = ticketQueues(shards).map((name) => openWorker(backend, name, hear, fail));
      for (const worker of opened) worker.run().catch(fail);
    },
    healthy: () => !failing,
    lastTicketAt: () => lastTicketAt,
    async close() {
      const closing = Promise.allSettled(opened.map((worker) => worker.close()));
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        closing,
        new Promise<void>((done) => {
          timer = setTimeout(done, CLOSE_TIMEOUT_MS);
        }),
      ]);
      clearTimeout(timer);
    },
  };
}
