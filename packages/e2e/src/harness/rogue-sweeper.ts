/** A second sweeper that asks nobody whether it leads: run as a process of its own beside the real one. argv: database URL. */
import { createMessageStore, openDatabase } from '@nave/store';

const [url = ''] = process.argv.slice(2);
const db = openDatabase({ url, applicationName: 'rogue sweeper', hotConnections: 2, queryConnections: 1 });
const store = createMessageStore(db.hot);

for (let turn = 0; ; turn++) {
  // Its rings are heard by nobody, so it must not buy them the time in which somebody would answer.
  await Promise.all([store.ringDue(200, 0), store.expireLeases(), store.holdPaused()]);
  if (turn === 0) process.stdout.write('sweeping\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
}
