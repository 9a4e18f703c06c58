/** Everything that happened, one line each, as in the timeline of a pull request. */
import type { Delivery, Message } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { Ban, Check, CircleDashed, Inbox, type LucideIcon, Pause, RotateCcw, Send, Split, X } from 'lucide-react';
import { type CSSProperties, useMemo, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { StateBadge, stateTone } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { useDetailTexts } from './detail-texts.ts';
import { DeliveryLink, SpokeLink } from './links.tsx';
import styles from './messages.module.css';
import { type TimelineEntry, timelineOf } from './timeline.ts';

/** Longer ones show their begin and their end first. */
const SHOWN_MAX = 14;
const HEAD = 4;

export function MessageTimeline({ message, onSelect }: { message: Message; onSelect: (delivery: string) => void }) {
  const t = useDetailTexts();
  const entries = useMemo(() => timelineOf(message), [message]);
  const [all, setAll] = useState(false);
  const short = !all && entries.length > SHOWN_MAX;
  const head = short ? entries.slice(0, HEAD) : entries;
  const tail = short ? entries.slice(HEAD - SHOWN_MAX) : [];
  return (
    <section className={styles['section']}>
      <h3>{t.timeline}</h3>
      <ol className={styles['timeline']}>
        {head.map((entry) => (
          <Event key={entry.key} entry={entry} message={message} onSelect={onSelect} />
        ))}
        {short ? (
          <li className={styles['event']}>
            <span className={styles['eventIcon']} aria-hidden>
              ⋮
            </span>
            <span>
              <Button size="small" tone="ghost" onClick={() => setAll(true)}>
                {t.more(entries.length - SHOWN_MAX)}
              </Button>
            </span>
          </li>
        ) : null}
        {tail.map((entry) => (
          <Event key={entry.key} entry={entry} message={message} onSelect={onSelect} />
        ))}
      </ol>
    </section>
  );
}

interface EventProps {
  entry: TimelineEntry;
  message: Message;
  onSelect: (delivery: string) => void;
}

function Event({ entry, message, onSelect }: EventProps) {
  const t = useDetailTexts();
  const state = stateOf(entry);
  const Icon = ICONS[entry.kind] ?? CircleDashed;
  const style: CSSProperties & Partial<Record<'--tone' | '--tone-soft', string>> =
    state === null ? {} : { '--tone': `var(--${stateTone(state)})`, '--tone-soft': `var(--${stateTone(state)}-soft)` };
  return (
    <li className={styles['event']} style={style} data-kind={entry.kind}>
      <span className={styles['eventIcon']}>{entry.kind === 'ended' ? <EndIcon delivery={entry.delivery} /> : <Icon aria-hidden />}</span>
      <div className={styles['eventText']}>
        <Words entry={entry} message={message} onSelect={onSelect} />
      </div>
      <span className={styles['eventTime']}>{entry.kind === 'waiting' ? t.ev.waiting : <Time at={entry.at} show="clock" />}</span>
    </li>
  );
}

function Words({ entry, message, onSelect }: EventProps) {
  const t = useDetailTexts();
  const format = useFormat();
  switch (entry.kind) {
    case 'received':
      return (
        <>
          {t.ev.received} <SpokeLink name={message.source} /> <span className="soft">{format.bytes(message.size)}</span>
        </>
      );
    case 'unrouted':
      return <>{t.ev.unrouted}</>;
    case 'planned':
    case 'replayed':
      return (
        <>
          {entry.kind === 'planned' ? t.ev.planned(entry.deliveries.length) : t.ev.replayed(entry.deliveries.length)}{' '}
          {entry.deliveries.map((delivery) => (
            <StepLink key={delivery.id} delivery={delivery} onSelect={onSelect} />
          ))}
        </>
      );
    case 'attempt': {
      const { attempt, delivery } = entry;
      return (
        <>
          <StepLink delivery={delivery} onSelect={onSelect} />
          <span>{t.ev.attempt(attempt.number)}</span>
          <StateBadge state={attempt.outcome} bare />
          <span className="numbers soft">
            {attempt.status === null ? '' : `${attempt.status} · `}
            {format.span(attempt.durationMs)}
          </span>
          {tellsMore(attempt) ? <span className={styles['eventDetail']}>{attempt.detail}</span> : null}
        </>
      );
    }
    case 'omitted':
      return (
        <>
          <StepLink delivery={entry.delivery} onSelect={onSelect} /> <span className="soft">{t.ev.omitted(entry.count)}</span>
        </>
      );
    case 'waiting':
    case 'ended': {
      const { delivery } = entry;
      return (
        <>
          <StepLink delivery={delivery} onSelect={onSelect} />
          <StateBadge state={delivery.state} />
          <Why delivery={delivery} />
        </>
      );
    }
  }
}

/** Not what stands there already: `answered 502`. */
function tellsMore({ outcome, status, detail }: Delivery['attempts'][number]): boolean {
  return outcome !== 'ok' && detail !== '' && detail !== `answered ${status}`;
}

/** Why it is as it is, with what it waits for. */
export function Why({ delivery }: { delivery: Delivery }) {
  const t = useDetailTexts();
  const { state, heldBy, reason, blockedBy, nextAttemptAt } = delivery;
  const why = state === 'held' && heldBy !== null ? t.waits(heldBy) : reason === null || state === 'retrying' ? null : t.reason(reason);
  return (
    <>
      {nextAttemptAt === null || state === 'active' ? null : (
        <span className="soft">
          {t.ev.next} <Time at={nextAttemptAt} />
        </span>
      )}
      {why === null && blockedBy === null ? null : (
        <span className={styles['eventDetail']}>
          {why}{' '}
          {blockedBy === null ? null : (
            <>
              {t.blockedBy} <DeliveryLink id={blockedBy}>{t.blocking}</DeliveryLink>.
            </>
          )}
        </span>
      )}
    </>
  );
}

function StepLink({ delivery, onSelect }: { delivery: Delivery; onSelect: (delivery: string) => void }) {
  const t = useDetailTexts();
  return (
    <Link
      to="/messages/$id"
      params={{ id: delivery.messageId }}
      search={(search) => ({ ...search, delivery: delivery.id })}
      onClick={() => onSelect(delivery.id)}
    >
      {t.to(delivery.step, delivery.spoke)}
    </Link>
  );
}

const ICONS: Readonly<Partial<Record<TimelineEntry['kind'], LucideIcon>>> = {
  received: Inbox,
  unrouted: CircleDashed,
  planned: Split,
  replayed: RotateCcw,
  attempt: Send,
  waiting: Pause,
};

function EndIcon({ delivery: { state } }: { delivery: Delivery }) {
  if (state === 'succeeded') return <Check aria-hidden />;
  return state === 'dead' ? <X aria-hidden /> : <Ban aria-hidden />;
}

function stateOf(entry: TimelineEntry): string | null {
  if (entry.kind === 'attempt') return entry.attempt.outcome;
  if (entry.kind === 'ended' || entry.kind === 'waiting') return entry.delivery.state;
  return null;
}
