/** Who waits for the answer; for callers that do: how long, what they get, and what becomes of the work when they do not get it. */
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../parts/button.tsx';
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import { joinPointer } from '../../parts/schema-form/pointer.ts';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { ExpressionField } from './expression-field.tsx';
import { useForm, useProblemAt } from './form-context.ts';
import type { Ending, HeaderDocument, ReplyDocument, RouteDocument } from './route-document.ts';
import type { SectionProps } from './source-section.tsx';

/** As docs/request-reply.md says. */
const USUAL = { onTimeout: 'finish', onFailure: 'cancel', onHangup: 'finish' } as const;

export function ModeSection({ document, change, name }: SectionProps & { name: string }) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const modeWrong = useProblemAt('/mode');
  return (
    <Panel title={t.modeTitle}>
      <div className={styles['fields']}>
        <Field label={t.mode} help={document.mode === 'reply' && name !== '' ? t.callAt(name) : undefined} error={modeWrong}>
          <Select
            value={document.mode}
            disabled={readOnly}
            onValue={(mode) => change({ mode: mode === 'reply' ? 'reply' : 'async' })}
            options={[
              { value: 'async', label: t.modes.async },
              { value: 'reply', label: t.modes.reply },
            ]}
          />
        </Field>
        {document.mode === 'reply' ? <Call document={document} change={change} /> : null}
      </div>
    </Panel>
  );
}

function Call({ document, change }: SectionProps) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const { reply, steps } = document;
  const setReply = (changes: Partial<ReplyDocument>) => change((latest) => ({ reply: { ...latest.reply, ...changes } }));
  const [timeoutWrong, ttlWrong] = [useProblemAt('/timeout'), useProblemAt('/cache/ttl')];
  return (
    <>
      <div className={styles['wide']}>
        <Field label={t.timeout} help={t.timeoutHelp} error={timeoutWrong} optional>
          <TextInput value={document.timeout} readOnly={readOnly} onValue={(timeout) => change({ timeout })} placeholder="30s" />
        </Field>
        <EndingField field="onTimeout" document={document} change={change} />
        <EndingField field="onFailure" document={document} change={change} />
        <EndingField field="onHangup" document={document} change={change} />
      </div>
      <p className={styles['help']}>{t.endingHelp}</p>
      <h3>{t.reply}</h3>
      <p className={styles['help']}>{t.replyHelp}</p>
      <ExpressionField
        {...{ label: t.status, help: t.statusHelp, path: '/reply/status', value: reply.status, stepsBefore: steps.length, compact: true }}
        onValue={(status) => setReply({ status })}
      />
      <Headers headers={reply.headers} stepsBefore={steps.length} onHeaders={(headers) => setReply({ headers })} />
      <ExpressionField
        {...{ label: t.body, help: t.bodyHelp, path: '/reply/body', value: reply.body, stepsBefore: steps.length }}
        onValue={(body) => setReply({ body })}
      />
      <h3>{t.cache}</h3>
      <ExpressionField
        {...{ label: t.cacheKey, help: t.cacheKeyHelp, path: '/cache/key', value: document.cacheKey, stepsBefore: 0, compact: true }}
        onValue={(cacheKey) => change({ cacheKey })}
      />
      <div className={styles['row']}>
        <Field label={t.cacheTtl} help={t.cacheTtlHelp} error={ttlWrong} optional={document.cacheKey === ''}>
          <TextInput value={document.cacheTtl} readOnly={readOnly} onValue={(cacheTtl) => change({ cacheTtl })} placeholder="30s" />
        </Field>
      </div>
    </>
  );
}

function EndingField({ field, document, change }: SectionProps & { field: 'onTimeout' | 'onFailure' | 'onHangup' }) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const wrong = useProblemAt(`/${field}`);
  const set = (value: string) => {
    const ending: Ending | null = value === 'finish' || value === 'cancel' ? value : null;
    const changes: Partial<RouteDocument> = { [field]: ending };
    change(changes);
  };
  return (
    <Field label={t[field]} error={wrong}>
      <Select
        value={document[field] ?? ''}
        disabled={readOnly}
        onValue={set}
        options={[
          { value: '', label: t.usual(t.endings[USUAL[field]]) },
          { value: 'finish', label: t.endings.finish },
          { value: 'cancel', label: t.endings.cancel },
        ]}
      />
    </Field>
  );
}

interface HeadersProps {
  headers: readonly HeaderDocument[];
  stepsBefore: number;
  onHeaders: (headers: readonly HeaderDocument[]) => void;
}

function Headers({ headers, stepsBefore, onHeaders }: HeadersProps) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const set = (index: number, changes: Partial<HeaderDocument>) =>
    onHeaders(headers.map((header, place) => (place === index ? { ...header, ...changes } : header)));
  return (
    <>
      {headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while their names are written
        <div key={index} className={styles['header']}>
          <Field label={t.header}>
            <TextInput
              value={header.name}
              readOnly={readOnly}
              onValue={(name) => set(index, { name })}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
          <ExpressionField
            {...{
              label: t.headerValue(header.name),
              path: joinPointer('/reply/headers', header.name),
              value: header.value,
              stepsBefore,
              compact: true,
            }}
            onValue={(value) => set(index, { value })}
          />
          {readOnly ? null : (
            <IconButton
              label={t.removeHeader(header.name)}
              icon={<Trash2 aria-hidden />}
              size="small"
              onClick={() => onHeaders(headers.filter((_, place) => place !== index))}
            />
          )}
        </div>
      ))}
      {readOnly ? null : (
        <div>
          <Button size="small" icon={<Plus aria-hidden />} onClick={() => onHeaders([...headers, { name: '', value: '' }])}>
            {t.addHeader}
          </Button>
        </div>
      )}
    </>
  );
}
