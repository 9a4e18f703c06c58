import type { Alert } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { alertWords } from './alert-words.ts';
import { CONDITIONS } from './condition-words.ts';

const ALERT: Alert = {
  ...{ id: '01a1ff6f-feed-7b8a-a0e4-7b07bcf30989', rule: 'dead', subject: 'spoke:erp', spoke: 'erp', severity: 'warning', state: 'firing' },
  ...{ summary: '2 deliveries to erp are dead', since: '2026-11-21T10:00:00.000Z', resolvedAt: null, acknowledgedAt: null },
  ...{ acknowledgedBy: null, detail: { count: 2, oldestAt: '2026-11-21T09:59:00.000Z' } },
};
const clock = (at: string) => at.slice(11, 16);

describe('the line of an alert', () => {
  it('is the one of the hub in English, and where the rule is gone', () => {
    expect(alertWords(ALERT, 'dead', 'en', clock)).toBe(ALERT.summary);
    expect(alertWords(ALERT, undefined, 'cs', clock)).toBe(ALERT.summary);
  });

  it('tells moments as clocks of the reader do', () => {
    const summary = 'Deliveries wait for erp since 2026-11-21T09:59:00.017Z';
    expect(alertWords({ ...ALERT, summary }, 'backlog', 'en', clock)).toBe('Deliveries wait for erp since 09:59');
  });

  it('is made of the figures in Czech', () => {
    expect(alertWords(ALERT, 'dead', 'cs', clock)).toBe('2 doručení do systému erp jsou mrtvá');
    expect(alertWords({ ...ALERT, detail: { count: 1_000 } }, 'dead', 'cs', clock)).toMatch(
      /^nejméně 1\s000 doručení do systému erp je mrtvých$/,
    );
    expect(alertWords(ALERT, 'backlog', 'cs', clock)).toBe('Doručení do systému erp čekají od 09:59');
  });

  it('never shows a figure that is not there', () => {
    for (const detail of [null, {}, { count: 'x', oldestAt: 'soon' }, 7]) {
      for (const condition of CONDITIONS) {
        expect(alertWords({ ...ALERT, detail }, condition, 'cs', clock)).not.toMatch(/undefined|null|NaN|Invalid/);
      }
    }
  });
});
