/** A form made from a JSON Schema: inputs, help, checks while writing, and the server's problems where they belong. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Completion } from '../code-editor/code-editor.tsx';
import { FormContext, type FormState } from './form-context.tsx';
import { NestedFieldContext } from './nested-field.tsx';
import { isInside, stepBelow } from './pointer.ts';
import { SchemaField } from './schema-field.tsx';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import { type SchemaProblem, validateSchema } from './validate.ts';

export type { SchemaProblem } from './validate.ts';

export interface SchemaFormProps {
  /** As TypeBox writes it. */
  schema: unknown;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What the server said, by JSON Pointer from the root of what was sent. */
  errors?: readonly { path: string; message: string }[] | undefined;
  /** Where the value is in what is sent: `/config`. */
  basePath?: string;
  /** Whether a secret is stored at a pointer. Default: where the value says `"set": true` beside it. */
  secretsSet?: (pointer: string) => boolean;
  disabled?: boolean;
  /** Shows all problems, also of fields nobody has been at: after somebody tried to save. */
  showProblems?: boolean;
  /** Told whenever what is wrong changes; nothing should be saved while the list is not empty. */
  onProblems?: (problems: readonly SchemaProblem[]) => void;
  /** Completion of expressions: which field, and what is written. */
  complete?: (pointer: string, prefix: string) => Promise<readonly Completion[]> | readonly Completion[];
  /** Read out as its name. */
  label: string;
}

const NO_ERRORS: NonNullable<SchemaFormProps['errors']> = [];

export function SchemaForm(props: SchemaFormProps) {
  const {
    schema,
    value,
    onChange,
    errors = NO_ERRORS,
    basePath = '',
    secretsSet,
    disabled = false,
    showProblems = false,
    onProblems,
    complete,
    label,
  } = props;
  const t = useFormTexts();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [drafts, setDrafts] = useState<ReadonlySet<string>>(new Set());
  const stored = useMemo(() => secretsSet ?? storedIn(value, basePath), [secretsSet, value, basePath]);
  const problems = useMemo(
    () => [
      ...[...drafts].map((path): SchemaProblem => ({ path, rule: 'draft' })),
      ...validateSchema(schema, value, { base: basePath, secretsSet: stored }),
    ],
    [schema, value, basePath, stored, drafts],
  );
  useEffect(() => onProblems?.(problems), [onProblems, problems]);
  const draft = useCallback((pointer: string, broken: boolean) => setDrafts((before) => changed(before, pointer, broken)), []);
  const form = useMemo((): FormState => {
    const shown = problems.filter(
      ({ path, rule }) => showProblems || rule === 'draft' || [...touched].some((pointer) => isInside(path, pointer)),
    );
    const told = [...errors, ...shown.map((problem) => ({ path: problem.path, message: t.problem(problem) }))];
    return {
      errorAt: (pointer, below = false) => told.find(({ path }) => (below ? isInside(path, pointer) : path === pointer))?.message ?? null,
      hasErrorIn: (pointer) => told.some(({ path }) => isInside(path, pointer)),
      draft,
      secretSet: stored,
      disabled,
      complete,
    };
  }, [problems, showProblems, touched, errors, t, draft, stored, disabled, complete]);
  return (
    <FormContext value={form}>
      <NestedFieldContext value={SchemaField}>
        <fieldset
          className={styles['form']}
          disabled={disabled}
          aria-label={label}
          onBlur={(event) => {
            const left = event.target.closest('[data-pointer]')?.getAttribute('data-pointer') ?? null;
            // From now on what is wrong there is told.
            if (left !== null) setTouched((before) => changed(before, left, true));
          }}
        >
          <SchemaField schema={schema} name="" label={label} pointer={basePath} value={value} onChange={onChange} required depth={0} />
        </fieldset>
      </NestedFieldContext>
    </FormContext>
  );
}

function changed(before: ReadonlySet<string>, pointer: string, there: boolean): ReadonlySet<string> {
  if (before.has(pointer) === there) return before;
  const after = new Set(before);
  if (there) after.add(pointer);
  else after.delete(pointer);
  return after;
}

/** Reads of the API say `"set": true` on the object that holds a secret. */
function storedIn(value: unknown, base: string): (pointer: string) => boolean {
  return (pointer) => {
    let at = value;
    let path = base;
    for (let step = stepBelow(pointer, path); step !== null; step = stepBelow(pointer, path)) {
      if (typeof at !== 'object' || at === null) return false;
      const next: unknown = Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined;
      const below = `${path}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (below === pointer) return saysSet(at) || saysSet(next);
      at = next;
      path = below;
    }
    return false;
  };
}

function saysSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'set') && Reflect.get(value, 'set') === true;
}
