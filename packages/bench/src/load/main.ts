/** The load generator, a process of its own: runs one order after the other and answers each with what it counted. */
import { type ClosedLoop, closedLoop } from './closed-loop.ts';
import { type OpenLoop, openLoop } from './open-loop.ts';

export type LoadOrder = ({ mode: 'closed' } & ClosedLoop) | ({ mode: 'open' } & OpenLoop);

function isLoadOrder(value: unknown): value is LoadOrder {
  return typeof value === 'object' && value !== null && 'mode' in value && 'path' in value;
}

async function run(order: LoadOrder): Promise<void> {
  process.send?.(order.mode === 'closed' ? await closedLoop(order) : await openLoop(order));
}

process.on('message', (order) => {
  if (isLoadOrder(order)) void run(order);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
