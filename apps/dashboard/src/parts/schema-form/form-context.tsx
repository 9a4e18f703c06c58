/** What all fields of a form share: its problems, which of them may be shown yet, which secrets are stored. */
import { createContext, useContext } from 'react';
import type { Completion } from '../code-editor/code-editor.tsx';

export interface FormState {
  /** What is wrong at a place, in words; with `below` also what is deeper and has no field of its own. */
  errorAt(pointer: string, below?: boolean): string | null;
  /** Something at or below it is wrong and shown. */
  hasErrorIn(pointer: string): boolean;
  /** What is being written there cannot be taken over yet. */
  draft(pointer: string, broken: boolean): void;
  secretSet(pointer: string): boolean;
  disabled: boolean;
  complete: ((pointer: string, prefix: string) => Promise<readonly Completion[]> | readonly Completion[]) | undefined;
}

export const FormContext = createContext<FormState | null>(null);

export function useForm(): FormState {
  const form = useContext(FormContext);
  if (form === null) throw new Error('fields live in a SchemaForm');
  return form;
}

/** What every kind of field is given. */
export interface FieldProps {
  schema: unknown;
  name: string;
  /** Instead of the title of the schema, or its name in words. */
  label?: string;
  pointer: string;
  value: unknown;
  /** Undefined takes the field away. */
  onChange: (value: unknown) => void;
  required: boolean;
  /** How deep in the form. */
  depth: number;
  /** The label is only for screen readers: what it says stands beside it already. */
  bare?: boolean;
}
