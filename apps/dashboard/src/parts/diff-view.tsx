/** Two documents and what is different between them. What compares them is loaded when it is first shown. */
import { lazy, Suspense } from 'react';
import type { CodeLanguage } from './code-editor/code-language.ts';
import { Skeleton } from './skeleton.tsx';

export interface DiffViewProps {
  before: string;
  after: string;
  beforeLabel: string;
  afterLabel: string;
  language: CodeLanguage;
  /** Side by side where there is room, else one below the other. */
  layout?: 'auto' | 'unified';
  /** JSON only; default true, so that the order of fields is no difference. */
  sortKeys?: boolean;
  /** In pixels; longer ones scroll inside. */
  maxHeight?: number;
}

const Loaded = lazy(() => import('./diff/loaded-diff.tsx'));

export function DiffView(props: DiffViewProps) {
  return (
    <Suspense fallback={<Skeleton height={Math.min(320, props.maxHeight ?? 320)} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
