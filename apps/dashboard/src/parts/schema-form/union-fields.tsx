/** Values that come in several forms: told apart by a field, or by what they are. */
import { Select } from '../field.tsx';
import { FieldFrame } from './field-frame.tsx';
import { fieldOf, type Variant } from './field-kind.ts';
import { fieldLabel } from './field-label.ts';
import { firstValue, firstVariant } from './first-value.ts';
import { Group } from './group.tsx';
import { NestedField } from './nested-field.tsx';
import { ObjectField } from './object-field.tsx';
import { joinPointer } from './pointer.ts';
import { useFormTexts } from './schema-form-texts.ts';
import { isJsonObject, type JsonObject, ownValue, textOf } from './schema-shape.ts';
import { type SimpleProps, variantLabel } from './simple-fields.tsx';
import { validateSchema } from './validate.ts';

/** The literal field becomes a choice; the fields below are those of the chosen one. */
export function VariantsField({
  discriminator,
  variants,
  ...props
}: SimpleProps & { discriminator: string; variants: readonly Variant[] }) {
  const t = useFormTexts();
  const { schema, label, pointer, value, onChange, depth, bare } = props;
  const chosen = variants.findIndex((variant) => variant.value === ownValue(value, discriminator));
  const variant = variants[chosen];
  const options = [
    ...(chosen === -1 ? [{ value: '-1', label: t.choose }] : []),
    ...variants.map((each, index) => ({ value: String(index), label: variantLabel(each.title, each.value) })),
  ];
  const choose = (index: number) => {
    const next = variants[index];
    if (next !== undefined) onChange(firstVariant(discriminator, next.value, next.schema, isJsonObject(value) ? value : {}));
  };
  return (
    <Group label={label} help={textOf(schema, 'description')} pointer={pointer} plain={depth === 0} bare={bare ?? false}>
      <FieldFrame
        label={fieldLabel(discriminator)}
        help={variant === undefined ? null : textOf(variant.schema, 'description')}
        pointer={joinPointer(pointer, discriminator)}
        required
      >
        <Select options={options} value={String(chosen)} onValue={(next) => choose(Number(next))} />
      </FieldFrame>
      {variant === undefined ? null : <ObjectField {...props} key={chosen} schema={variant.schema} bare without={discriminator} />}
    </Group>
  );
}

/** A text or a list, one or several: first which, then the value. */
export function ShapesField({ shapes, ...props }: SimpleProps & { shapes: readonly JsonObject[] }) {
  const t = useFormTexts();
  const { schema, label, pointer, value, onChange, depth, bare } = props;
  const chosen = shapeOf(shapes, value);
  const shape = shapes[chosen];
  const options = [
    ...(shape === undefined ? [{ value: '-1', label: t.choose }] : []),
    ...shapes.map((each, index) => ({ value: String(index), label: shapeLabel(each, t) })),
  ];
  return (
    <Group label={label} help={textOf(schema, 'description')} pointer={pointer} plain={depth === 0} bare={bare ?? false}>
      <FieldFrame label={t.form} help={null} pointer={`${pointer}#`} required>
        <Select options={options} value={String(chosen)} onValue={(next) => onChange(firstOf(shapes[Number(next)]))} />
      </FieldFrame>
      {shape === undefined ? null : <NestedField {...props} key={chosen} schema={shape} label={label} bare />}
    </Group>
  );
}

/** The one the value fits, else the first of its type. */
function shapeOf(shapes: readonly JsonObject[], value: unknown): number {
  if (value === undefined || value === null) return -1;
  const fitting = shapes.findIndex((shape) => validateSchema(shape, value).length === 0);
  return fitting === -1
    ? shapes.findIndex((shape) => shape['type'] === undefined || validateSchema({ type: shape['type'] }, value).length === 0)
    : fitting;
}

/** What the value is tells its form: it must be there from the start. */
function firstOf(shape: JsonObject | undefined): unknown {
  const first = firstValue(shape);
  if (first !== undefined || shape === undefined) return first;
  return shape['type'] === 'number' || shape['type'] === 'integer' ? 0 : '';
}

function shapeLabel(shape: JsonObject, t: ReturnType<typeof useFormTexts>): string {
  const title = textOf(shape, 'title');
  if (title !== null) return title;
  const { kind } = fieldOf(shape);
  if (kind.kind === 'expression') return t.shapes.expression;
  const words = new Map<unknown, string>(Object.entries(t.shapes));
  return words.get(shape['type']) ?? t.shapes.json;
}
