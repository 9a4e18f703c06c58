/** What a draft would do with a sample, asked a moment after the last key was hit. Nothing is sent, and nothing of it is kept in the cache. */
import type { RouteSimulation, SampleMessage } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useEffect, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import type { FieldProblem } from './field-problems.ts';
import type { RouteDocument } from './route-document.ts';
import { simulatedInput } from './simulated-input.ts';

const DEBOUNCE_MS = 350;
/** The hub is busy trying other things. */
const AGAIN_MS = 1_500;
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export interface SimulationState {
  /** Of the latest draft that could be tried. */
  result: RouteSimulation | null;
  problems: readonly FieldProblem[];
  error: Error | null;
  /** The result is of an earlier draft; a new one is on its way. */
  pending: boolean;
}

const NONE: SimulationState = { result: null, problems: [], error: null, pending: false };

/** @param message null: there is nothing to try it with */
export function useSimulation(
  name: string,
  document: RouteDocument,
  message: SampleMessage | null,
  answers: Readonly<Record<string, unknown>>,
): SimulationState {
  const may = useMay('operator');
  const [state, setState] = useState(NONE);
  const known = document.steps.map((step) => step.name);
  const given = Object.fromEntries(Object.entries(answers).filter(([step]) => known.includes(step)));
  const { route, gaps } = simulatedInput(document);
  const asked = message === null || !may ? null : JSON.stringify({ route, message, answers: given });
  const target = NAME.test(name) ? name : 'draft';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked stands in `asked`, by value
  useEffect(() => {
    if (asked === null || message === null) {
      setState(NONE);
      return;
    }
    let current = true;
    let timer = window.setTimeout(ask, DEBOUNCE_MS);
    setState((before) => ({ ...before, pending: true }));
    function ask() {
      if (message === null) return;
      hub.routes.simulate(target, { route, message, answers: given }).then(
        (result) => current && setState({ result, problems: problemsIn(result, gaps), error: null, pending: false }),
        (error: unknown) => current && failed(error instanceof Error ? error : new Error(String(error))),
      );
    }
    function failed(error: Error) {
      if (error instanceof ApiError && error.status === 429) {
        timer = window.setTimeout(ask, AGAIN_MS);
        return;
      }
      const problems = error instanceof ApiError && error.status === 422 ? problemsOfRefusal(error, gaps) : [];
      setState((before) => ({ ...before, problems, error: problems.length > 0 ? null : error, pending: false }));
    }
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [asked, target]);
  return asked === null ? NONE : state;
}

function problemsIn(simulation: RouteSimulation, gaps: ReadonlySet<string>): FieldProblem[] {
  const waits = new Set(simulation.steps.flatMap((step, index) => (step.needs.length > 0 ? [`/steps/${index}/input`] : [])));
  return [...simulation.problems, ...simulation.steps.flatMap((step) => step.problems)].filter(
    // What an answer is needed for is no mistake; the result asks for it.
    ({ path }) => !gaps.has(path) && !waits.has(path),
  );
}

/** The shape of the draft was refused, before anything was tried. */
function problemsOfRefusal({ problem }: ApiError, gaps: ReadonlySet<string>): FieldProblem[] {
  return (problem.errors ?? []).flatMap(({ path, message }) => {
    const below = path.startsWith('/route/') ? path.slice('/route'.length) : null;
    return below === null || gaps.has(below) ? [] : [{ path: below, message, position: null }];
  });
}
