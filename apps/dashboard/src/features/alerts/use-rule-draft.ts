/** The rule that is being written: whether it differs from what is stored, and what the hub said about its fields. */
import { ApiError } from '@nave/sdk';
import { useRef, useState } from 'react';
import type { RuleDraft } from './rule-draft.ts';

export function useRuleDraft(stored: RuleDraft) {
  const [draft, setDraft] = useState(stored);
  const [problems, setProblems] = useState<readonly { path: string; message: string }[]>([]);
  const dirty = JSON.stringify(draft) !== JSON.stringify(stored);
  // Asked at the moment of leaving, which may come before the next drawing.
  const left = useRef(false);
  return {
    draft,
    dirty,
    problems,
    change: (changes: Partial<RuleDraft>) => {
      // What was said of a field may no longer hold once it is written in.
      setProblems((before) =>
        before.filter(({ path }) => !Object.keys(changes).some((name) => path.startsWith(`/${POINTERS[name] ?? name}`))),
      );
      setDraft((before) => ({ ...before, ...changes }));
    },
    errorAt: (pointer: string, below = false) =>
      problems.find(({ path }) => path === pointer || (below && path.startsWith(`${pointer}/`)))?.message ?? null,
    /** Takes over what a refusal says about fields. */
    refused: (error: Error) => setProblems(error instanceof ApiError ? (error.problem.errors ?? []) : []),
    unsaved: () => dirty && !left.current,
    leave: () => {
      left.current = true;
    },
  };
}

/** Where fields of the draft are in what is sent, when their names differ. */
const POINTERS: Readonly<Record<string, string>> = { condition: 'when', parameters: 'when', holds: 'for' };
