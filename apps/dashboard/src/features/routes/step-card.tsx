/** One step of a route in the form: where it goes, what it asks for, and what it gives. */
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../../parts/button.tsx';
import { Checkbox, Field, Select, TextInput } from '../../parts/field.tsx';
import { kindQuery, spokesQuery, takesDeliveries } from '../spokes/api.ts';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { ExpressionField } from './expression-field.tsx';
import { useForm, useProblemAt } from './form-context.ts';
import type { StepDocument } from './route-document.ts';
import { operationsOf, type SpokeOperation } from './spoke-operations.ts';

export interface StepCardProps {
  step: StepDocument;
  index: number;
  count: number;
  onChange: (changes: Partial<StepDocument>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function StepCard({ step, index, count, onChange, onMove, onRemove }: StepCardProps) {
  const t = useEditorTexts();
  const { readOnly } = useForm();
  const list = useId();
  const base = `/steps/${index}`;
  const called = step.name === '' ? t.stepOf(index + 1) : step.name;
  const spokes = (useQuery(spokesQuery).data ?? []).filter((spoke) => takesDeliveries(spoke) || spoke.name === step.to);
  const spoke = spokes.find(({ name }) => name === step.to);
  const kind = useQuery({ ...kindQuery(spoke?.kind ?? ''), enabled: spoke !== undefined }).data ?? null;
  const operations = spoke === undefined ? [] : operationsOf(spoke, kind);
  const chosen =
    step.operation === '' ? (operations.length === 1 ? operations[0] : undefined) : operations.find(({ name }) => name === step.operation);
  const [nameWrong, toWrong, operationWrong] = [
    useProblemAt(`${base}/name`),
    useProblemAt(`${base}/to`),
    useProblemAt(`${base}/operation`),
  ];
  return (
    <fieldset
      id={step.id}
      className={styles['card']}
      onKeyDown={(event) => {
        if (!event.altKey || readOnly || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        onMove(event.key === 'ArrowUp' ? -1 : 1);
      }}
    >
      <legend className="visually-hidden">{`${t.stepOf(index + 1)}: ${step.name}`}</legend>
      <div className={styles['cardHead']}>
        <span className={styles['place']} aria-hidden>
          {index + 1}
        </span>
        <strong className={styles['cardName']}>{called}</strong>
        {readOnly ? null : (
          <>
            <IconButton
              label={t.up(called)}
              icon={<ArrowUp aria-hidden />}
              size="small"
              disabledReason={index === 0 ? t.first : null}
              onClick={() => onMove(-1)}
            />
            <IconButton
              label={t.down(called)}
              icon={<ArrowDown aria-hidden />}
              size="small"
              disabledReason={index === count - 1 ? t.last : null}
              onClick={() => onMove(1)}
            />
            <IconButton
              label={t.remove(called)}
              icon={<Trash2 aria-hidden />}
              size="small"
              disabledReason={count === 1 ? t.onlyStep : null}
              onClick={onRemove}
            />
          </>
        )}
      </div>
      <div className={styles['row']}>
        <Field label={t.stepName} error={nameWrong}>
          <TextInput
            value={step.name}
            readOnly={readOnly}
            onValue={(name) => onChange({ name })}
            autoComplete="off"
            spellCheck={false}
            maxLength={63}
          />
        </Field>
        <Field label={t.to} error={toWrong}>
          <Select
            value={step.to}
            disabled={readOnly}
            onValue={(to) => onChange({ to, operation: '' })}
            options={[
              { value: '', label: t.choose },
              ...(spoke === undefined && step.to !== '' ? [{ value: step.to, label: step.to }] : []),
              ...spokes.map(({ name, title }) => ({ value: name, label: title === name ? name : `${title} (${name})` })),
            ]}
          />
        </Field>
        <Field label={t.operation} error={operationWrong} optional={operations.length === 1}>
          <TextInput
            value={step.operation}
            readOnly={readOnly}
            onValue={(operation) => onChange({ operation })}
            list={list}
            className="mono"
            autoComplete="off"
            spellCheck={false}
            placeholder={operations.length === 1 ? `${operations[0]?.name}` : ''}
          />
        </Field>
        <datalist id={list}>
          {operations.map(({ name, title }) => (
            <option key={name} value={name}>
              {title === name ? undefined : title}
            </option>
          ))}
        </datalist>
      </div>
      {chosen === undefined ? null : <Repeatable operation={chosen} />}
      <ExpressionField
        {...{ label: t.input, help: t.inputHelp, of: called, path: `${base}/input`, value: step.input, stepsBefore: index }}
        placeholder={t.inputPlaceholder}
        onValue={(input) => onChange({ input })}
      />
      {readOnly && !step.atMostOnce ? null : (
        <Checkbox
          label={t.atMostOnce}
          help={t.atMostOnceHelp}
          checked={step.atMostOnce}
          onChecked={(atMostOnce) => readOnly || onChange({ atMostOnce })}
        />
      )}
    </fieldset>
  );
}

/** Whether the operation can be asked twice. */
function Repeatable({ operation }: { operation: SpokeOperation }) {
  const t = useEditorTexts();
  const { idempotent, method, summary } = operation;
  return (
    <p className={styles['help']}>
      {method === null && summary === null ? null : (
        <>
          <code>{[method, summary].filter((one) => one !== null).join(' ')}</code>{' '}
        </>
      )}
      {idempotent === null ? t.idempotentUnknown(method ?? '') : t.idempotent[idempotent]}
    </p>
  );
}
