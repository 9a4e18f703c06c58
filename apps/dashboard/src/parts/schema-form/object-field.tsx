/** An object: what it needs first, what is rarely used under "More settings", whole parts added when wanted. */
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../button.tsx';
import { fieldOf } from './field-kind.ts';
import { fieldLabel } from './field-label.ts';
import { firstValue, withField } from './first-value.ts';
import { Fold } from './fold.tsx';
import { useForm } from './form-context.tsx';
import { Group } from './group.tsx';
import { NestedField } from './nested-field.tsx';
import { joinPointer } from './pointer.ts';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import { ownValue, propertiesOf, requiredOf, textOf } from './schema-shape.ts';
import type { SimpleProps } from './simple-fields.tsx';
import { splitFields } from './split-fields.ts';

export interface ObjectProps extends SimpleProps {
  /** A field that is shown elsewhere, such as the one that chooses the variant. */
  without?: string;
}

export function ObjectField({ schema, label, pointer, value, onChange, depth, bare, without }: ObjectProps) {
  const t = useFormTexts();
  const form = useForm();
  // Decided once: fields must not move while somebody writes into them.
  const [{ main, more }] = useState(() => splitFields(schema, value, without));
  const one = (name: string) => (
    <ObjectPart
      key={name}
      name={name}
      schema={propertiesOf(schema)[name]}
      pointer={joinPointer(pointer, name)}
      value={ownValue(value, name)}
      onChange={(field) => onChange(withField(value, name, field))}
      required={requiredOf(schema).has(name)}
      depth={depth + 1}
    />
  );
  return (
    <Group label={label} help={textOf(schema, 'description')} pointer={pointer} plain={depth === 0} bare={bare ?? false}>
      {main.map(one)}
      {more.length === 0 ? null : (
        <Fold
          className={styles['more']}
          open={more.some((name) => form.hasErrorIn(joinPointer(pointer, name)))}
          summary={t.more(more.length)}
        >
          {more.map(one)}
        </Fold>
      )}
    </Group>
  );
}

/** Objects that may be left out are added as a whole, and removed as a whole. */
function ObjectPart(props: Omit<SimpleProps, 'schema' | 'label'> & { schema: unknown }) {
  const t = useFormTexts();
  const { kind, schema } = fieldOf(props.schema);
  const label = fieldLabel(props.name, schema);
  const whole = kind.kind === 'object' || kind.kind === 'variants' || kind.kind === 'shapes';
  if (!whole || props.required) return <NestedField {...props} />;
  if (props.value === undefined || props.value === null) {
    return (
      <div className={styles['absent']}>
        <Button size="small" icon={<Plus aria-hidden />} onClick={() => props.onChange(firstValue(props.schema) ?? {})}>
          {t.add(label)}
        </Button>
        <span className={styles['help']}>{textOf(schema, 'description')}</span>
      </div>
    );
  }
  return (
    <div className={styles['present']}>
      <NestedField {...props} />
      <span className={styles['corner']}>
        <IconButton size="small" label={t.remove(label)} icon={<Trash2 aria-hidden />} onClick={() => props.onChange(undefined)} />
      </span>
    </div>
  );
}
