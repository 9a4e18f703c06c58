/** A part of the form of a spoke: tells the draft what is wrong in it, and nothing any more when it is gone. */
import { useEffect } from 'react';
import { SchemaForm, type SchemaFormProps } from '../../../parts/schema-form/schema-form.tsx';
import type { SpokeDraft } from './use-draft.ts';

export interface FormPartProps extends Omit<SchemaFormProps, 'errors' | 'showProblems' | 'onProblems'> {
  /** Under which its problems are known. */
  part: string;
  draft: SpokeDraft;
}

export function FormPart({ part, draft, ...form }: FormPartProps) {
  const report = draft.onProblems(part);
  useEffect(() => () => report([]), [report]);
  return <SchemaForm {...form} errors={draft.errors} showProblems={draft.tried} onProblems={report} />;
}
