/** A route of the map, beside it: from where to where, what flows, and the ways on from here. */
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { LinkState } from './link-state.tsx';
import styles from './map.module.css';
import type { MapModel, MapRoute } from './map-model.ts';
import { rateText } from './rate-text.ts';
import { useMapTexts } from './texts.ts';

export function RoutePanel({ route, model, onClose }: { route: MapRoute; model: MapModel; onClose: () => void }) {
  const t = useMapTexts();
  const format = useFormat();
  const style = buttonClass('plain', 'small');
  const spokeLink = (name: string) => (
    <Link to="/map" search={(before) => ({ ...before, select: name })}>
      {model.spokes.find((spoke) => spoke.name === name)?.title ?? name}
    </Link>
  );
  return (
    <SlideOver
      label={`${t.route} ${route.name}`}
      of={route.name}
      onClose={onClose}
      heading={
        <div className={styles['heading']}>
          <h2>{route.name}</h2>
          <LinkState state={route.state} />
        </div>
      }
    >
      <div className={styles['detail']}>
        <nav className={styles['links']} aria-label={t.open}>
          <Link to="/routes/$name" params={{ name: route.name }} className={buttonClass('primary', 'small')}>
            {t.links.route}
          </Link>
          <Link to="/messages" search={{ route: route.name }} className={style}>
            {t.links.messages}
          </Link>
          <Link to="/issues" search={{ route: route.name }} className={style}>
            {t.links.issues}
          </Link>
        </nav>
        <dl className={styles['facts']}>
          <dt>{t.columns.from}</dt>
          <dd>{spokeLink(route.from)}</dd>
          <dt>{t.type}</dt>
          <dd className="mono">{route.type}</dd>
          <dt>{t.targets}</dt>
          <dd>
            {route.targets.map((name, index) => (
              <span key={name}>
                {index > 0 ? ', ' : null}
                {spokeLink(name)}
              </span>
            ))}
          </dd>
          <dt>{t.deliveries}</dt>
          <dd className="numbers">
            {route.perSecond === null ? '–' : `${format.number(route.total)} · ${rateText(route.perSecond, format)}`}{' '}
            <span className="soft">{t.window}</span>
          </dd>
          <dt>{t.deadInWindow}</dt>
          <dd className="numbers">
            {format.number(route.dead)} <span className="soft">{t.window}</span>
          </dd>
          <dt>{t.columns.p95}</dt>
          <dd className="numbers">
            {route.p95 === null ? '–' : format.span(route.p95)} <span className="soft">{t.window}</span>
          </dd>
        </dl>
      </div>
    </SlideOver>
  );
}
