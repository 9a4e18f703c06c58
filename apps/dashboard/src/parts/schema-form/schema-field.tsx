/** One field of a generated form: the input that fits its schema. */
import { ArrayField } from './array-field.tsx';
import { fieldOf } from './field-kind.ts';
import { fieldLabel } from './field-label.ts';
import type { FieldProps } from './form-context.tsx';
import { JsonField } from './json-field.tsx';
import { ObjectField } from './object-field.tsx';
import { RecordField } from './record-field.tsx';
import { SecretField } from './secret-field.tsx';
import { BooleanField, ChoiceField, ChoicesField, ExpressionField, NumberField, TextField } from './simple-fields.tsx';
import { ShapesField, VariantsField } from './union-fields.tsx';

export function SchemaField(props: FieldProps) {
  const { kind, schema, nullable } = fieldOf(props.schema);
  const own = {
    ...props,
    schema,
    label: props.label ?? fieldLabel(props.name, schema),
    // Cleared: left out, or null where it has to be there. Of secrets null means something else.
    onChange: (value: unknown) => props.onChange(value === undefined && nullable && props.required ? null : value),
  };
  switch (kind.kind) {
    case 'text':
      return <TextField {...own} multiline={kind.multiline} />;
    case 'expression':
      return <ExpressionField {...own} />;
    case 'secret':
      return <SecretField {...own} onChange={props.onChange} multiline={kind.multiline} />;
    case 'number':
      return <NumberField {...own} integer={kind.integer} />;
    case 'boolean':
      return <BooleanField {...own} />;
    case 'choice':
      return <ChoiceField {...own} values={kind.values} />;
    case 'choices':
      return <ChoicesField {...own} values={kind.values} />;
    case 'object':
      return <ObjectField {...own} />;
    case 'record':
      return <RecordField {...own} valueSchema={kind.value} pattern={kind.pattern} />;
    case 'array':
      return <ArrayField {...own} items={kind.items} />;
    case 'variants':
      return <VariantsField {...own} discriminator={kind.discriminator} variants={kind.variants} />;
    case 'shapes':
      return <ShapesField {...own} shapes={kind.shapes} />;
    case 'json':
      return <JsonField {...own} />;
  }
}
