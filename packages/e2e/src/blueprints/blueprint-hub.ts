/** A hub that a blueprint was applied to with the command line, and what its suite asks of it. */
import { type HubUnderTest, hubUnderTest } from '../contract/hub-under-test.ts';
import type { Answer } from '../harness/hub-process.ts';
import { at, listAt, textAt } from '../harness/json.ts';
import { waitFor } from '../harness/wait-for.ts';
import { naveYamlOf } from './blueprint-files.ts';
import { nave } from './nave-command.ts';

export interface BlueprintHub extends HubUnderTest {
  /** Sends a webhook that has to be taken; its message id and whether the hub knew it. */
  hook(spoke: string, signed: { headers: Record<string, string>; body: string }): Promise<{ messageId: string; duplicate: boolean }>;
  /** The message once it is completed; as the API shows it. */
  completed(messageId: string): Promise<unknown>;
  /** The parsed output of a delivery of a message, by step. */
  output(messageId: string, step: string): Promise<unknown>;
  /** Calls `look` until it answers something. */
  until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T>;
}

const PATIENCE_MS = 60_000;

/** @throws Error with what the command line said, when the blueprint is refused */
export async function blueprintHub(blueprints: readonly string[], variables: Readonly<Record<string, string>>): Promise<BlueprintHub> {
  const test = await hubUnderTest();
  for (const blueprint of blueprints) {
    const applied = await nave(test.hub, ['apply', '-f', naveYamlOf(blueprint)], variables);
    if (applied.code !== 0) {
      await test.close();
      throw new Error(`${blueprint}: ${applied.err}${applied.out}`);
    }
  }
  const until = <T>(what: string, look: () => Promise<T | null | undefined | false>) => waitFor(what, PATIENCE_MS, look);
  return {
    ...test,
    until,
    async hook(spoke, { headers, body }) {
      const answer: Answer = await test.post(`/hooks/${spoke}`, body, { 'content-type': 'application/json', ...headers });
      if (answer.status !== 202) throw new Error(`/hooks/${spoke} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      return { messageId: textAt(answer.body, 'messageId'), duplicate: at(answer.body, 'duplicate') === true };
    },
    completed: (messageId) => until(`${messageId} is completed`, () => messageIn(test, messageId)),
    async output(messageId, step) {
      const message = await test.hub.api('GET', `/api/v1/messages/${messageId}`);
      const delivery = listAt(message, 'deliveries').find((each) => at(each, 'step') === step);
      const payload = await test.hub.api('GET', `/api/v1/messages/${messageId}/payload`);
      const found = listAt(payload, 'deliveries').find((each) => at(each, 'id') === at(delivery, 'id'));
      return JSON.parse(textAt(found, 'output.body'));
    },
  };
}

/** The message when it is completed; an end of another kind is told with its deliveries. */
async function messageIn({ hub }: HubUnderTest, messageId: string): Promise<unknown> {
  const message = await hub.api('GET', `/api/v1/messages/${messageId}`);
  const state = textAt(message, 'state');
  if (state === 'failed' || state === 'unrouted') throw new Error(`${messageId} is ${state}: ${JSON.stringify(at(message, 'deliveries'))}`);
  return state === 'completed' ? message : null;
}
