/** Sends a test message as a spoke, and follows it until all its deliveries have ended. */
import type { Message, Spoke } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, TextInput } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import styles from './spoke-page.module.css';

const FOLLOW_MS = 1_000;
const ENDED = new Set(['succeeded', 'dead', 'skipped', 'cancelled', 'compensated']);

const useTexts = defineTexts({
  en: {
    title: 'Send a test message',
    real: 'It is a real message, as if the system had sent it: the routes that fit deliver it to real systems.',
    type: 'Type',
    typeHelp: 'What routes choose by, such as order.created.',
    body: 'Body (JSON)',
    bodyWrong: (problem: string) => `This is not JSON: ${problem}`,
    key: 'Idempotency key',
    keyHelp: 'A repeat under the same key is recognised and delivers nothing.',
    ordering: 'Ordering key',
    orderingHelp: 'Messages with the same key are delivered one after the other.',
    last: 'Take the body of the last message',
    lastHelp: 'Reading it is written to the audit.',
    none: 'There is no message to take it from.',
    send: 'Send test',
    sent: 'Accepted',
    duplicate: 'It repeats an earlier message: nothing is delivered again.',
    message: 'Show the message',
    unrouted: 'No route takes it.',
    makeRoute: 'Create a route for it',
    waits: 'Waiting for its deliveries …',
    ended: (n: number) => plural('en', n, { one: 'Its delivery has ended.', other: 'All # deliveries have ended.' }),
    typeMissing: 'A message needs a type.',
  },
  cs: {
    title: 'Poslat zkušební zprávu',
    real: 'Je to skutečná zpráva, jako by ji systém poslal: trasy, kterým vyhoví, ji doručí do skutečných systémů.',
    type: 'Typ',
    typeHelp: 'Podle něj trasy vybírají, třeba order.created.',
    body: 'Tělo (JSON)',
    bodyWrong: (problem: string) => `To není JSON: ${problem}`,
    key: 'Klíč proti opakování',
    keyHelp: 'Opakování se stejným klíčem se pozná a nic nedoručí.',
    ordering: 'Klíč pořadí',
    orderingHelp: 'Zprávy se stejným klíčem se doručují jedna po druhé.',
    last: 'Vzít tělo poslední zprávy',
    lastHelp: 'Přečtení se zapíše do auditu.',
    none: 'Není z čeho ho vzít.',
    send: 'Poslat',
    sent: 'Přijato',
    duplicate: 'Opakuje dřívější zprávu: nic se znovu nedoručí.',
    message: 'Ukázat zprávu',
    unrouted: 'Nebere ji žádná trasa.',
    makeRoute: 'Vytvořit pro ni trasu',
    waits: 'Čeká se na její doručení …',
    ended: (n: number) =>
      plural('cs', n, { one: 'Její doručení skončilo.', few: 'Všechna # doručení skončila.', other: 'Všech # doručení skončilo.' }),
    typeMissing: 'Zpráva potřebuje typ.',
  },
});

const SAMPLE = JSON.stringify({ number: 'TEST-1', note: 'Sent by hand from the dashboard' }, null, 2);

