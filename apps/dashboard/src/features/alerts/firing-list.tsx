/** What fires now: how bad, what, since when, who works on it, and the way to it. */
import type { Alert } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { usePreferences } from '../../i18n/preferences.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { AlertAbout } from './alert-about.tsx';
import { alertWords } from './alert-words.ts';
import styles from './alerts.module.css';
import type { Condition } from './condition-words.ts';
import { useAlertTexts } from './texts.ts';
import { byUrgency, useAcknowledge, useConditions, useFiring } from './use-alerts.ts';

/** @param props.shown so many at most, with a link to all of them */
export function FiringList({ shown = Number.POSITIVE_INFINITY }: { shown?: number }) {
  const t = useAlertTexts();
  const firing = useFiring();
  const alerts = [...(firing.data?.items ?? [])].sort(byUrgency);
  const conditionOf = useConditions(alerts.length > 0);
  if (firing.isPending) return <SkeletonRows rows={3} height={40} />;
  return (
    <>
      {firing.error === null ? null : <ErrorNote error={firing.error} onRetry={() => void firing.refetch()} />}
      {alerts.length === 0 && firing.error === null ? (
        <EmptyState icon={<CircleCheck aria-hidden />} title={t.noneFiring}>
          {t.noneFiringHint}
        </EmptyState>
      ) : (
        <ul className={styles['firing']} aria-label={t.list}>
          {alerts.slice(0, shown).map((alert) => (
            <FiringAlert key={alert.id} alert={alert} condition={conditionOf(alert.rule)} />
          ))}
        </ul>
      )}
      {alerts.length > shown ? (
        <p className={styles['more']}>
          <Link to="/alerts">
            {t.all} ({t.more(alerts.length - shown)})
          </Link>
        </p>
      ) : null}
    </>
  );
}

function FiringAlert({ alert, condition }: { alert: Alert; condition: Condition | undefined }) {
  const t = useAlertTexts();
  const format = useFormat();
  const { language } = usePreferences();
  const acknowledge = useAcknowledge();
  const words = alertWords(alert, condition, language, format.clock);
  return (
    <li className={styles['alert']}>
      <span className={styles['severity']}>
        <StateBadge state={alert.severity} />
      </span>
      <div className={styles['what']}>
        <strong>{words}</strong>
        <div className="soft">
          <Time at={alert.since} /> · {t.by}{' '}
          <Link to="/alerts/rules/$name" params={{ name: alert.rule }} className="mono">
            {alert.rule}
          </Link>
          {alert.acknowledgedAt === null ? null : (
            <>
              {' '}
              · ✓ {t.acknowledgedBy(alert.acknowledgedBy ?? '?')} (<Time at={alert.acknowledgedAt} />)
            </>
          )}
        </div>
        {acknowledge.error === null ? null : <ErrorNote error={acknowledge.error} />}
      </div>
      <div className={styles['alertActions']}>
        <AlertAbout alert={alert} condition={condition} />
        {alert.acknowledgedAt === null ? (
          <Button
            size="small"
            needs="operator"
            busy={acknowledge.isPending}
            aria-label={t.acknowledgeWhat(words)}
            onClick={() => acknowledge.mutate(alert, { onSuccess: () => toast(t.acknowledged) })}
          >
            {t.acknowledge}
          </Button>
        ) : null}
      </div>
    </li>
  );
}
