import { fakeClock } from './fake-clock.ts';
import { memoryMessageStore } from './memory-message-store.ts';
import { describeMessageStoreContract } from './message-store-contract.ts';

describeMessageStoreContract('memory', async () => {
  let clock = fakeClock(Date.now());
  let store = memoryMessageStore(clock);
  return {
    // The suite holds on to one store; what it stores is cleared beneath it.
    store: new Proxy(store, { get: (_target, name) => Reflect.get(store, name) }),
    pass: async (ms) => clock.advance(ms),
    setSpoke: async (name, state) => store.setSpoke(name, state),
    look: async (id) => {
      const row = store.deliveries.get(id);
      if (row === undefined) return null;
      const { state, heldBy, reason, attemptCount, fence } = row;
      return { state, heldBy, reason, attemptCount, fence, attempts: row.attempts.map(({ number }) => number) };
    },
    clear: async () => {
      clock = fakeClock(Date.now());
      store = memoryMessageStore(clock);
    },
    close: async () => undefined,
  };
});
