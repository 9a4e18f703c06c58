/** How far back a page looks: the same few windows everywhere. */
import { defineTexts } from '../i18n/texts.ts';
import { ChoiceBar } from './choice-bar.tsx';
import { SPANS, type WindowSpan } from './time-range.ts';

export type { WindowSpan } from './time-range.ts';

const useTexts = defineTexts({
  en: {
    label: 'Time window',
    short: { '15m': '15 min', '1h': '1 h', '24h': '24 h', '7d': '7 d' },
    long: { '15m': 'last 15 minutes', '1h': 'last hour', '24h': 'last 24 hours', '7d': 'last 7 days' },
  },
  cs: {
    label: 'Časové okno',
    short: { '15m': '15 min', '1h': '1 h', '24h': '24 h', '7d': '7 d' },
    long: { '15m': 'posledních 15 minut', '1h': 'poslední hodina', '24h': 'posledních 24 hodin', '7d': 'posledních 7 dní' },
  },
});

/** `last hour`, for what stands beside a figure. */
export function useWindowWords(): (span: WindowSpan) => string {
  const { long } = useTexts();
  return (span) => long[span];
}

export function WindowChoice({ value, onValue }: { value: WindowSpan; onValue: (span: WindowSpan) => void }) {
  const t = useTexts();
  return (
    <ChoiceBar
      label={t.label}
      value={value}
      onValue={onValue}
      options={SPANS.map((span) => ({ value: span, label: t.short[span], title: t.long[span] }))}
    />
  );
}
