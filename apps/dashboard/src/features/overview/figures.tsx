/** What happened in the window, as a few numbers that say what they count. */
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Stat } from '../../parts/stat.tsx';
import styles from './overview.module.css';
import { type Figures, successShare } from './series-window.ts';
import { useOverviewTexts } from './texts.ts';

export interface FiguresRowProps {
  /** Null while they are being read, or when nobody knows. */
  figures: Figures | null;
  asOf: string | null;
  window: string;
  loading: boolean;
  /** Of a route: what it received are runs, not messages. */
  route: string | undefined;
  spoke: string | undefined;
}

export const FiguresRow = memo(function FiguresRow({ figures, asOf, window, loading, route, spoke }: FiguresRowProps) {
  const t = useOverviewTexts();
  const format = useFormat();
  const share = figures === null ? null : successShare(figures);
  const about = { window, asOf };
  if (loading) return <Skeleton height={78} />;
  return (
    <div className={styles['figures']}>
      <Stat
        label={t.received}
        value={figures?.received}
        unit={(route === undefined ? t.messages : t.runs)(figures?.received ?? 0)}
        {...about}
      >
        {figures !== null && figures.unrouted > 0 ? (
          <Link to="/messages" search={{ state: 'unrouted', ...(spoke === undefined ? {} : { spoke }) }}>
            {t.unrouted(figures.unrouted)}
          </Link>
        ) : undefined}
      </Stat>
      <Stat label={t.delivered} value={figures?.succeeded} unit={t.deliveries(figures?.succeeded ?? 0)} {...about} />
      <Stat label={t.success} value={share === null ? null : format.percent(share)} unit={t.ofEnded} {...about} />
      <Stat label={t.open} value={figures?.open} unit={t.deliveries(figures?.open ?? 0)} {...about} />
      <Stat
        label={t.dead}
        value={figures?.dead}
        unit={t.deliveries(figures?.dead ?? 0)}
        {...about}
        {...(figures !== null && figures.dead > 0 ? { tone: 'red' as const } : {})}
      >
        {figures !== null && figures.dead > 0 ? (
          <Link to="/issues" search={{ ...(spoke === undefined ? {} : { spoke }), ...(route === undefined ? {} : { route }) }}>
            {t.showDead}
          </Link>
        ) : undefined}
      </Stat>
    </div>
  );
});
