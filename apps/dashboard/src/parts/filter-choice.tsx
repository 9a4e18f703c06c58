/** A choice of a filter bar: boxes in a popover, with a search when there are many. */
import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button } from './button.tsx';
import { TextInput } from './field.tsx';
import styles from './filter-bar.module.css';
import { useFilterTexts } from './filter-texts.ts';
import { type FilterOption, matchingOptions } from './filter-value.ts';
import { Popover } from './popover.tsx';

/** More than these are searched. */
const SEEN_MAX = 8;

export interface FilterChoiceProps {
  label: string;
  options: readonly FilterOption[];
  single: boolean;
  chosen: readonly string[];
  onChosen: (chosen: string[]) => void;
}

export function FilterChoice({ label, options, single, chosen, onChosen }: FilterChoiceProps) {
  const t = useFilterTexts();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const shown = matchingOptions(options, text);
  const toggle = (value: string) => {
    if (single) {
      onChosen(chosen.includes(value) ? [] : [value]);
      setOpen(false);
    } else onChosen(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  return (
    <Popover
      label={label}
      open={open}
      onOpen={(next) => {
        setOpen(next);
        setText('');
      }}
      width={260}
      trigger={
        <Button className={styles['trigger']} data-filled={chosen.length > 0 || undefined}>
          {label}
          {chosen.length === 0 ? null : <span className={styles['count']}>{chosen.length}</span>}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      {options.length > SEEN_MAX ? (
        <TextInput value={text} onValue={setText} onKeyDown={byArrows} aria-label={t.find} placeholder={t.find} />
      ) : null}
      {/** biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen */}
      <div role="group" aria-label={label} className={styles['options']} onKeyDown={byArrows}>
        {shown.map(({ value, label: words, show }) => (
          <label key={value} className={styles['option']}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} aria-label={words} />
            {show ?? <span>{words}</span>}
          </label>
        ))}
        {shown.length === 0 ? <p className="soft">{t.none}</p> : null}
      </div>
    </Popover>
  );
}

/** Arrows go from box to box. */
function byArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const list = event.currentTarget.parentElement;
  const boxes = [...(list?.querySelectorAll<HTMLInputElement>('input[type="checkbox"]') ?? [])];
  const at = boxes.findIndex((box) => box.matches(':focus'));
  event.preventDefault();
  boxes[Math.min(boxes.length - 1, Math.max(0, at + step))]?.focus();
}
