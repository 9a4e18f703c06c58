/** The issues inbox: what needs a person, the answer first, then failures by cause, decisions and parked lanes. */
import type { Issue } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useMatch, useNavigate, useSearch } from '@tanstack/react-router';
import { History, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Split } from '../../parts/split.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { Decisions } from './decisions.tsx';
import { Failures } from './failures.tsx';
import { type Headline, headlineOf } from './headline.ts';
import { HeadlineWords } from './headline-words.tsx';
import { ParkedLanes } from './parked-lanes.tsx';
import { useIssueTexts } from './texts.ts';
import { newestQuery, summaryQuery, useIssuesLive } from './use-issues.ts';

const TABS = ['failures', 'decisions', 'lanes'] as const;
type TabName = (typeof TABS)[number];

/** A link to unknown deliveries means the decisions. */
function tabOf({ tab, state }: { tab?: string; state?: string }): TabName {
  return TABS.find((one) => one === tab) ?? (state === 'unknown' ? 'decisions' : 'failures');
}

export function IssuesPage() {
  const t = useIssueTexts();
  const format = useFormat();
  const search = useSearch({ from: '/issues' });
  const navigate = useNavigate();
  const detail = useMatch({ from: '/issues/$id', shouldThrow: false });
  const summary = useQuery(summaryQuery).data;
  const newest = useQuery(newestQuery).data;
  const [retried, setRetried] = useState<Issue | null>(null);
  const [cursor, setCursor] = useState<Issue | null>(null);
  const mayRetry = useMay('operator');
  useIssuesLive();
  const headline = summary === undefined || newest === undefined ? null : headlineOf(summary, newest);
  const tab = tabOf(search);
  const open = detail?.params.id ?? null;
  useShortcuts([
    {
      keys: 'r',
      description: t.retryKey,
      run: () => {
        if (!mayRetry) toast(t.needsOperator);
        else if (open === null && tab === 'failures' && cursor !== null) setRetried(cursor);
      },
    },
  ]);
  const label = (text: string, count: number | undefined) => (
    <>
      {text}
      {count ? <span className="soft numbers"> {format.compact(count)}</span> : null}
    </>
  );
  return (
    <Split
      list={
        <Page
          title={t.title}
          answer={headline === null ? t.counting : <HeadlineWords headline={headline} />}
          actions={
            <>
              <Link to="/replays" className={buttonClass()}>
                <History size={15} aria-hidden /> {t.replays}
              </Link>
              {headline === null ? null : <Helps headline={headline} onRetry={setRetried} />}
            </>
          }
          full
        >
          <Tabs
            full
            label={t.tabs}
            value={tab}
            onValue={(next) =>
              void navigate({ to: '/issues', search: ({ spoke }) => ({ spoke, tab: next === 'failures' ? undefined : next }) })
            }
            tabs={[
              { value: 'failures', label: label(t.failures, summary?.dead), content: <Failures openId={open} onCursor={setCursor} /> },
              { value: 'decisions', label: label(t.decisions, summary?.unknown), content: <Decisions /> },
              { value: 'lanes', label: label(t.lanes, summary?.parkedLanes), content: <ParkedLanes /> },
            ]}
          />
          {retried === null ? null : (
            <BulkDialog mode="retry" filter={{ issue: retried.id }} spoke={retried.spoke} onClose={() => setRetried(null)} />
          )}
        </Page>
      }
      detail={open === null ? null : <Outlet />}
    />
  );
}

/** The one action that helps. */
function Helps({ headline, onRetry }: { headline: Headline; onRetry: (issue: Issue) => void }) {
  const t = useIssueTexts();
  if (headline.kind === 'quiet') return null;
  if (headline.kind === 'undecided') {
    return (
      <Link to="/issues" search={{ tab: 'decisions' }} className={buttonClass('primary')}>
        {t.decide(headline.unknown)}
      </Link>
    );
  }
  const { group } = headline;
  if (headline.helps === 'retry') {
    return (
      <Button tone="primary" needs="operator" icon={<RotateCw aria-hidden />} onClick={() => onRetry(group)}>
        {t.retryN(group.count)}
      </Button>
    );
  }
  return (
    <Link to="/issues/$id" params={{ id: group.id }} search={(before) => before} className={buttonClass('primary')}>
      {t.look}
    </Link>
  );
}
