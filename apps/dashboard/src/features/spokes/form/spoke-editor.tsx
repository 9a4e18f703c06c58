/** The form of a spoke and its text view, with the bar that saves. */
import type { Kind } from '@nave/api-schema';
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from 'react';
import { Button } from '../../../parts/button.tsx';
import { ErrorNote } from '../../../parts/error-note.tsx';
import { focusWrong } from '../../../parts/focus-wrong.ts';
import { Skeleton } from '../../../parts/skeleton.tsx';
import { useFormWords } from './form-texts.ts';
import styles from './spoke-form.module.css';
import { SpokeForm } from './spoke-form.tsx';
import type { TextLanguage } from './text-view.tsx';
import type { SpokeDraft } from './use-draft.ts';

const TextView = lazy(() => import('./text-view.tsx'));

export interface SpokeEditorProps {
  kind: Kind;
  draft: SpokeDraft;
  /** Only to be read. */
  disabled?: boolean;
  /** Verb and object. */
  saveLabel: string;
  saving: boolean;
  /** What no field shows. */
  error: Error | null;
  onSave: () => void;
  /** Nothing can be saved yet, and why. */
  saveReason?: string | null;
  /** More buttons of the bar. */
  actions?: ReactNode;
  /** What is wrong beside the document, such as with a name. */
  wrong?: number;
  /** Above the form. */
  children?: ReactNode;
}

export function SpokeEditor(props: SpokeEditorProps) {
  const { kind, draft, disabled = false, saveLabel, saving, error, onSave, saveReason = null, actions, wrong = 0, children } = props;
  const t = useFormWords();
  const [view, setView] = useState<'form' | TextLanguage>('form');
  const [broken, setBroken] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const onBroken = useCallback((next: boolean) => setBroken(next), []);
  const count = draft.problems.length + wrong;
  const save = () => {
    const mark = () => draft.setTried(true);
    if (count > 0 || broken) focusWrong(mark, frame.current);
    else {
      mark();
      onSave();
    }
  };
  const views = [
    { value: 'form' as const, label: t.form },
    { value: 'yaml' as const, label: t.yaml },
    { value: 'json' as const, label: t.json },
  ];
  return (
    <div ref={frame} className={styles['form']}>
      {children}
      <fieldset className={styles['views']} style={{ alignSelf: 'flex-start', margin: 0 }} aria-label={t.view}>
        {views.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            aria-pressed={view === value}
            aria-disabled={broken || undefined}
            onClick={() => {
              if (!broken) setView(value);
            }}
          >
            {label}
          </button>
        ))}
      </fieldset>
      {view === 'form' ? (
        <SpokeForm kind={kind} draft={draft} disabled={disabled} />
      ) : (
        <Suspense fallback={<Skeleton height={320} />}>
          <TextView
            key={view}
            language={view}
            document={draft.document}
            onChange={draft.change}
            onBroken={onBroken}
            errors={draft.errors}
            readOnly={disabled}
          />
        </Suspense>
      )}
      {error === null ? null : <ErrorNote error={error} />}
      <div className={styles['bar']}>
        <span className={styles['said']} role="status">
          {draft.tried && count + draft.errors.length > 0 ? t.problems(count + draft.errors.length) : draft.dirty ? t.unsaved : ''}
        </span>
        {actions}
        <Button tone="primary" needs="admin" busy={saving} disabledReason={saveReason} onClick={save}>
          {saveLabel}
        </Button>
      </div>
    </div>
  );
}
