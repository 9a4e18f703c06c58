/** An editor for code and documents. What it is made of is loaded when the first one is shown; until then its place is kept. */
import { lazy, Suspense } from 'react';
import { Skeleton } from '../skeleton.tsx';
import type { CodeLanguage } from './code-language.ts';
import type { Completion } from './jsonata-completion.ts';
import type { EditorProblem } from './problem-range.ts';

export type { CodeLanguage } from './code-language.ts';
export type { Completion } from './jsonata-completion.ts';
export type { EditorProblem } from './problem-range.ts';

export interface CodeEditorProps {
  value: string;
  /** Without it the text can be read, searched and folded only. */
  onChange?: ((value: string) => void) | undefined;
  language: CodeLanguage;
  readOnly?: boolean;
  /** Read out as the name of the editor. */
  label: string;
  /** Id of the help or error beside it. */
  describedBy?: string | undefined;
  invalid?: boolean;
  /** Fixed, in pixels; the text scrolls inside. */
  height?: number;
  /** Grows with the text between these, in pixels. */
  minHeight?: number;
  maxHeight?: number;
  problems?: readonly EditorProblem[];
  /** Whole paths that begin like what is written (`order.li`: `order.lines`); only asked for JSONata. */
  complete?: ((prefix: string) => Promise<readonly Completion[]> | readonly Completion[]) | undefined;
  placeholder?: string | undefined;
  /** Looks like an input of a form: no line numbers, no folding. */
  compact?: boolean;
  /** Where the cursor went: an offset in the text. */
  onCursor?: ((offset: number) => void) | undefined;
}

const Loaded = lazy(() => import('./loaded-editor.tsx'));

/** Tab moves on to the next element; lines are indented by Ctrl-] and Ctrl-[, searched by Ctrl-F. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? props.minHeight ?? (props.compact ? 30 : 160)} />}>
      <Loaded key={String(props.compact === true)} {...props} />
    </Suspense>
  );
}
