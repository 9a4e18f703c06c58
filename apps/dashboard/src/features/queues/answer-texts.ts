/** The first sentence of the queues: what waits where, and why; and what to do about it. */
import type { Format } from '../../i18n/format.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import type { QueueRow, Trouble } from './queue-attention.ts';

export interface AnswerContext {
  format: Format;
  nowMs: number;
}

const wait = {
  en: (n: number) => plural('en', n, { one: '# delivery waits', other: '# deliveries wait' }),
  cs: (n: number) =>
    plural('cs', n, { one: 'čeká # doručení', few: 'čekají # doručení', many: 'čeká # doručení', other: 'čeká # doručení' }),
};

/** Since when, and when the next try is. */
function circuit({ queue: { flow } }: QueueRow, { format, nowMs }: AnswerContext): { span: string | null; next: string | null } {
  return {
    span: flow.openedAt === null ? null : format.span(Math.max(0, nowMs - Date.parse(flow.openedAt))),
    next: flow.probeAt === null ? null : format.clock(flow.probeAt),
  };
}

function oldest({ queue }: QueueRow, { format }: AnswerContext): string | null {
  return queue.oldestSeconds === 0 ? null : format.span(queue.oldestSeconds * 1_000);
}

type Words = Readonly<Record<Trouble, (row: QueueRow, context: AnswerContext) => string>>;

const EN: Words = {
  open: (row, context) => {
    const { span, next } = circuit(row, context);
    const why = `its circuit is open${span === null ? '' : ` since ${span}`}${next === null ? '' : `, next try at ${next}`}`;
    return row.waiting === 0 ? `${row.title} cannot be reached: ${why}` : `${wait.en(row.waiting)} for ${row.title}: ${why}`;
  },
  unknown: ({ title, queue }) =>
    `${plural('en', queue.depth.unknown, { one: '# delivery', other: '# deliveries' })} to ${title} may or may not have arrived: somebody has to decide`,
  dead: ({ title, queue, waiting }) =>
    `${plural('en', queue.depth.dead, { one: '# delivery is', other: '# deliveries are' })} dead at ${title}${waiting === 0 ? '' : `, ${plural('en', waiting, { other: '# wait' })}`}`,
  'half-open': ({ title, waiting }) =>
    `${title} is being probed after a failure${waiting === 0 ? '' : `; ${wait.en(waiting)} for the outcome`}`,
  throttled: ({ title, waiting, queue }, { format }) =>
    `${title} asked for patience until ${format.clock(queue.flow.throttledUntil ?? 0)}${waiting === 0 ? '' : `; ${wait.en(waiting)}`}`,
  budget: ({ title, waiting }) => `Retries to ${title} are put off, their budget is used up${waiting === 0 ? '' : `; ${wait.en(waiting)}`}`,
  paused: ({ title, waiting }) =>
    `${title} is paused${waiting === 0 ? ', nothing waits for it' : `; ${wait.en(waiting)} until somebody resumes it`}`,
  held: ({ title, queue }) =>
    `${plural('en', queue.depth.held, { one: '# delivery to', other: '# deliveries to' })} ${title} ${queue.depth.held === 1 ? 'is' : 'are'} held: another one of the lane, or an approval, comes first`,
  late: (row, context) => `${wait.en(row.waiting)} for ${row.title}, the oldest for ${oldest(row, context) ?? ''}`,
};

const CS: Words = {
  open: (row, context) => {
    const { span, next } = circuit(row, context);
    const why = `okruh je přerušen${span === null ? '' : ` už ${span}`}${next === null ? '' : `, další pokus v ${next}`}`;
    return row.waiting === 0 ? `${row.title} není dostupný: ${why}` : `Na ${row.title} ${wait.cs(row.waiting)}: ${why}`;
  },
  unknown: ({ title, queue }) =>
    `U ${plural('cs', queue.depth.unknown, { other: '# doručení' })} do ${title} se neví, zda došla: někdo musí rozhodnout`,
  dead: ({ title, queue, waiting }) =>
    `${title}: ${plural('cs', queue.depth.dead, { one: '# doručení je mrtvé', few: '# doručení jsou mrtvá', other: '# doručení je mrtvých' })}${waiting === 0 ? '' : `, ${wait.cs(waiting)}`}`,
  'half-open': ({ title, waiting }) => `${title} se po selhání zkouší${waiting === 0 ? '' : `; na výsledek ${wait.cs(waiting)}`}`,
  throttled: ({ title, waiting, queue }, { format }) =>
    `${title} prosí o strpení do ${format.clock(queue.flow.throttledUntil ?? 0)}${waiting === 0 ? '' : `; ${wait.cs(waiting)}`}`,
  budget: ({ title, waiting }) =>
    `${title}: opakování se odkládají, jejich limit je vyčerpán${waiting === 0 ? '' : `; ${wait.cs(waiting)}`}`,
  paused: ({ title, waiting }) =>
    `${title} je pozastaven${waiting === 0 ? ', nic na něj nečeká' : `; ${wait.cs(waiting)}, než ho někdo spustí`}`,
  held: ({ title, queue }) =>
    `${title}: ${plural('cs', queue.depth.held, { one: '# doručení je pozdrženo', few: '# doručení jsou pozdržena', other: '# doručení je pozdrženo' })}, přednost má jiné ze stejné řady nebo schválení`,
  late: (row, context) => `Na ${row.title} ${wait.cs(row.waiting)}, nejstarší ${oldest(row, context) ?? ''}`,
};

export const useAnswerTexts = defineTexts({
  en: {
    trouble: (row: QueueRow, trouble: Trouble, context: AnswerContext) => EN[trouble](row, context),
    calm: (queues: number, waiting: number, rate: string) =>
      `${plural('en', queues, { one: '# queue', other: '# queues' })}, nothing is stuck; ${waiting === 0 ? 'nothing waits' : wait.en(waiting)}, ${rate} go out.`,
    more: (n: number) => plural('en', n, { one: '# more queue needs a look.', other: '# more queues need a look.' }),
    actions: {
      open: 'Open its queue',
      resume: 'Resume it',
      issues: 'Open its issues',
    },
  },
  cs: {
    trouble: (row: QueueRow, trouble: Trouble, context: AnswerContext) => CS[trouble](row, context),
    calm: (queues: number, waiting: number, rate: string) =>
      `${plural('cs', queues, { one: '# fronta', few: '# fronty', other: '# front' })}, nic nevázne; ${waiting === 0 ? 'nic nečeká' : wait.cs(waiting)}, odchází ${rate}.`,
    more: (n: number) =>
      plural('cs', n, {
        one: 'Na # další frontu se podívejte.',
        few: 'Na # další fronty se podívejte.',
        other: 'Na # dalších front se podívejte.',
      }),
    actions: {
      open: 'Otevřít její frontu',
      resume: 'Spustit',
      issues: 'Otevřít problémy',
    },
  },
});
