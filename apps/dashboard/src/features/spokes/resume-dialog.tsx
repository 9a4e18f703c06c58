/** Lets the deliveries to a spoke go again: how many wait, at what rate they go, and how long that takes. */
import type { Spoke } from '@nave/api-schema';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, TextInput } from '../../parts/field.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useSpokesChanged } from './use-spokes.ts';

const RATE_MAX = 100_000;

const useTexts = defineTexts({
  en: {
    title: (name: string) => `Resume ${name}?`,
    action: (n: number | null) =>
      n === null || n === 0 ? 'Resume' : `Resume ${plural('en', n, { one: '# delivery', other: '# deliveries' })}`,
    none: 'Nothing waits for it. From now on deliveries go out as they come.',
    waiting: (n: number, exact: boolean) =>
      `${exact ? '' : 'At least '}${plural('en', n, { one: '# delivery waits', other: '# deliveries wait' })}, the oldest from`,
    takes: (span: string) => `Letting them go takes about ${span}.`,
    rate: 'Deliveries per second at most',
    rateHelp: 'Reached by doubling each second. Leave it empty for the bound of the hub, 500.',
    rateWrong: 'A whole number from 1 to 100,000.',
    done: (name: string) => `${name} takes deliveries again`,
  },
  cs: {
    title: (name: string) => `Spustit ${name}?`,
    action: (n: number | null) =>
      n === null || n === 0 ? 'Spustit' : `Pustit ${plural('cs', n, { one: '# doručení', other: '# doručení' })}`,
    none: 'Nic na něj nečeká. Další doručení už půjdou rovnou.',
    waiting: (n: number, exact: boolean) =>
      `${exact ? '' : 'Nejméně '}${plural('cs', n, { one: '# doručení čeká', few: '# doručení čekají', other: '# doručení čeká' })}, nejstarší`,
    takes: (span: string) => `Než odejdou, potrvá to asi ${span}.`,
    rate: 'Nejvýše doručení za sekundu',
    rateHelp: 'Rychlost se každou sekundu zdvojnásobí. Prázdné pole znamená mez hubu, 500.',
    rateWrong: 'Celé číslo od 1 do 100 000.',
    done: (name: string) => `Systém ${name} zase odebírá`,
  },
});

export function ResumeDialog({ spoke, onClose }: { spoke: Spoke; onClose: () => void }) {
  const t = useTexts();
  const format = useFormat();
  const changed = useSpokesChanged();
  const [text, setText] = useState('');
  const rate = text.trim() === '' ? null : Number(text);
  const wrong = rate !== null && !(Number.isInteger(rate) && rate >= 1 && rate <= RATE_MAX);
  const options = rate === null ? {} : { rate };
  const preview = useQuery({
    queryKey: ['queues', spoke.name, 'resume', rate],
    queryFn: () => hub.queues.previewResume(spoke.name, options),
    enabled: !wrong,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const resume = useMutation({
    mutationFn: () => hub.spokes.resume(spoke.name, options),
    onSuccess: async () => {
      toast(t.done(spoke.title));
      onClose();
      await changed();
    },
  });
  const { data } = preview;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.title(spoke.title)}
      action={t.action(data?.count ?? null)}
      busy={resume.isPending}
      error={resume.error}
      disabledReason={wrong ? t.rateWrong : null}
      onConfirm={() => resume.mutate()}
    >
      {preview.isError ? (
        <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />
      ) : data === undefined ? (
        <Skeleton height={19} />
      ) : data.count === 0 ? (
        <p>{t.none}</p>
      ) : (
        <p>
          {t.waiting(data.count, data.exact)} <Time at={data.oldest} />. {t.takes(format.span(data.estimatedSeconds * 1_000))}
        </p>
      )}
      <Field label={t.rate} help={t.rateHelp} error={wrong ? t.rateWrong : null} optional>
        <TextInput value={text} onValue={setText} inputMode="numeric" autoComplete="off" />
      </Field>
    </ConfirmDialog>
  );
}
