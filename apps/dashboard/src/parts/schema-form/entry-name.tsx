/** Names of entries: of those that are there, and of the next one. */
import { Plus } from 'lucide-react';
import { type RefObject, useId, useState } from 'react';
import { Button } from '../button.tsx';
import { TextInput } from '../field.tsx';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import { regExpOf } from './schema-shape.ts';

interface NameProps {
  taken: readonly string[];
  pattern: string | null;
  onName: (name: string) => void;
}

/** Takes effect when it is left, so that nothing moves while it is written. */
export function NameInput({ name, taken, pattern, onName }: NameProps & { name: string }) {
  const t = useFormTexts();
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = draft === null || draft === name ? null : nameProblem(draft, taken, pattern, t);
  const done = () => {
    if (draft !== null && draft !== name && draft !== '' && wrong === null) onName(draft);
    setDraft(null);
  };
  return (
    <div className={styles['name']}>
      <TextInput
        className="mono"
        aria-label={t.rename(name)}
        aria-invalid={wrong === null ? undefined : true}
        value={draft ?? name}
        onValue={setDraft}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
        }}
      />
      {wrong === null ? null : <span className={styles['error']}>{wrong}</span>}
    </div>
  );
}

export function NewName({
  taken,
  pattern,
  onName,
  label,
  input,
}: NameProps & { label: string; input: RefObject<HTMLInputElement | null> }) {
  const t = useFormTexts();
  const id = useId();
  const [draft, setDraft] = useState('');
  const wrong = draft === '' ? null : nameProblem(draft, taken, pattern, t);
  const add = () => {
    if (draft === '') input.current?.focus();
    if (draft === '' || wrong !== null) return;
    onName(draft);
    setDraft('');
  };
  return (
    <div className={styles['row']}>
      <div className={styles['name']}>
        <TextInput
          ref={input}
          className="mono"
          aria-label={label}
          placeholder={t.newName}
          value={draft}
          onValue={setDraft}
          aria-invalid={wrong === null ? undefined : true}
          aria-describedby={wrong === null ? undefined : id}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        {wrong === null ? null : (
          <span className={styles['error']} id={id} role="alert">
            {wrong}
          </span>
        )}
      </div>
      <Button icon={<Plus aria-hidden />} onClick={add}>
        {t.addItem}
      </Button>
    </div>
  );
}

function nameProblem(name: string, taken: readonly string[], pattern: string | null, t: ReturnType<typeof useFormTexts>): string | null {
  if (taken.includes(name)) return t.nameTaken;
  return pattern !== null && regExpOf(pattern)?.test(name) === false ? t.nameWrong(pattern) : null;
}
