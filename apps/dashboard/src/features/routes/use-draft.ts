/** The route that is being written: whether it differs from what is stored, and what a save that was refused said about it. */
import { ApiError } from '@nave/sdk';
import { useMemo, useRef, useState } from 'react';
import { type FieldProblem, stillWrong } from './field-problems.ts';
import { type RouteDocument, sameDocument } from './route-document.ts';

export interface RouteDraft {
  document: RouteDocument;
  /** @param next the document, or how it follows from the latest one: several changes may come before they are drawn */
  change: (next: RouteDocument | ((latest: RouteDocument) => RouteDocument)) => void;
  dirty: boolean;
  /** Asked when the page is left: what is true then. */
  unsaved: () => boolean;
  /** What the server refused and nobody changed since. */
  refused: readonly FieldProblem[];
  /** Takes over what a refusal says about fields; true when it says something. */
  refuse: (error: Error) => boolean;
  /** Somebody tried to save: what is missing may be said. */
  tried: boolean;
  setTried: (tried: boolean) => void;
  /** Text that cannot be read stands in the YAML view: nothing may be saved. */
  broken: boolean;
  setBroken: (broken: boolean) => void;
  /** How often it began anew: views that hold texts of their own begin with it. */
  generation: number;
  /** Begins anew, as after saving. */
  reset: (document: RouteDocument) => void;
}

/** @param stored what it is compared with @param start what it begins as, such as a copy; default `stored` */
export function useDraft(stored: RouteDocument, start: RouteDocument = stored): RouteDraft {
  const [base, setBase] = useState(stored);
  const [document, setDocument] = useState(start);
  const [refusal, setRefusal] = useState<{ sent: RouteDocument; problems: readonly FieldProblem[] } | null>(null);
  const [tried, setTried] = useState(false);
  const [broken, setBroken] = useState(false);
  const [generation, setGeneration] = useState(0);
  const dirty = !sameDocument(document, base) || broken;
  const latest = useRef(dirty);
  latest.current = dirty;
  return {
    document,
    change: setDocument,
    dirty,
    unsaved: () => latest.current,
    refused: useMemo(() => (refusal === null ? [] : stillWrong(refusal.problems, refusal.sent, document)), [refusal, document]),
    refuse(error) {
      const told = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      setRefusal(told.length === 0 ? null : { sent: document, problems: told.map((each) => ({ ...each, position: null })) });
      return told.length > 0;
    },
    tried,
    setTried,
    broken,
    setBroken,
    generation,
    reset(next) {
      latest.current = false;
      setBase(next);
      setDocument(next);
      setRefusal(null);
      setTried(false);
      setBroken(false);
      setGeneration((before) => before + 1);
    },
  };
}
