import { describe, expect, it } from 'vitest';
import { createMetrics, type QueueFigures } from './metrics.ts';

async function lines(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  const { contentType, body } = await metrics.render();
  expect(contentType).toContain('text/plain');
  return body.split('\n').filter((line) => line.startsWith('nave_'));
}

describe('metrics', () => {
  it('count what was accepted, repeated, refused and delivered, by spoke', async () => {
    const metrics = createMetrics(async () => []);
    metrics.accepted('shop', false);
    metrics.accepted('shop', false);
    metrics.accepted('shop', true);
    metrics.mismatch('shop');
    metrics.refused('shop');
    metrics.shed('commit');
    metrics.delivered('erp', 'ok', 0.02);
    metrics.delivered('erp', 'fault', 4);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining([
        'nave_messages_accepted_total{spoke="shop"} 2',
        'nave_messages_duplicate_total{spoke="shop"} 1',
        'nave_idempotency_mismatch_total{spoke="shop"} 1',
        'nave_ingress_refused_total{spoke="shop"} 1',
        'nave_ingress_shed_total{reason="commit"} 1',
        'nave_deliveries_total{spoke="erp",outcome="ok"} 1',
        'nave_deliveries_total{spoke="erp",outcome="fault"} 1',
        'nave_delivery_seconds_bucket{le="0.025",spoke="erp"} 1',
        'nave_delivery_seconds_count{spoke="erp"} 2',
      ]),
    );
  });

  it('show the queues of the moment, and forget what is empty', async () => {
    let figures: QueueFigures[] = [{ spoke: 'erp', state: 'pending', count: 7, oldestSeconds: 12 }];
    const metrics = createMetrics(async () => figures);
    expect(await lines(metrics)).toEqual(
      expect.arrayContaining(['nave_queue_depth{spoke="erp",state="pending"} 7', 'nave_queue_oldest_seconds{spoke="erp"} 12']),
    );
    figures = [];
    expect((await lines(metrics)).filter((line) => line.startsWith('nave_queue'))).toEqual([]);
  });

  it('are rendered without the queues when these cannot be asked', async () => {
    const metrics = createMetrics(() => Promise.reject(new Error('no database')));
    metrics.accepted('shop', false);
    expect(await lines(metrics)).toContain('nave_messages_accepted_total{spoke="shop"} 1');
  });

  it('of two processes in one do not meet', () => {
    createMetrics(async () => []);
    createMetrics(async () => []);
  });
});
