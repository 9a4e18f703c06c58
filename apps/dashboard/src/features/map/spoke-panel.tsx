/** A system of the map, beside it: what it is, what flows, what waits, and the ways on from here. */
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { QueueStory } from '../queues/api.ts';
import { useFamilyName } from '../spokes/api.ts';
import { LinkState } from './link-state.tsx';
import styles from './map.module.css';
import type { MapModel, MapRoute, MapSpoke } from './map-model.ts';
import { rateText } from './rate-text.ts';
import { useMapTexts } from './texts.ts';

export function SpokePanel({ spoke, model, onClose }: { spoke: MapSpoke; model: MapModel; onClose: () => void }) {
  const t = useMapTexts();
  const format = useFormat();
  const familyName = useFamilyName();
  const rate = (value: number | null) => (value === null ? '–' : rateText(value, format));
  const { queue, row } = spoke;
  const routesOf = (names: readonly string[]) => model.routes.filter(({ name }) => names.includes(name));
  return (
    <SlideOver
      label={`${t.spoke} ${spoke.title}`}
      of={spoke.name}
      onClose={onClose}
      heading={
        <div className={styles['heading']}>
          <h2>{spoke.title}</h2>
          <StateBadge state={spoke.state} />
        </div>
      }
    >
      <div className={styles['detail']}>
        {row === null || row.troubles.length === 0 ? null : <QueueStory row={row} />}
        <Links spoke={spoke} />
        <dl className={styles['facts']}>
          <dt>{t.kind}</dt>
          <dd>
            {spoke.kindTitle} <span className="soft">· {familyName(spoke.family)}</span>
          </dd>
          {spoke.sends ? (
            <>
              <dt>{t.received}</dt>
              <dd>
                {rate(spoke.receivedPerSecond)} <span className="soft">{t.window}</span>
              </dd>
            </>
          ) : null}
          {spoke.takes ? (
            <>
              <dt>{t.sent}</dt>
              <dd>
                {rate(spoke.sentPerSecond)} <span className="soft">{t.window}</span>
                {spoke.dead > 0 ? <> · {t.failed(spoke.dead)}</> : null}
              </dd>
            </>
          ) : null}
          {queue === null || row === null || !spoke.takes ? null : (
            <>
              <dt>{t.depth}</dt>
              <dd className="numbers">
                {format.number(row.waiting)}
                {queue.oldestSeconds === 0 ? null : ` · ${t.oldest} ${format.span(queue.oldestSeconds * 1_000)}`}
              </dd>
              {queue.depth.dead + queue.depth.unknown === 0 ? null : (
                <>
                  <dt>{t.deadInWindow}</dt>
                  <dd>
                    {queue.depth.dead > 0 ? <StateBadge state="dead" count={format.number(queue.depth.dead)} /> : null}{' '}
                    {queue.depth.unknown > 0 ? <StateBadge state="unknown" count={format.number(queue.depth.unknown)} /> : null}
                  </dd>
                </>
              )}
              <dt>{t.latency}</dt>
              <dd className="numbers">
                {queue.latencyMs.p50 === null
                  ? '–'
                  : `p50 ${format.span(queue.latencyMs.p50)} · p95 ${format.span(queue.latencyMs.p95 ?? 0)} · p99 ${format.span(queue.latencyMs.p99 ?? 0)}`}
              </dd>
            </>
          )}
        </dl>
        <Routes title={t.routesFrom} routes={routesOf(spoke.from)} other={({ targets }) => `→ ${targets.join(', ')}`} />
        <Routes title={t.routesTo} routes={routesOf(spoke.to)} other={({ from }) => `← ${from}`} />
        {spoke.from.length + spoke.to.length === 0 ? <p className="soft">{t.noRoutes}</p> : null}
      </div>
    </SlideOver>
  );
}

function Links({ spoke: { name, sends, takes, to } }: { spoke: MapSpoke }) {
  const t = useMapTexts();
  const style = buttonClass('plain', 'small');
  return (
    <nav className={styles['links']} aria-label={t.open}>
      <Link to="/spokes/$name" params={{ name }} className={style}>
        {t.links.spoke}
      </Link>
      {takes ? (
        <Link to="/queues/$spoke" params={{ spoke: name }} className={style}>
          {t.links.queue}
        </Link>
      ) : null}
      {sends ? (
        <Link to="/messages" search={{ spoke: name }} className={style}>
          {t.received}
        </Link>
      ) : null}
      {to.length > 0 ? (
        <Link to="/messages" search={{ route: to.join(',') }} className={style}>
          {t.links.deliveries}
        </Link>
      ) : null}
      <Link to="/issues" search={{ spoke: name }} className={style}>
        {t.links.issues}
      </Link>
    </nav>
  );
}

function Routes({ title, routes, other }: { title: string; routes: readonly MapRoute[]; other: (route: MapRoute) => string }) {
  if (routes.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className={styles['list']}>
        {routes.map((route) => (
          <li key={route.name}>
            <Link to="/map" search={(before) => ({ ...before, select: `route:${route.name}` })}>
              {route.name}
            </Link>
            <span className="soft">{other(route)}</span>
            <LinkState state={route.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
