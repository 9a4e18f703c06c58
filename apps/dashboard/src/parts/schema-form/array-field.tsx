/** A list: rows for simple things, framed parts for others; added, removed, moved by buttons. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { Button, IconButton } from '../button.tsx';
import { fieldOf } from './field-kind.ts';
import { firstValue } from './first-value.ts';
import { Group } from './group.tsx';
import { isSmall } from './is-small.ts';
import { NestedField } from './nested-field.tsx';
import { joinPointer } from './pointer.ts';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import { type JsonObject, textOf } from './schema-shape.ts';
import type { SimpleProps } from './simple-fields.tsx';

export function ArrayField({ schema, label, pointer, value, onChange, required, depth, bare, items }: SimpleProps & { items: JsonObject }) {
  const t = useFormTexts();
  const adder = useRef<HTMLButtonElement>(null);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const small = isSmall(fieldOf(items).kind.kind);
  const change = (next: readonly unknown[]) => onChange(next.length === 0 && !required ? undefined : next);
  const move = (from: number, to: number) => {
    const next = [...list];
    const [item] = next.splice(from, 1);
    next.splice(to, 0, item);
    change(next);
  };
  return (
    <Group label={label} help={textOf(schema, 'description')} pointer={pointer} plain={depth === 0} bare={bare ?? false}>
      {list.map((item, index) => {
        const name = t.item(index + 1);
        const buttons = (
          <span className={styles['buttons']}>
            {index === 0 ? null : (
              <IconButton size="small" label={t.up(name)} icon={<ArrowUp aria-hidden />} onClick={() => move(index, index - 1)} />
            )}
            {index === list.length - 1 ? null : (
              <IconButton size="small" label={t.down(name)} icon={<ArrowDown aria-hidden />} onClick={() => move(index, index + 1)} />
            )}
            <IconButton
              size="small"
              label={t.remove(name)}
              icon={<Trash2 aria-hidden />}
              onClick={() => {
                change(list.filter((_, at) => at !== index));
                adder.current?.focus();
              }}
            />
          </span>
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no names; inputs show what the value says
          <div key={index} className={small ? styles['row'] : styles['card']}>
            <NestedField
              schema={items}
              name={name}
              label={name}
              pointer={joinPointer(pointer, index)}
              value={item}
              onChange={(next) => change(list.map((each, at) => (at === index ? (next ?? (small ? '' : {})) : each)))}
              required
              depth={depth + 1}
              bare={small}
            />
            {buttons}
          </div>
        );
      })}
      <div>
        <Button
          ref={adder}
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() => change([...list, firstValue(items) ?? (small ? '' : {})])}
        >
          {t.addItem}
        </Button>
      </div>
    </Group>
  );
}
