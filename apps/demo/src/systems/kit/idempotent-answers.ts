/** Remembers the first answer under each `Idempotency-Key`, as Stripe and the IETF draft "The Idempotency-Key HTTP Header Field" describe it. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Answer {
  status: number;
  body: unknown;
}

export interface IdempotentAnswers {
  /** Acts once per key; the same key again gets the first answer. Without a key it acts every time. Refusals (4xx) are not remembered. */
  once(request: FastifyRequest, reply: FastifyReply, act: () => Answer): FastifyReply;
  /** How many requests were answered from memory. */
  repeats(): number;
}

const REMEMBERED_MAX = 100_000;

export function createIdempotentAnswers(): IdempotentAnswers {
  const first = new Map<string, Answer>();
  let repeats = 0;
  return {
    once(request, reply, act) {
      const header = request.headers['idempotency-key'];
      const key = typeof header === 'string' ? `${request.method} ${request.url} ${header}` : null;
      const earlier = key === null ? undefined : first.get(key);
      if (earlier) repeats++;
      const answer = earlier ?? act();
      if (key !== null && answer.status < 400 && first.size < REMEMBERED_MAX) first.set(key, answer);
      return reply.code(answer.status).send(answer.body);
    },
    repeats: () => repeats,
  };
}
