/** The sentence over everything, with the one action that helps. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import styles from './overview.module.css';
import type { Story } from './story.ts';
import { useOverviewTexts } from './texts.ts';

/** @param props.window in words: `last hour` */
export function StoryLine({ story, window, search }: { story: Story; window: string; search: { window: string } }) {
  const { story: t, actions } = useOverviewTexts();
  const format = useFormat();
  const look = buttonClass('plain', 'small');
  switch (story.kind) {
    case 'unread':
      return <Skeleton width={360} />;
    case 'missing':
      return (
        <Line
          tone="red"
          words={`✕ ${t.missing(story.missing)}.`}
          action={
            <Link to="/ledger" search={search} className={look}>
              {actions.ledger}
            </Link>
          }
        />
      );
    case 'dead': {
      const { group, others, undecided, exact } = story;
      const behind = group.waiting ? `; ${t.behind(group.waiting)}` : '';
      return (
        <Line
          tone="red"
          words={`✕ ${t.dead(group.count, group.spoke, format.clock(group.firstSeen), exact)}${behind}.`}
          more={[others > 0 ? t.others(others) : '', undecided > 0 ? `${t.undecided(undecided)}.` : ''].join(' ')}
          action={
            <Link to="/issues/$id" params={{ id: group.id }} className={look}>
              {actions.issue}
            </Link>
          }
        />
      );
    }
    case 'undecided':
      return (
        <Line
          tone="violet"
          words={`? ${t.undecided(story.undecided)}.`}
          action={
            <Link to="/issues" search={{ tab: 'decisions' }} className={look}>
              {actions.decide}
            </Link>
          }
        />
      );
    case 'open':
    case 'paused':
    case 'late': {
      const { kind, spoke, waiting, seconds, others } = story;
      const words = kind === 'late' ? t.late(spoke, format.span(seconds * 1_000), waiting) : t[kind](spoke, waiting);
      return (
        <Line
          tone={kind === 'open' ? 'red' : kind === 'paused' ? 'slate' : 'amber'}
          words={`${kind === 'paused' ? '❚❚ ' : '▲ '}${words}.`}
          more={others > 0 ? t.more(others) : ''}
          action={
            <Link to="/queues/$spoke" params={{ spoke }} className={look}>
              {actions.queue}
            </Link>
          }
        />
      );
    }
    case 'unrouted':
      return (
        <Line
          tone="amber"
          words={`∅ ${t.unrouted(story.unrouted, story.received, window)}.`}
          action={
            <Link to="/messages" search={{ state: 'unrouted', from: search.window }} className={look}>
              {actions.unrouted}
            </Link>
          }
        />
      );
    case 'quiet':
      return t.quiet(window);
    case 'well':
      return (
        <Line
          tone="green"
          words={`✓ ${t.well(story.received, window, !story.exact)}, ${story.open === 0 ? t.delivered : t.underWay(story.open)}`}
        />
      );
  }
}

function Line({ tone, words, more = '', action }: { tone: string; words: string; more?: string; action?: ReactNode }) {
  return (
    <span className={styles['story']}>
      <span>
        <strong style={{ color: `var(--${tone})` }}>{words}</strong> {more}
      </span>
      {action}
    </span>
  );
}
