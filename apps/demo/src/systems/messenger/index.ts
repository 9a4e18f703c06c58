/** The simulated messenger: delivers short messages to people, when it feels like it. */

import { textAt } from '../kit/field.ts';
import { createIdempotentAnswers } from '../kit/idempotent-answers.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';

export interface ShortMessage {
  to: string;
  text: string;
}

export interface Messenger extends SimulatedSystem {
  /** In the order of arrival. */
  messages(): readonly ShortMessage[];
}

/** `POST /messages { to, text }` (201; the same `Idempotency-Key` again: the first answer). Needs the bearer token. */
export async function startMessenger({ token }: { token: string }): Promise<Messenger> {
  const messages: ShortMessage[] = [];
  const answers = createIdempotentAnswers();
  const system = await startSystem({
    name: 'messenger',
    title: 'Messenger',
    state: () => ({ messages, repeats: answers.repeats() }),
    tables: () => [{ title: 'Messages', columns: ['To', 'Text'], rows: [...messages].reverse().map(({ to, text }) => [to, text]) }],
    routes(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers.authorization !== `Bearer ${token}`) return reply.code(401).send({ error: 'unauthorized' });
      });
      app.post('/messages', (request, reply) =>
        answers.once(request, reply, () => {
          const [to, text] = ['to', 'text'].map((field) => textAt(request.body, field));
          if (!to || !text) return { status: 422, body: { error: 'expected to and text' } };
          messages.push({ to, text });
          return { status: 201, body: { delivered: true } };
        }),
      );
    },
  });
  return { ...system, messages: () => messages };
}
