/** Figures, charts and tables of the window, with the ledger and what fires. */
import { Link } from '@tanstack/react-router';
import { ZoomOut } from 'lucide-react';
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useWindowWords, type WindowSpan } from '../../parts/window-choice.tsx';
import { FiringList } from '../alerts/api.ts';
import { BalanceWords, LedgerEquation } from '../ledger/api.ts';
import { FiguresRow } from './figures.tsx';
import styles from './overview.module.css';
import { type Figures, pointsWithin, sumOf, type Zoom } from './series-window.ts';
import { useOverviewTexts } from './texts.ts';
import { TrafficCharts } from './traffic-charts.tsx';
import { TrafficTable } from './traffic-table.tsx';
import type { Overview } from './use-overview.ts';

const ALERTS_SHOWN = 5;
const NO_ROWS: readonly never[] = [];

export interface TrafficViewProps {
  overview: Overview;
  window: WindowSpan;
  spoke: string | undefined;
  route: string | undefined;
  zoom: Zoom | null;
  onZoom: (zoom: Zoom | null) => void;
}

export function TrafficView({ overview: { stats, series, ledger }, window, spoke, route, zoom, onZoom }: TrafficViewProps) {
  const t = useOverviewTexts();
  const words = useWindowWords()(window);
  const format = useFormat();
  const whole = spoke === undefined && route === undefined && zoom === null;
  const source = whole ? stats.data : series.data;
  const figures = useMemo(
    () => (whole ? wholeFigures(stats.data) : series.data ? sumOf(pointsWithin(series.data, zoom)) : null),
    [whole, stats.data, series.data, zoom],
  );
  const spokeRows = useMemo(
    () =>
      stats.data?.spokes.filter((row) => spoke === undefined || row.spoke === spoke).map(({ spoke: name, ...rest }) => ({ name, ...rest })),
    [stats.data, spoke],
  );
  const routeRows = useMemo(
    () =>
      stats.data?.routes.filter((row) => route === undefined || row.route === route).map(({ route: name, ...rest }) => ({ name, ...rest })),
    [stats.data, route],
  );
  const stretch = zoom === null ? words : `${format.clock(zoom.fromMs)} – ${format.clock(zoom.toMs)}`;
  return (
    <>
      {zoom === null ? null : (
        <Note
          tone="blue"
          action={
            <span className={styles['zoom']}>
              <Link
                to="/messages"
                search={{
                  ...{ from: new Date(zoom.fromMs).toISOString(), to: new Date(zoom.toMs).toISOString() },
                  ...(spoke === undefined ? {} : { spoke }),
                  ...(route === undefined ? {} : { route }),
                }}
                className={buttonClass('plain', 'small')}
              >
                {t.zoomMessages}
              </Link>
              <Button size="small" icon={<ZoomOut aria-hidden />} onClick={() => onZoom(null)}>
                {t.zoomOut}
              </Button>
            </span>
          }
        >
          <strong>{t.zoomed(format.clock(zoom.fromMs), format.clock(zoom.toMs))}</strong>{' '}
          {series.data === null ? t.zoomGone : t.zoomedMeans}
        </Note>
      )}
      <FiguresRow
        figures={figures}
        asOf={source?.asOf ?? null}
        window={stretch}
        loading={source === undefined}
        route={route}
        spoke={spoke}
      />
      {source?.exact === false ? <p className="soft">{t.estimate}</p> : null}
      <TrafficCharts series={series.data} zoom={zoom} onZoom={onZoom} />
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <Panel
            title={`${t.ledger} · ${words}`}
            actions={
              <Link to="/ledger" search={{ window }}>
                {t.openLedger}
              </Link>
            }
          >
            {ledger.data === undefined ? (
              <Skeleton height={88} />
            ) : (
              <div className={styles['ledger']}>
                <LedgerEquation totals={ledger.data.totals} />
                <p>
                  <BalanceWords ledger={ledger.data} />
                </p>
              </div>
            )}
          </Panel>
          <TrafficTable of="spoke" rows={spokeRows ?? NO_ROWS} loading={stats.isPending} window={words} />
        </div>
        <div className={styles['column']}>
          <Panel title={t.alerts} actions={<Link to="/alerts">{t.allAlerts}</Link>} flush>
            <FiringList shown={ALERTS_SHOWN} />
          </Panel>
          <TrafficTable of="route" rows={routeRows ?? NO_ROWS} loading={stats.isPending} window={words} />
        </div>
      </div>
    </>
  );
}

function wholeFigures(stats: Overview['stats']['data']): Figures | null {
  if (stats === undefined) return null;
  const { total, succeeded, dead, open } = stats.deliveries;
  return { received: stats.messages.received, unrouted: stats.messages.unrouted, total, succeeded, dead, open };
}
