/** One replay: how far it is, and its brakes. */
import type { Replay } from '@nave/api-schema';
import { useParams } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Id } from '../../parts/id.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { StateBadge, useStateWord } from '../../parts/state-badge.tsx';
import { Time, useNow } from '../../parts/time.tsx';
import { filterInWords } from './filter-words.ts';
import styles from './issues.module.css';
import { LeftOfIssue } from './left-of-issue.tsx';
import { ReplayBrakes } from './replay-brakes.tsx';
import { useReplayTexts } from './replay-texts.ts';
import { secondsLeft } from './seconds-left.ts';
import { useReplay } from './use-replay.ts';

const TONES = { running: 'blue', paused: 'slate', stopped: 'grey', done: 'green' } as const;

export function ReplayPage() {
  const t = useReplayTexts();
  const format = useFormat();
  const now = useNow();
  const { id } = useParams({ from: '/replays/$id' });
  const query = useReplay(id);
  const replay = query.data;
  const eta = replay === undefined ? null : secondsLeft(replay, now);
  return (
    <Page
      title={replay === undefined ? t.list : t.title(replay.mode)}
      back={{ to: '/replays', label: t.list }}
      answer={replay === undefined ? undefined : t.answer(replay.state, leftOf(replay), eta === null ? null : format.span(eta * 1_000))}
      actions={replay === undefined ? undefined : <ReplayBrakes replay={replay} left={leftOf(replay)} />}
    >
      {query.error === null ? null : <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {replay === undefined ? query.error === null ? <SkeletonRows rows={5} /> : null : <Content replay={replay} />}
    </Page>
  );
}

/** What it has not come to. */
function leftOf({ total, done, failed }: Replay): number {
  return Math.max(0, total - done - failed);
}

function Content({ replay }: { replay: Replay }) {
  const t = useReplayTexts();
  const format = useFormat();
  const stateWord = useStateWord();
  const { mode, state, total, done, failed, rate, routeVersion, filter } = replay;
  return (
    <>
      <Panel>
        <div className={styles['detail']}>
          <ProgressBar
            label={t.progressLabel}
            hideLabel
            value={state === 'done' && total === 0 ? 1 : done + failed}
            max={Math.max(1, total)}
            tone={TONES[state]}
            text={`${t.progress(format.number(done), format.number(total), mode)}${failed > 0 ? ` · ${t.failed(failed)}` : ''}`}
          />
          {failed > 0 ? <Note tone="red">{t.failed(failed)}</Note> : null}
          <dl className={styles['facts']}>
            <dt>{t.state}</dt>
            <dd>
              <StateBadge state={state} />
            </dd>
            <dt>{t.what}</dt>
            <dd>{filterInWords(replay, t.filter, format.clock, stateWord)}</dd>
            <dt>{t.rate}</dt>
            <dd>{rate === null ? t.rateDefault : t.rateOf(format.number(rate))}</dd>
            {mode === 'replay' ? (
              <>
                <dt>{t.version}</dt>
                <dd>{routeVersion === null ? t.originalVersion : t.versionOf(routeVersion)}</dd>
              </>
            ) : null}
            <dt>{t.by}</dt>
            <dd className="mono">{replay.createdBy}</dd>
            <dt>{t.at}</dt>
            <dd>
              <Time at={replay.createdAt} show="exact" />{' '}
              <span className="soft">
                (<Time at={replay.createdAt} />)
              </span>
            </dd>
            {replay.finishedAt === null ? null : (
              <>
                <dt>{t.finished}</dt>
                <dd>
                  <Time at={replay.finishedAt} show="exact" />{' '}
                  <span className="soft">
                    (<Time at={replay.finishedAt} />)
                  </span>
                </dd>
              </>
            )}
            <dt>id</dt>
            <dd>
              <Id id={replay.id} />
            </dd>
          </dl>
          <p className="soft">{t.doneMeans(mode)}</p>
        </div>
      </Panel>
      {filter.issue === undefined ? null : <LeftOfIssue id={filter.issue} />}
    </>
  );
}
