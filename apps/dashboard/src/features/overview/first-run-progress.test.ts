import { describe, expect, it } from 'vitest';
import { firstRunProgress } from './first-run-progress.ts';

const SHOP = { name: 'shop', kind: 'source', inbound: null };
const ERP = { name: 'erp', kind: 'rest', inbound: null };

describe('the first three steps', () => {
  it('begin with a spoke on an empty hub', () => {
    expect(firstRunProgress({ spokes: [], routes: [], sources: [] })).toEqual({
      ...{ done: { spoke: false, message: false, route: false }, next: 'spoke', sender: null },
    });
  });

  it('take any order, and end when all three are done', () => {
    const routed = firstRunProgress({ spokes: [SHOP], routes: [{ name: 'orders' }], sources: [] });
    expect(routed).toMatchObject({ done: { spoke: true, message: false, route: true }, next: 'message', sender: 'shop' });
    expect(firstRunProgress({ spokes: [SHOP], routes: [{ name: 'orders' }], sources: ['shop'] }).next).toBeNull();
  });

  it('do not take what the hub tells itself for a message', () => {
    expect(firstRunProgress({ spokes: [SHOP], routes: [], sources: ['nave', 'nave'] }).done.message).toBe(false);
    expect(firstRunProgress({ spokes: [SHOP], routes: [], sources: ['nave', 'shop'] }).done.message).toBe(true);
  });

  it('know which spoke can send', () => {
    expect(firstRunProgress({ spokes: [ERP], routes: [], sources: [] }).sender).toBeNull();
    expect(firstRunProgress({ spokes: [ERP, SHOP], routes: [], sources: [] }).sender).toBe('shop');
    expect(firstRunProgress({ spokes: [{ ...ERP, inbound: { type: 'type' } }, SHOP], routes: [], sources: [] }).sender).toBe('erp');
  });
});
