/** The way of a message through its routes, as they were: a strip of steps for each run, with what became of each. */
import type { Delivery, Message } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useNow } from '../../parts/time.tsx';
import { useDetailTexts } from './detail-texts.ts';
import { type FlowStep, flowSteps } from './flow-steps.ts';
import styles from './messages.module.css';
import type { Run } from './runs.ts';
import { useRunVersions } from './use-message.ts';

export interface StepStripsProps {
  message: Message;
  runs: readonly Run[];
  selected: string | null;
  onSelect: (delivery: string) => void;
}

export function StepStrips({ message, runs, selected, onSelect }: StepStripsProps) {
  const t = useDetailTexts();
  const versions = useRunVersions(runs);
  return (
    <section className={styles['section']} aria-label={t.flow}>
      {runs.map((run, index) => {
        const version = versions[index];
        return (
          <div key={`${run.route} ${run.deliveries[0]?.id}`} className={styles['run']}>
            <div className={styles['runHead']}>
              <Link to="/routes/$name" params={{ name: run.route }} search={{ version: String(run.routeVersion) }}>
                {run.route}
              </Link>
              <span>{t.version(run.routeVersion)}</span>
              {run.replay ? <span>· {t.replayRun}</span> : null}
              {run.superseded ? <span>· {t.replaced}</span> : null}
              {version === null ? <span>· {t.versionGone}</span> : null}
            </div>
            <ol className={styles['strip']}>
              <li>
                <div className={styles['step']}>
                  <span className={styles['stepName']}>{message.type}</span>
                  <span className={styles['stepWhere']}>
                    {t.source}{' '}
                    <Link to="/spokes/$name" params={{ name: message.source }}>
                      {message.source}
                    </Link>
                  </span>
                </div>
              </li>
              {flowSteps(run, version ?? null).map((step) => (
                <li key={step.delivery?.id ?? step.name}>
                  <ChevronRight className={styles['arrow']} aria-hidden />
                  <Step step={step} selected={selected} onSelect={onSelect} />
                </li>
              ))}
            </ol>
          </div>
        );
      })}
    </section>
  );
}

function Step({ step, selected, onSelect }: { step: FlowStep; selected: string | null; onSelect: (delivery: string) => void }) {
  const t = useDetailTexts();
  const { name, spoke, operation, delivery, fate } = step;
  const words = (
    <>
      <span className={styles['stepName']}>{name}</span>
      <span className={styles['stepWhere']}>{operation === null ? spoke : `${spoke} · ${operation}`}</span>
    </>
  );
  if (delivery === null) {
    return (
      <div className={styles['step']} data-fate={fate}>
        {words}
        <span className={styles['stepFoot']}>
          <span className="soft">{fate === 'comes' ? t.comes : t.never}</span>
        </span>
      </div>
    );
  }
  return (
    <button type="button" className={styles['step']} aria-pressed={delivery.id === selected} onClick={() => onSelect(delivery.id)}>
      {words}
      <span className={styles['stepFoot']}>
        <StateBadge state={delivery.state} />
        <Duration step={step} delivery={delivery} />
      </span>
    </button>
  );
}

function Duration({ step, delivery }: { step: FlowStep; delivery: Delivery }) {
  const format = useFormat();
  return step.durationMs === null ? <SoFar since={delivery.createdAt} /> : <span className="numbers">{format.span(step.durationMs)}</span>;
}

function SoFar({ since }: { since: string }) {
  const t = useDetailTexts();
  const format = useFormat();
  const now = useNow();
  return (
    <span className="numbers soft">
      {format.span(Math.max(0, now - Date.parse(since)))} {t.takes}
    </span>
  );
}
