/** A choice of a few, all seen at once; arrow keys move in it as in any group of radio buttons. */
import { useId } from 'react';
import styles from './choice-bar.module.css';

export interface ChoiceBarProps<Value extends string> {
  label: string;
  /** `title` is read out in place of a short label. */
  options: readonly { value: Value; label: string; title?: string }[];
  value: string;
  onValue: (value: Value) => void;
}

export function ChoiceBar<Value extends string>({ label, options, value, onValue }: ChoiceBarProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles['bar']} aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles['choice']} title={option.title}>
          <input
            type="radio"
            name={name}
            checked={value === option.value}
            onChange={() => onValue(option.value)}
            {...(option.title === undefined ? {} : { 'aria-label': option.title })}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