export function TestTab({ spoke }: { spoke: Spoke }) {
  const t = useTexts();
  const last = useQuery({
    queryKey: ['messages', 'recent', 'of', spoke.name, 'one'],
    queryFn: () => hub.messages.list({ spoke: [spoke.name], limit: 1 }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const newest = last.data?.items[0];
  const [type, setType] = useState<string | null>(null);
  const [body, setBody] = useState(SAMPLE);
  const [key, setKey] = useState('');
  const [ordering, setOrdering] = useState('');
  const shownType = type ?? newest?.type ?? 'test';
  const problem = jsonProblem(body);
  const take = useMutation({
    mutationFn: (id: string) => hub.messages.payload(id),
    onSuccess: (payload) => setBody(pretty(payload.body ?? '')),
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  const send = useMutation({
    mutationFn: () =>
      hub.publish({
        source: spoke.name,
        type: shownType,
        // As it is written: numbers beyond 2^53 go out unchanged.
        dataJson: body,
        ...(key === '' ? {} : { idempotencyKey: key }),
        ...(ordering === '' ? {} : { orderingKey: ordering }),
      }),
  });
  const reason = shownType === '' ? t.typeMissing : problem === null ? null : t.bodyWrong(problem);
  return (
    <div className={styles['columns']}>
      <Panel title={t.title}>
        <form
          className={styles['testForm']}
          onSubmit={(event) => {
            event.preventDefault();
            if (reason === null && !send.isPending) send.mutate();
          }}
        >
          <Note tone="amber">{t.real}</Note>
          <Field label={t.type} help={t.typeHelp}>
            <TextInput value={shownType} onValue={setType} maxLength={200} className="mono" spellCheck={false} />
          </Field>
          <div>
            <div style={{ fontWeight: 550, marginBottom: 4 }} aria-hidden>
              {t.body}
            </div>
            <CodeEditor
              value={body}
              onChange={setBody}
              language="json"
              label={t.body}
              minHeight={160}
              maxHeight={420}
              invalid={problem !== null}
            />
            {problem === null ? null : (
              <div role="alert" style={{ color: 'var(--red)' }}>
                {t.bodyWrong(problem)}
              </div>
            )}
          </div>
          <div className={styles['links']}>
            <Button
              size="small"
              needs="operator"
              title={t.lastHelp}
              busy={take.isPending}
              disabledReason={newest === undefined ? t.none : null}
              onClick={() => newest && take.mutate(newest.id)}
            >
              {t.last}
            </Button>
          </div>
          <div className={styles['pair']}>
            <Field label={t.key} help={t.keyHelp} optional>
              <TextInput value={key} onValue={setKey} maxLength={255} className="mono" autoComplete="off" />
            </Field>
            <Field label={t.ordering} help={t.orderingHelp} optional>
              <TextInput value={ordering} onValue={setOrdering} maxLength={255} className="mono" autoComplete="off" />
            </Field>
          </div>
          {send.error === null ? null : <ErrorNote error={send.error} />}
          <div className={styles['links']}>
            <Button
              tone="primary"
              icon={<Send aria-hidden />}
              needs="admin"
              busy={send.isPending}
              disabledReason={reason}
              onClick={() => send.mutate()}
            >
              {t.send}
            </Button>
          </div>
        </form>
      </Panel>
      {send.data === undefined ? null : <Followed key={send.data.messageId} id={send.data.messageId} duplicate={send.data.duplicate} />}
    </div>
  );
}

/** The message, read again until nothing of it is open any more. */
function Followed({ id, duplicate }: { id: string; duplicate: boolean }) {
  const t = useTexts();
  const message = useQuery({
    queryKey: ['messages', id],
    queryFn: () => hub.messages.get(id),
    refetchInterval: ({ state }) => (hasEnded(state.data) ? false : FOLLOW_MS),
  });
  const { data } = message;
  return (
    <Panel
      title={t.sent}
      actions={
        <Link to="/messages/$id" params={{ id }} className={buttonClass('plain', 'small')}>
          {t.message}
        </Link>
      }
      flush
    >
      <div aria-live="polite">
        {duplicate ? <p className={styles['quiet']}>{t.duplicate}</p> : null}
        {message.isError ? <ErrorNote error={message.error} onRetry={() => void message.refetch()} /> : null}
        {data?.state === 'unrouted' ? (
          <p className={styles['quiet']}>
            {t.unrouted}{' '}
            <Link to="/routes/new" search={{ from: data.source, type: data.type, message: data.id }}>
              {t.makeRoute}
            </Link>
          </p>
        ) : null}
        <ul className={styles['list']}>
          {data?.deliveries.map((delivery) => (
            <li key={delivery.id}>
              <StateBadge state={delivery.state} />
              <Link to="/messages/$id" params={{ id }} search={{ delivery: delivery.id }} className={styles['grow']}>
                {delivery.spoke} <span className="soft">· {delivery.operation}</span>
              </Link>
              {delivery.reason === null ? null : <span className="soft">{delivery.reason}</span>}
              <Time at={delivery.finishedAt ?? delivery.nextAttemptAt} />
            </li>
          ))}
        </ul>
        {data === undefined || data.state === 'unrouted' ? null : (
          <p className={styles['quiet']}>{hasEnded(data) ? t.ended(data.deliveries.length) : t.waits}</p>
        )}
      </div>
    </Panel>
  );
}

function hasEnded(message: Message | undefined): boolean {
  return message !== undefined && message.state !== 'accepted' && message.deliveries.every(({ state }) => ENDED.has(state));
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function pretty(text: string): string {
  try {
    // Only laid out anew where nothing is lost: numbers that JavaScript cannot hold stay as they came.
    return /\d{16,}/.test(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
