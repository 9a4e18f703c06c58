/** One failure: what happened, what it means, what to do, and the deliveries it is about. */
import type { IssueDetail as IssueData } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Ban, CircleCheck, RotateCw, SkipForward } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { type BulkMode, useBulkTexts } from './bulk-texts.ts';
import { useDetailTexts } from './detail-texts.ts';
import { hintOf } from './hint.ts';
import { useHintTexts } from './hint-texts.ts';
import { IssueDeliveries } from './issue-deliveries.tsx';
import { IssueFacts } from './issue-facts.tsx';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';
import { useIssue } from './use-issues.ts';

export function IssueDetail() {
  const t = useDetailTexts();
  const { id } = useParams({ from: '/issues/$id' });
  const navigate = useNavigate();
  const query = useIssue(id);
  const issue = query.data?.pages[0];
  const gone = query.error instanceof ApiError && query.error.status === 404;
  const close = () => void navigate({ to: '/issues', search: (before) => before });
  return (
    <SlideOver
      label={t.issue}
      onClose={close}
      of={id}
      {...(issue === undefined || gone
        ? {}
        : {
            heading: (
              <div className={styles['heading']}>
                <StateBadge state={issue.state} /> <h2>{issue.title}</h2>
              </div>
            ),
          })}
    >
      {gone ? (
        <EmptyState
          icon={<CircleCheck className={styles['green']} aria-hidden />}
          title={t.gone}
          action={
            <Link to="/replays" className={buttonClass()}>
              {t.toReplays}
            </Link>
          }
        >
          {t.goneHint}
        </EmptyState>
      ) : query.error !== null && issue === undefined ? (
        <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      ) : issue === undefined ? (
        <SkeletonRows rows={12} />
      ) : (
        <Content issue={issue} query={query} />
      )}
    </SlideOver>
  );
}

function Content({ issue, query }: { issue: IssueData; query: ReturnType<typeof useIssue> }) {
  const t = useDetailTexts();
  return (
    <div className={`${styles['detail']} ${styles['inPanel']}`}>
      <p className={styles['story']}>
        {t.story(issue.count, issue.messages, issue.spoke, issue.operation)}{' '}
        {issue.exact ? null : <span className="soft">{t.atLeast}</span>}
      </p>
      <Explained issue={issue} />
      <Actions issue={issue} />
      <IssueFacts issue={issue} />
      <IssueDeliveries issue={issue} query={query} />
    </div>
  );
}

function Explained({ issue }: { issue: IssueData }) {
  const t = useHintTexts();
  const { means, todo } = t.causes[hintOf(issue).cause];
  return (
    <dl className={styles['explained']}>
      <dt>{t.happened}</dt>
      <dd className="mono">{issue.detail === '' ? issue.title : issue.detail}</dd>
      <dt>{t.means}</dt>
      <dd>{means}</dd>
      <dt>{t.todo}</dt>
      <dd>{todo}</dd>
    </dl>
  );
}

function Actions({ issue }: { issue: IssueData }) {
  const t = useDetailTexts();
  const words = useIssueTexts();
  const bulk = useBulkTexts();
  const [mode, setMode] = useState<BulkMode | null>(null);
  const mayRetry = useMay('operator');
  const dead = issue.state === 'dead';
  useShortcuts([
    {
      keys: 'r',
      description: words.retryKey,
      first: true,
      run: () => {
        if (!mayRetry) toast(words.needsOperator);
        else if (dead) setMode('retry');
      },
    },
  ]);
  if (!dead) {
    return (
      <div className={styles['buttons']}>
        <Link to="/issues" search={{ tab: 'decisions', spoke: issue.spoke }} className={buttonClass('primary')}>
          {t.decide}
        </Link>
      </div>
    );
  }
  return (
    <div className={styles['buttons']}>
      <Button tone="primary" needs="operator" icon={<RotateCw aria-hidden />} onClick={() => setMode('retry')}>
        {bulk.action('retry', issue.count)}
      </Button>
      <Button needs="operator" icon={<SkipForward aria-hidden />} onClick={() => setMode('skip')}>
        {bulk.action('skip', issue.count)}
      </Button>
      <Button needs="operator" icon={<Ban aria-hidden />} onClick={() => setMode('cancel')}>
        {bulk.action('cancel', issue.count)}
      </Button>
      {mode === null ? null : <BulkDialog mode={mode} filter={{ issue: issue.id }} spoke={issue.spoke} onClose={() => setMode(null)} />}
    </div>
  );
}
