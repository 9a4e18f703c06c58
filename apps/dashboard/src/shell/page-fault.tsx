/** A page that broke: the rest goes on, and the fault is named. */
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorNote } from '../parts/error-note.tsx';
import { Page } from '../parts/page.tsx';
import { useShellTexts } from './shell-texts.ts';

export function PageFault({ error, reset }: ErrorComponentProps) {
  const t = useShellTexts();
  return (
    <Page title={t.fault}>
      <ErrorNote error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </Page>
  );
}
