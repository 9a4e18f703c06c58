/** The message a draft is tried with: pasted, made from the spoke's schema, or a recent one that may be looked at. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Eye, FileJson } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { CodeEditor, type EditorProblem } from '../../parts/code-editor/code-editor.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Field, Select, TextInput } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import { isJsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';
import { useNow } from '../../parts/time.tsx';
import { spokesQuery } from '../spokes/api.ts';
import styles from './editor.module.css';
import type { RouteDocument } from './route-document.ts';
import { type MessageSummary, pastedSample, revealSample, type Sample, typeOfPattern } from './sample.ts';
import { sampleOfSchema } from './sample-of-schema.ts';
import { useTrialTexts } from './trial-texts.ts';

const RECENT = 20;

export interface SamplePanelProps {
  /** Of the route; of a new one may be empty. */
  name: string;
  document: RouteDocument;
  sample: Sample | null;
  /** @param next the sample, or how it follows from the latest one */
  onSample: (next: Sample | null | ((latest: Sample | null) => Sample | null)) => void;
  problem: EditorProblem | null;
  /** The message the page was opened for. */
  messageId: string | null;
}

export function SamplePanel({ name, document, sample, onSample, problem, messageId }: SamplePanelProps) {
  const t = useTrialTexts();
  const spoke = useQuery(spokesQuery).data?.find((one) => one.name === document.spoke);
  const schema = ownValue(spoke?.inbound, 'schema');
  const mayOperate = useMay('operator');
  return (
    <Panel title={t.sample} actions={sample === null ? null : <span className="soft">{t.origins[sample.origin]}</span>}>
      <div className={styles['fields']}>
        {mayOperate ? <Recent name={name} document={document} onSample={onSample} messageId={messageId} /> : <Note>{t.revealNeeds}</Note>}
        <div>
          <Button
            size="small"
            icon={<FileJson aria-hidden />}
            disabledReason={isJsonObject(schema) ? null : t.noSchema}
            onClick={() => onSample({ ...pastedSample(JSON.stringify(sampleOfSchema(schema), null, 2)), origin: 'schema' })}
          >
            {t.make}
          </Button>
        </div>
        <Field label={t.type} help={t.typeHelp(typeOfPattern(document.type))} optional>
          <TextInput
            value={sample?.type ?? ''}
            className="mono"
            autoComplete="off"
            spellCheck={false}
            onValue={(type) => onSample((latest) => ({ ...(latest ?? pastedSample('{}')), type }))}
          />
        </Field>
        <div className={styles['expression']}>
          <span className={styles['label']}>{t.data}</span>
          <CodeEditor
            value={sample?.text ?? ''}
            onChange={(text) => onSample((latest) => (text.trim() === '' ? null : { ...(latest ?? pastedSample(text)), text }))}
            language="json"
            label={t.data}
            minHeight={90}
            maxHeight={220}
            problems={problem === null ? [] : [problem]}
            invalid={problem !== null}
            placeholder='{ "id": 1 }'
          />
          {problem === null ? null : (
            <p className={styles['wrong']} role="alert">
              {t.json(problem.message)}
            </p>
          )}
          <div className={styles['help']}>{t.dataHelp}</div>
        </div>
      </div>
    </Panel>
  );
}

function Recent({ name, document, onSample, messageId }: Pick<SamplePanelProps, 'name' | 'document' | 'onSample' | 'messageId'>) {
  const t = useTrialTexts();
  const format = useFormat();
  const now = useNow();
  const [picked, setPicked] = useState<string | null>(messageId);
  const { spoke, type } = document;
  const asked = { spoke, ...(type.trim() === '' ? {} : { type: type.trim() }) };
  const recent = useQuery({
    queryKey: ['messages', 'samples', asked],
    queryFn: async () => (await hub.messages.list({ ...asked, limit: RECENT })).items,
    enabled: spoke !== '',
    retry: false,
  });
  const opened = useQuery({
    queryKey: ['messages', messageId],
    queryFn: () => hub.messages.get(messageId ?? ''),
    enabled: messageId !== null,
  });
  const listed: readonly MessageSummary[] = recent.data ?? [];
  const messages = opened.data === undefined || listed.some(({ id }) => id === messageId) ? listed : [opened.data, ...listed];
  const chosen = messages.find(({ id }) => id === picked) ?? messages[0];
  const reveal = useMutation({
    mutationFn: (message: MessageSummary) => revealSample(message, name === '' ? 'draft' : name),
    onSuccess: (sample) => sample !== null && onSample(sample),
  });
  if (spoke === '' && opened.data === undefined) return <p className={styles['help']}>{t.pickFirst}</p>;
  if (recent.isSuccess && chosen === undefined) return <p className={styles['help']}>{t.noMessages}</p>;
  return (
    <div className={styles['recent']}>
      <Field label={t.pickOne}>
        <Select
          value={chosen?.id ?? ''}
          onValue={setPicked}
          options={messages.map(({ id, type: of, receivedAt, size }) => ({
            value: id,
            label: `${of} · ${format.relative(receivedAt, now)} · ${format.bytes(size)}`,
          }))}
        />
      </Field>
      <Button
        needs="operator"
        icon={<Eye aria-hidden />}
        busy={reveal.isPending}
        disabledReason={chosen === undefined ? t.pickFirst : null}
        onClick={() => chosen !== undefined && reveal.mutate(chosen)}
      >
        {t.reveal}
      </Button>
      <p className={styles['help']}>{t.revealMeans}</p>
      {reveal.data === null ? <Note tone="amber">{t.tooLarge}</Note> : null}
      {reveal.error === null ? null : <ErrorNote error={reveal.error} />}
    </div>
  );
}
