/** Any value, as JSON: for what has no better input. */
import { useEffect, useState } from 'react';
import { CodeEditor } from '../code-editor/code-editor.tsx';
import { EditorFrame } from './field-frame.tsx';
import { helpOf } from './field-help.ts';
import { useForm } from './form-context.tsx';
import { useFormTexts } from './schema-form-texts.ts';
import type { SimpleProps } from './simple-fields.tsx';

export function JsonField({ schema, label, pointer, value, onChange, required, bare }: SimpleProps) {
  const t = useFormTexts();
  const form = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  const written = draft === null ? undefined : parsed(draft);
  // What came from outside wins over a draft that says something else, unless the draft is only half written.
  const shown =
    draft !== null && (written === undefined || JSON.stringify(written.value) === JSON.stringify(value)) ? draft : pretty(value);
  const broken = shown === draft && written === undefined;
  const { draft: tell } = form;
  useEffect(() => {
    tell(pointer, broken);
    return () => tell(pointer, false);
  }, [tell, pointer, broken]);
  return (
    <EditorFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare} below>
      {(describedBy, invalid) => (
        <CodeEditor
          language="json"
          label={label}
          value={shown}
          minHeight={72}
          maxHeight={360}
          describedBy={describedBy}
          invalid={invalid}
          onChange={
            form.disabled
              ? undefined
              : (text) => {
                  setDraft(text);
                  const next = parsed(text);
                  if (next !== undefined) onChange(next.value);
                }
          }
        />
      )}
    </EditorFrame>
  );
}

/** Undefined: no JSON. Nothing written is no value. */
function parsed(text: string): { value: unknown } | undefined {
  if (text.trim() === '') return { value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

function pretty(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}
