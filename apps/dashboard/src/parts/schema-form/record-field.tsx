/** Things by name, such as operations or headers: a row or a foldable part for each, and a name to add the next. */
import { Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '../button.tsx';
import { NameInput, NewName } from './entry-name.tsx';
import { fieldOf } from './field-kind.ts';
import { firstValue, withField } from './first-value.ts';
import { Fold } from './fold.tsx';
import { useForm } from './form-context.tsx';
import { Group } from './group.tsx';
import { isSmall } from './is-small.ts';
import { NestedField } from './nested-field.tsx';
import { joinPointer } from './pointer.ts';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import { isJsonObject, type JsonObject, textOf } from './schema-shape.ts';
import type { SimpleProps } from './simple-fields.tsx';

export interface RecordProps extends SimpleProps {
  valueSchema: JsonObject;
  /** What names have to match. */
  pattern: string | null;
}

export function RecordField({ schema, label, pointer, value, onChange, required, depth, bare, valueSchema, pattern }: RecordProps) {
  const t = useFormTexts();
  const form = useForm();
  const entries = isJsonObject(value) ? value : {};
  const [added, setAdded] = useState<string | null>(null);
  const adder = useRef<HTMLInputElement>(null);
  const small = isSmall(fieldOf(valueSchema).kind.kind);
  const set = (name: string, field: unknown) => onChange(withField(entries, name, field));
  const remove = (name: string) => {
    const next = withField(entries, name, undefined);
    onChange(Object.keys(next).length === 0 && !required ? undefined : next);
    adder.current?.focus();
  };
  const names = Object.keys(entries);
  return (
    <Group label={label} help={textOf(schema, 'description')} pointer={pointer} plain={depth === 0} bare={bare ?? false}>
      {names.map((name) => {
        const at = joinPointer(pointer, name);
        const button = <IconButton size="small" label={t.remove(name)} icon={<Trash2 aria-hidden />} onClick={() => remove(name)} />;
        const field = (
          <NestedField
            schema={valueSchema}
            name={name}
            label={name}
            pointer={at}
            value={entries[name]}
            // An emptied row stays until it is removed.
            onChange={(next) => set(name, next === undefined && small ? '' : (next ?? {}))}
            required
            depth={depth + 1}
            bare
          />
        );
        if (small) {
          return (
            <div key={name} className={styles['row']}>
              <NameInput name={name} taken={names} pattern={pattern} onName={(next) => onChange(renamed(entries, name, next))} />
              {field}
              {button}
            </div>
          );
        }
        return (
          <Fold
            key={name}
            className={styles['entry']}
            open={name === added || form.hasErrorIn(at)}
            summary={
              <>
                <span className="mono">{name}</span>
                {isJsonObject(entries[name]) && typeof entries[name]['title'] === 'string' ? (
                  <span className="soft"> {entries[name]['title']}</span>
                ) : null}
              </>
            }
          >
            <div className={styles['row']}>
              <NameInput
                name={name}
                taken={names}
                pattern={pattern}
                onName={(next) => {
                  setAdded(next);
                  onChange(renamed(entries, name, next));
                }}
              />
              {button}
            </div>
            {field}
          </Fold>
        );
      })}
      {names.length === 0 ? <p className={styles['help']}>{t.none}</p> : null}
      <NewName
        input={adder}
        label={t.nameOf(label)}
        taken={names}
        pattern={pattern}
        onName={(name) => {
          setAdded(name);
          set(name, firstValue(valueSchema) ?? (small ? '' : {}));
        }}
      />
    </Group>
  );
}

function renamed(entries: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name === from ? to : name, value]));
}
