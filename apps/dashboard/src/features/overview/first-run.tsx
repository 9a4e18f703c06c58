/** The greeting of a hub that has nothing to do yet: three steps, ticked off as they are done, and the demo. */
import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/page.tsx';
import { FirstMessage } from './first-message.tsx';
import type { FirstStep } from './first-run-progress.ts';
import { useFirstRunTexts } from './first-run-texts.ts';
import styles from './overview.module.css';
import type { FirstRunState } from './use-first-run.ts';

const DEMO = 'npx pnpm@12 demo';

export default function FirstRun({ firstRun: { progress, empty, spokes, dismiss } }: { firstRun: FirstRunState }) {
  const t = useFirstRunTexts();
  if (progress === null) return null;
  const { done, next, sender } = progress;
  const step = (name: FirstStep) => ({ name, done: done[name], next: next === name });
  const look = (name: FirstStep) => buttonClass(next === name ? 'primary' : 'plain');
  return (
    <div className={styles['first']}>
      <Panel
        flush
        title={next === null ? t.allDone : empty ? t.welcome : t.goOn}
        actions={
          <Button size="small" tone="ghost" onClick={dismiss}>
            {next === null ? t.close : t.dismiss}
          </Button>
        }
      >
        <p className={styles['intro']} role="status">
          {next === null ? t.allDoneMeans : empty ? t.welcomeMeans : null}
        </p>
        <ol className={styles['steps']} aria-label={t.steps}>
          <Step
            {...step('spoke')}
            place={1}
            title={t.spoke}
            action={
              <Link to="/spokes/new" className={look('spoke')}>
                {t.spoke}
              </Link>
            }
          >
            <p className="soft">{t.spokeMeans}</p>
          </Step>
          <Step
            {...step('message')}
            place={2}
            title={t.message}
            action={
              done.message ? (
                <Link to="/messages" className={look('message')}>
                  {t.seeMessages}
                </Link>
              ) : sender === null ? null : (
                <Link to="/spokes/$name" params={{ name: sender }} className={buttonClass()}>
                  {t.openSpoke}
                </Link>
              )
            }
          >
            {done.message ? null : <FirstMessage spoke={spokes.find(({ name }) => name === sender) ?? null} />}
          </Step>
          <Step
            {...step('route')}
            place={3}
            title={t.route}
            action={
              <Link to="/routes/new" search={sender === null ? {} : { from: sender }} className={look('route')}>
                {t.route}
              </Link>
            }
          >
            <p className="soft">{t.routeMeans}</p>
          </Step>
        </ol>
      </Panel>
      {next === null ? null : (
        <Panel title={t.demo}>
          <div className={styles['body']}>
            <p>{t.demoMeans}</p>
            <div className={styles['command']}>
              <pre>{DEMO}</pre>
              <CopyButton text={DEMO} what={t.command} />
            </div>
          </div>
        </Panel>
      )}
    </div>
  );
}

interface StepProps {
  place: number;
  title: string;
  done: boolean;
  next: boolean;
  action: ReactNode;
  children: ReactNode;
}

function Step({ place, title, done, next, action, children }: StepProps) {
  const t = useFirstRunTexts();
  return (
    <li
      className={styles['step']}
      data-done={done || undefined}
      data-next={next || undefined}
      {...(next ? { 'aria-current': 'step' as const } : {})}
    >
      <span className={styles['mark']} aria-hidden>
        {done ? <Check size={15} /> : place}
      </span>
      <div className={styles['body']}>
        <h3>
          {title}
          {done ? <span className="soft"> · {t.done}</span> : null}
        </h3>
        {children}
      </div>
      {done && place !== 2 ? <span /> : action}
    </li>
  );
}
