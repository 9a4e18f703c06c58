/** Every queue of Nave by name. One shared queue of tickets, whatever the number of spokes: a queue per spoke would cost a connection each. */

/** Names of the ticket queues: one, or several shards when a single Redis key gets hot. */
export function ticketQueues(shards: number): string[] {
  return Array.from({ length: shards }, (_, index) => (index === 0 ? 'tickets' : `tickets-${index}`));
}
