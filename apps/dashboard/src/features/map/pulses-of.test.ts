import { describe, expect, it } from 'vitest';
import type { Strand } from './map-strands.ts';
import { pulsesOf } from './pulses-of.ts';

const strands: Pick<Strand, 'id' | 'spoke' | 'direction' | 'routes'>[] = [
  { id: 'in:shop:orders', spoke: 'shop', direction: 'in', routes: ['orders'] },
  { id: 'in:shop:refunds', spoke: 'shop', direction: 'in', routes: ['refunds'] },
  { id: 'out:erp', spoke: 'erp', direction: 'out', routes: ['orders', 'refunds'] },
];

const delivery = (messageId: string, route: string, state: 'active' | 'succeeded' | 'dead') => ({ messageId, route, spoke: 'erp', state });

describe('the pulses of the map', () => {
  it('runs a message along the link of its route, and what nobody tells a route of along the first of its source', () => {
    const messages = [
      { id: 'm1', source: 'shop' },
      { id: 'm2', source: 'shop' },
    ];
    expect(pulsesOf({ messages, deliveries: [delivery('m1', 'refunds', 'active')] }, strands)).toEqual([
      { strand: 'in:shop:refunds', tone: 'accent', count: 1 },
      { strand: 'in:shop:orders', tone: 'accent', count: 1 },
    ]);
  });

  it('makes one pulse of many of the same outcome', () => {
    const deliveries = [
      ...Array.from({ length: 300 }, (_, n) => delivery(`m${n}`, 'orders', 'succeeded')),
      delivery('x', 'refunds', 'dead'),
    ];
    expect(pulsesOf({ messages: [], deliveries }, strands)).toEqual([
      { strand: 'out:erp', tone: 'green', count: 300 },
      { strand: 'out:erp', tone: 'red', count: 1 },
    ]);
  });

  it('shows nothing that did not happen on the map', () => {
    const messages = [{ id: 'm', source: 'gone' }];
    expect(pulsesOf({ messages, deliveries: [delivery('m', 'gone', 'succeeded'), delivery('n', 'orders', 'active')] }, strands)).toEqual(
      [],
    );
  });
});
