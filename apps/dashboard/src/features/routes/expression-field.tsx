/** A JSONata expression of a form: label, help, completion of the sample's paths, and what is wrong with it, where. */
import { type ReactNode, useId, useMemo } from 'react';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { matchingPaths } from './complete-paths.ts';
import styles from './editor.module.css';
import { useEditorTexts } from './editor-texts.ts';
import { problemsAt, useForm } from './form-context.ts';

export interface ExpressionFieldProps {
  label: string;
  help?: ReactNode;
  /** JSON Pointer of the field. */
  path: string;
  value: string;
  onValue: (value: string) => void;
  /** So many steps are earlier ones, whose answers it can use. */
  stepsBefore: number;
  /** As an input of one line that grows. */
  compact?: boolean;
  /** Read out with the label, where several fields have the same. */
  of?: string;
  placeholder?: string;
}

const HEIGHT_MAX = 360;

export function ExpressionField(props: ExpressionFieldProps) {
  const { label, help, path, value, onValue, stepsBefore, compact = false, of, placeholder } = props;
  const t = useEditorTexts();
  const { problems, pathsBefore, readOnly } = useForm();
  const id = useId();
  const own = useMemo(() => problemsAt(problems, path), [problems, path]);
  const marks = useMemo(
    () =>
      own.map(({ message, position }) => (position === null ? { message } : { from: Math.max(0, position - 1), to: position, message })),
    [own],
  );
  return (
    <div className={styles['expression']}>
      <span className={styles['label']}>{label}</span>
      <CodeEditor
        value={value}
        onChange={onValue}
        readOnly={readOnly}
        language="jsonata"
        label={of === undefined ? label : `${label}: ${of}`}
        describedBy={`${id}-said`}
        invalid={own.length > 0}
        problems={marks}
        complete={(prefix) => matchingPaths(pathsBefore(stepsBefore), prefix)}
        compact={compact}
        {...(compact ? {} : { minHeight: 96 })}
        maxHeight={HEIGHT_MAX}
        placeholder={placeholder}
      />
      <div id={`${id}-said`}>
        {own.length === 0 ? null : (
          <div role="alert">
            <ul className={styles['wrong']}>
              {own.map(({ message, position }) => (
                <li key={`${message} ${position}`}>
                  {message}
                  {position === null || /position \d/.test(message) ? '' : ` (${t.at(position)})`}
                </li>
              ))}
            </ul>
          </div>
        )}
        {help === undefined ? null : <div className={styles['help']}>{help}</div>}
      </div>
    </div>
  );
}
