/** Retries, skips or cancels many dead deliveries: first what will happen, with counts, then the page of its progress. */
import type { ReplayFilter } from '@nave/api-schema';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { type BulkMode, useBulkTexts } from './bulk-texts.ts';
import styles from './issues.module.css';
import { useIntervened } from './use-issues.ts';

const RATES = ['', '1', '10', '100'] as const;
type RateChoice = (typeof RATES)[number];

export interface BulkDialogProps {
  mode: BulkMode;
  filter: ReplayFilter;
  /** Where the deliveries go: the final ones are confirmed by its name. */
  spoke: string;
  onClose: () => void;
}

export function BulkDialog({ mode, filter, spoke, onClose }: BulkDialogProps) {
  const t = useBulkTexts();
  const navigate = useNavigate();
  const intervened = useIntervened();
  const [choice, setChoice] = useState<RateChoice>('');
  // The spoke narrows nothing: it tells, later on, what the replay was about.
  const asked = { mode, filter: { ...filter, spoke }, ...(choice === '' ? {} : { rate: Number(choice) }) };
  const preview = useQuery({
    queryKey: ['replays', 'preview', asked],
    queryFn: () => hub.replays.preview(asked),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const start = useMutation({
    mutationFn: () => hub.replays.create(asked),
    onSuccess: ({ id }) => {
      toast(t.started(mode));
      void intervened();
      onClose();
      void navigate({ to: '/replays/$id', params: { id } });
    },
  });
  const count = preview.data?.count ?? 0;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.title(mode, spoke)}
      action={preview.data === undefined ? t.verb(mode) : t.action(mode, count)}
      danger={mode !== 'retry'}
      {...(mode === 'cancel' ? { dismiss: t.keep } : {})}
      {...(mode === 'retry' || count === 0 ? {} : { name: spoke })}
      busy={start.isPending}
      error={start.error}
      disabledReason={preview.data === undefined ? t.counting : count === 0 ? t.none : null}
      onConfirm={() => start.mutate()}
    >
      <p>{t.means(mode)}</p>
      {mode === 'retry' ? null : <Note tone="red">{t.final}</Note>}
      <Preview preview={preview} />
      <Field label={t.rate} help={t.rateHelp}>
        <Select
          value={choice}
          options={RATES.map((value) => ({ value, label: t.rates[value] }))}
          onValue={(value) => setChoice(RATES.find((one) => one === value) ?? '')}
        />
      </Field>
    </ConfirmDialog>
  );
}

type PreviewQuery = Pick<ReturnType<typeof useQuery<Awaited<ReturnType<typeof hub.replays.preview>>>>, 'data' | 'error' | 'refetch'>;

function Preview({ preview: { data, error, refetch } }: { preview: PreviewQuery }) {
  const t = useBulkTexts();
  const format = useFormat();
  if (error !== null) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={84} />;
  if (data.count === 0) return <Note>{t.none}</Note>;
  const count = format.number(data.count);
  return (
    <dl className={styles['facts']} aria-live="polite">
      <dt>{t.count}</dt>
      <dd className="numbers">{data.exact ? count : t.atLeast(count)}</dd>
      <dt>{t.oldest}</dt>
      <dd>
        <Time at={data.oldest} />
      </dd>
      <dt>{t.newest}</dt>
      <dd>
        <Time at={data.newest} />
      </dd>
      <dt>{t.takes}</dt>
      <dd className="numbers">{format.span(data.estimatedSeconds * 1_000)}</dd>
    </dl>
  );
}
