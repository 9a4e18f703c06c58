/** What every message passes on its way in: load, allowances, memory and time. */
import { HubError } from '@nave/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Allowance, type CallerRate, overLimit } from '../limits/caller-limits.ts';
import type { IngressLimits } from '../limits/ingress-limits.ts';
import { rateLimitFields } from '../limits/rate-limit-fields.ts';
import { readBody } from './read-body.ts';

/** Longer than a commit may take (10 s): whatever else hangs, the sender is answered. In ms. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Reads the body and works with it; its memory is given back when the work is done.
 * @throws HubError as `readBody`, as the work, or `store.unavailable` when the work takes too long
 */
export async function withBody<Result>(
  limits: IngressLimits,
  request: FastifyRequest,
  bytesMax: number,
  work: (body: Buffer) => Promise<Result>,
): Promise<Result> {
  const account = limits.bodies.open();
  try {
    const body = await readBody(request.raw, request.raw.headers, bytesMax, { account, full: () => limits.guard.refuse('bodies') });
    return await inTime(work(body));
  } finally {
    account.close();
  }
}

/** @throws HubError `store.unavailable` when the work takes longer than a sender is kept waiting; the work goes on, its result is dropped */
export function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const detail = 'The hub did not come to an end in time. Send again with the same idempotency key: it may be stored.';
      reject(new HubError('store.unavailable', { detail, retryAfterSeconds: 2 }));
    }, ANSWER_WITHIN_MS);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/**
 * Takes one message out of the allowance of a caller; the answer says what is left.
 * @throws HubError `limit.rate`
 */
export async function takeOne(limits: IngressLimits, reply: FastifyReply, caller: string, rate: CallerRate): Promise<void> {
  const allowance = await limits.callers.take(caller, rate);
  tell(reply, allowance);
  if (!allowance.granted) throw overLimit(allowance);
}

/** Refuses a caller that is known to have nothing left, before its body is read. @throws HubError `limit.rate` */
export function assertNotSpent(limits: IngressLimits, reply: FastifyReply, caller: string, rate: CallerRate | null): void {
  const allowance = rate === null ? null : limits.callers.spent(caller, rate);
  if (allowance === null) return;
  tell(reply, allowance);
  throw overLimit(allowance);
}

/** The senders of hooks are known by their spoke, those who publish by their key and the spoke they publish as. */
export const hookCaller = (spoke: string): string => `hook:${spoke}`;
export const keyCaller = (keyId: string, spoke: string): string => `key:${keyId}:${spoke}`;

/** Of several allowances (a batch for several spokes) the one with the least left is told: the draft wants the tightest. */
function tell(reply: FastifyReply, allowance: Allowance): void {
  const told = reply.getHeader('ratelimit');
  const left = typeof told === 'string' ? Number(/;r=(\d+)/.exec(told)?.[1] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  if (allowance.remaining <= left) reply.headers({ ...rateLimitFields(allowance) });
}
