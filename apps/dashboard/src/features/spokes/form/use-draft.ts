/** The document that is being written: whether it differs from what is stored, what is wrong with it, what the server said. */
import { ApiError } from '@nave/sdk';
import { useCallback, useMemo, useState } from 'react';
import type { SchemaProblem } from '../../../parts/schema-form/validate.ts';
import { type SpokeDocument, sameDocument, stillWrong } from './spoke-document.ts';

export interface Told {
  path: string;
  message: string;
}

export interface SpokeDraft {
  document: SpokeDocument;
  change: (document: SpokeDocument) => void;
  dirty: boolean;
  /** What the server refused and nobody changed since. */
  errors: readonly Told[];
  /** Takes over what a refusal says about fields; true when it does. */
  refused: (error: Error) => boolean;
  /** Told by each part of the form. */
  onProblems: (part: string) => (problems: readonly SchemaProblem[]) => void;
  problems: readonly SchemaProblem[];
  /** Somebody tried to save. */
  tried: boolean;
  setTried: (tried: boolean) => void;
  /** Begins anew, as after saving. */
  reset: (document: SpokeDocument) => void;
}

export function useDraft(stored: SpokeDocument): SpokeDraft {
  const [base, setBase] = useState(stored);
  const [document, setDocument] = useState(stored);
  const [refusal, setRefusal] = useState<{ sent: SpokeDocument; errors: readonly Told[] } | null>(null);
  const [parts, setParts] = useState<ReadonlyMap<string, readonly SchemaProblem[]>>(new Map());
  const [tried, setTried] = useState(false);
  const reports = useMemo(() => new Map<string, (problems: readonly SchemaProblem[]) => void>(), []);
  const onProblems = useCallback(
    (part: string) => {
      const known = reports.get(part);
      if (known !== undefined) return known;
      const report = (problems: readonly SchemaProblem[]) =>
        setParts((before) => (before.get(part) === problems ? before : new Map([...before, [part, problems]])));
      reports.set(part, report);
      return report;
    },
    [reports],
  );
  const errors = useMemo(() => (refusal === null ? [] : stillWrong(refusal.errors, refusal.sent, document)), [refusal, document]);
  return {
    document,
    change: setDocument,
    dirty: !sameDocument(document, base),
    errors,
    refused(error) {
      const told = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      setRefusal(told.length === 0 ? null : { sent: document, errors: told });
      return told.length > 0;
    },
    onProblems,
    problems: useMemo(() => [...parts.values()].flat(), [parts]),
    tried,
    setTried,
    reset(next) {
      setBase(next);
      setDocument(next);
      setRefusal(null);
      setTried(false);
    },
  };
}
