/** What a route takes: from which spoke, of which type, under which condition, in which order. */
import { useQuery } from '@tanstack/react-query';
import { useId, useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { Checkbox, Field, Select, TextInput } from '../../parts/field.tsx';
import { Panel } from '../../parts/page.tsx';
import { kindQuery, spokesQuery } from '../spokes/api.ts';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { ExpressionField } from './expression-field.tsx';
import { useForm, useProblemAt } from './form-context.ts';
import type { RouteDocument } from './route-document.ts';
import { typeSuggestions } from './type-suggestions.ts';

const MESSAGES = 200;

export interface SectionProps {
  document: RouteDocument;
  /** @param changes fields, or how they follow from the latest document */
  change: (changes: Partial<RouteDocument> | ((latest: RouteDocument) => Partial<RouteDocument>)) => void;
}

export function SourceSection({
  document,
  change,
  name,
}: SectionProps & { name: { value: string; onValue: (name: string) => void } | null }) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const list = useId();
  const spokes = useQuery(spokesQuery).data ?? [];
  const types = useTypes(document.spoke);
  const [spokeWrong, typeWrong, nameWrong] = [useProblemAt('/from/spoke'), useProblemAt('/from/type'), useProblemAt('/name')];
  const known = spokes.some((spoke) => spoke.name === document.spoke) || document.spoke === '';
  return (
    <Panel title={t.general}>
      <div className={styles['fields']}>
        {name === null ? null : (
          <Field label={t.name} help={t.nameHelp} error={nameWrong}>
            <TextInput value={name.value} onValue={name.onValue} autoComplete="off" spellCheck={false} maxLength={63} />
          </Field>
        )}
        <div className={styles['row']}>
          <Field label={t.source} error={spokeWrong}>
            <Select
              value={document.spoke}
              disabled={readOnly}
              onValue={(spoke) => change({ spoke })}
              options={[
                { value: '', label: t.choose },
                ...(known ? [] : [{ value: document.spoke, label: document.spoke }]),
                ...spokes.map((spoke) => ({
                  value: spoke.name,
                  label: spoke.title === spoke.name ? spoke.name : `${spoke.title} (${spoke.name})`,
                })),
              ]}
            />
          </Field>
          <Field label={t.type} help={t.typeHelp} error={typeWrong}>
            <TextInput
              value={document.type}
              readOnly={readOnly}
              onValue={(type) => change({ type })}
              list={list}
              className="mono"
              autoComplete="off"
              spellCheck={false}
              placeholder="order.*"
            />
          </Field>
          <datalist id={list}>
            {types.map((type) => (
              <option key={type} value={type} />
            ))}
          </datalist>
        </div>
        <ExpressionField
          {...{ label: t.when, help: t.whenHelp, path: '/when', value: document.when, stepsBefore: 0, compact: true }}
          onValue={(when) => change({ when })}
        />
        <ExpressionField
          {...{
            label: t.orderingKey,
            help: t.orderingKeyHelp,
            path: '/orderingKey',
            value: document.orderingKey,
            stepsBefore: 0,
            compact: true,
          }}
          onValue={(orderingKey) => change({ orderingKey })}
        />
        {readOnly ? null : (
          <Checkbox label={t.enabled} help={t.enabledHelp} checked={document.enabled} onChecked={(enabled) => change({ enabled })} />
        )}
      </div>
    </Panel>
  );
}

/** What the spoke sent lately, and what its kind can send. */
function useTypes(spoke: string): string[] {
  const spokes = useQuery(spokesQuery).data;
  const kind = spokes?.find(({ name }) => name === spoke)?.kind ?? '';
  const events = useQuery({ ...kindQuery(kind), enabled: kind !== '' }).data?.events;
  const messages = useQuery({
    queryKey: ['messages', 'types', spoke],
    queryFn: async () => (await hub.messages.list({ spoke, limit: MESSAGES })).items.map(({ type }) => type),
    enabled: spoke !== '',
    staleTime: 60_000,
  }).data;
  return useMemo(() => typeSuggestions([...(messages ?? []), ...(events ?? []).map(({ type }) => type)]), [messages, events]);
}
