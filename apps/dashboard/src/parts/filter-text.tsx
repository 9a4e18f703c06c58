/** A text of a filter bar: it narrows the list a moment after the last key, or at once with Enter. */
import { Search, X } from 'lucide-react';
import { type CSSProperties, type Ref, useEffect, useEffectEvent, useRef, useState } from 'react';
import { TextInput } from './field.tsx';
import styles from './filter-bar.module.css';
import { useFilterTexts } from './filter-texts.ts';

const SETTLED_MS = 250;

export interface FilterTextProps {
  label: string;
  placeholder: string | undefined;
  width: number;
  value: string;
  onValue: (value: string) => void;
  input: Ref<HTMLInputElement> | null;
}

export function FilterText({ label, placeholder, width, value, onValue, input }: FilterTextProps) {
  const t = useFilterTexts();
  const [draft, setDraft] = useState(value);
  const sent = useRef(value);
  const send = useEffectEvent((text: string) => {
    if (text === sent.current) return;
    sent.current = text;
    onValue(text);
  });
  useEffect(() => {
    // Changed elsewhere: by a view, by going back.
    if (value === sent.current) return;
    sent.current = value;
    setDraft(value);
  }, [value]);
  useEffect(() => {
    const timer = window.setTimeout(() => send(draft.trim()), SETTLED_MS);
    return () => window.clearTimeout(timer);
  }, [draft]);
  const now = (text: string) => {
    setDraft(text);
    if (text.trim() === sent.current) return;
    sent.current = text.trim();
    onValue(sent.current);
  };
  const style: CSSProperties & Record<'--text-width', string> = { '--text-width': `${width}px` };
  return (
    <div className={styles['text']} style={style}>
      <Search aria-hidden />
      <TextInput
        ref={input}
        type="text"
        value={draft}
        onValue={setDraft}
        aria-label={label}
        placeholder={placeholder ?? label}
        maxLength={500}
        autoComplete="off"
        spellCheck={false}
        onKeyDown={(event) => {
          if (event.key === 'Enter') now(draft);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {draft === '' ? null : (
        <button type="button" className={styles['clearText']} aria-label={t.clear(label)} onClick={() => now('')}>
          <X aria-hidden />
        </button>
      )}
    </div>
  );
}
