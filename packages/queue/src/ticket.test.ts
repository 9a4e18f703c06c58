import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticketQueues } from './jobs.ts';
import { entriesOf, TICKET_IDS_MAX, ticketOf } from './ticket.ts';

const entry = fc.record({ spoke: fc.string(), deliveryId: fc.string() });

describe('a ticket', () => {
  it('gives back the entries it was made of, also through JSON', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: TICKET_IDS_MAX }), (entries) => {
        expect(entriesOf(JSON.parse(JSON.stringify(ticketOf(entries))))).toEqual(entries);
      }),
    );
  });

  it('never throws, whatever somebody put into the queue, and never gives more than it may', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ v: fc.constant(1), d: fc.anything() })), (payload) => {
        const entries = entriesOf(payload);
        expect(entries.every(({ spoke, deliveryId }) => typeof spoke === 'string' && typeof deliveryId === 'string')).toBe(true);
      }),
    );
    expect(entriesOf({ v: 1, d: Array.from({ length: 100_000 }, () => ['a', 'b']) }).length).toBeLessThanOrEqual(TICKET_IDS_MAX * 10);
  });

  it('of another version is not read', () => {
    expect(entriesOf({ v: 2, d: [['a', 'b']] })).toEqual([]);
  });
});

describe('ticketQueues', () => {
  it('names one queue, or as many as there are shards', () => {
    expect(ticketQueues(1)).toEqual(['tickets']);
    expect(ticketQueues(3)).toEqual(['tickets', 'tickets-1', 'tickets-2']);
  });
});
