/** What the parts of the form share: what is wrong where, what can be completed, and whether it may be changed. */
import { createContext, useContext } from 'react';
import type { Completion } from '../../parts/code-editor/code-editor.tsx';
import type { FieldProblem } from './field-problems.ts';

export interface FormContext {
  problems: readonly FieldProblem[];
  /** Paths that an expression can use. @param steps so many steps are earlier ones */
  pathsBefore: (steps: number) => readonly Completion[];
  readOnly: boolean;
}

const Context = createContext<FormContext>({ problems: [], pathsBefore: () => [], readOnly: false });

export const FormProvider = Context.Provider;

export function useForm(): FormContext {
  return useContext(Context);
}

/** @param path JSON Pointer; what is below it does not count */
export function problemsAt(problems: readonly FieldProblem[], path: string): FieldProblem[] {
  return problems.filter((problem) => problem.path === path);
}

/** The words for one field, or null. */
export function useProblemAt(path: string): string | null {
  const words = problemsAt(useForm().problems, path).map(({ message }) => message);
  return words.length === 0 ? null : words.join('. ');
}
