import { describe, expect, it } from 'vitest';
import { planTraffic } from './plan-traffic.ts';

const OPTIONS = { seed: 7, run: 1, rounds: 24, roundMs: 2_500, startMs: 1_800_000_000_000, outage: true };

function ids(run: number): string[] {
  return planTraffic({ ...OPTIONS, run }).flatMap(({ happening }) => {
    if (happening.kind === 'order' && !happening.again) return [happening.order.id, happening.order.number];
    if (happening.kind === 'payment') return [happening.payment.eventId, happening.payment.intentId];
    return happening.kind === 'employee' ? [happening.event.event_id] : [];
  });
}

describe('the planned traffic', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planTraffic(OPTIONS)).toEqual(planTraffic(OPTIONS));
    expect(planTraffic(OPTIONS)).not.toEqual(planTraffic({ ...OPTIONS, seed: 8 }));
  });

  it('uses no id twice, also not in the next run', () => {
    const all = [...ids(1), ...ids(2)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('has orders whose lines add up to their totals', () => {
    for (const { happening } of planTraffic(OPTIONS)) {
      if (happening.kind !== 'order') continue;
      const { lines, net, vat, total } = happening.order;
      const sum = lines.reduce((all, line) => all + line.quantity * line.unit_price * (1 + line.vat_rate / 100), 0);
      expect(Math.abs(sum - total)).toBeLessThan(
        0.006 * lines.length + 1e-9 + (happening.order.currency === 'VND' ? 0.5 * lines.length : 0),
      );
      expect(net + vat).toBeCloseTo(total, 2);
    }
  });

  it('pays an order after it was placed, and lets nobody leave before being hired', () => {
    const seen = new Set<string>();
    for (const { happening } of planTraffic(OPTIONS)) {
      if (happening.kind === 'order') seen.add(happening.order.number);
      if (happening.kind === 'payment') expect(seen).toContain(happening.payment.orderNumber);
      if (happening.kind !== 'employee') continue;
      if (happening.event.event === 'employee.left') expect(seen).toContain(happening.event.employee.login);
      else seen.add(happening.event.employee.login);
    }
  });

  it('shows something of everything in a short run already', () => {
    const kinds = new Set(planTraffic({ ...OPTIONS, rounds: 3, outage: false }).map(({ happening }) => happening.kind));
    expect(kinds).toEqual(new Set(['order', 'payment', 'forgery', 'employee', 'fault']));
  });
});
