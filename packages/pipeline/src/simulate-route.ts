/** What a route would do with a message, without doing it: the pipeline's own planning and mapping, over answers that a person gives for earlier steps. */
import { compileTypePattern, isHubError, type MessageContent } from '@nave/core';
import type { EarlierSteps } from './earlier-steps.ts';
import { callBindings, expressionRoot, type RootFacts } from './expression-root.ts';
import { mapInput, SELECTS_NOTHING } from './map-input.ts';
import { deliveryId, planRoutes } from './plan-routes.ts';
import type { CompiledRoute, CompiledStep } from './registry.ts';

export interface SimulatedMessage extends RootFacts {
  content: Pick<MessageContent, 'headers' | 'query' | 'method' | 'path'>;
  /** Its own lane key, used where the route names none. */
  orderingKey: string | null;
}

export interface Simulation {
  matches: {
    source: boolean;
    type: boolean;
    /** Null where it cannot be told: it failed. True without a condition. */
    when: boolean | null;
  };
  orderingKey: string | null;
  /** Fields of the route whose expression failed, by JSON Pointer below it. */
  failures: SimulatedFailure[];
  steps: SimulatedStep[];
}

export interface SimulatedFailure {
  path: string;
  /** Code and reason, with the position where it is known. */
  detail: string;
}

export interface SimulatedStep {
  /** Undefined where it is not known: it failed, or `needs` is not empty. */
  input: unknown;
  /** Earlier steps whose answer it asks for and nobody gave. */
  needs: string[];
  failure: SimulatedFailure | null;
}

/**
 * Never throws for what an expression is to blame for.
 * @param answers parsed answers of earlier steps, by the name of the step
 * @param nowMs what expressions take as the present
 * @throws HubError when expressions cannot be evaluated now
 */
export async function simulateRoute(
  route: CompiledRoute,
  message: SimulatedMessage,
  answers: Readonly<Record<string, unknown>>,
  nowMs: number,
): Promise<Simulation> {
  const { definition } = route;
  const failures: SimulatedFailure[] = [];
  const planned = await planRoutes(
    [route],
    expressionRoot(message),
    message.orderingKey,
    nowMs,
    '',
    message.id,
    callBindings(message.content),
  );
  const [first] = planned.deliveries;
  const reason = first?.state === 'dead' ? (first.reason ?? '') : null;
  const failed = reason === null ? null : /^(when|orderingKey) (.*)$/s.exec(reason);
  if (failed !== null) failures.push({ path: `/${failed[1]}`, detail: failed[2] ?? '' });
  const steps: SimulatedStep[] = [];
  for (const [index, step] of route.steps.entries()) {
    const id = deliveryId(message.id, message.id, definition.name, definition.version, index, '');
    const simulated = await simulateStep(step, index, message, earlierOf(route.steps.slice(0, index), answers), { id, createdAtMs: nowMs });
    if (simulated.failure !== null) failures.push(simulated.failure);
    steps.push(simulated);
  }
  return {
    matches: {
      source: definition.from.spoke === message.source,
      type: compileTypePattern(definition.from.type)(message.type),
      when: failed?.[1] === 'when' ? null : first?.state !== 'skipped',
    },
    orderingKey: first?.laneKey ?? null,
    failures,
    steps,
  };
}

interface KnownSteps extends EarlierSteps {
  /** Names of earlier steps without an answer. */
  missing: string[];
}

async function simulateStep(
  { input }: CompiledStep,
  index: number,
  message: SimulatedMessage,
  earlier: KnownSteps,
  work: { id: string; createdAtMs: number },
): Promise<SimulatedStep> {
  if (input === null) return { input: message.data, needs: [], failure: null };
  const needs = neededBy(input.text, earlier.missing);
  if (needs.length > 0) return { input: undefined, needs, failure: null };
  const failure = (detail: string) => ({ input: undefined, needs, failure: { path: `/steps/${index}/input`, detail } });
  try {
    const mapped = await mapInput(input, message, message.content, earlier, work);
    return mapped === undefined ? failure(SELECTS_NOTHING) : { input: mapped, needs, failure: null };
  } catch (error) {
    if (!isHubError(error) || !error.code.startsWith('expression.')) throw error;
    return failure(`${error.code}: ${error.detail}`);
  }
}

/** What `$response(step)` gives where only the parsed answers are known: responses that were simply fine. */
export function stepResponses(answers: Readonly<Record<string, unknown>>): EarlierSteps['responses'] {
  return Object.fromEntries(Object.entries(answers).map(([name, body]) => [name, { status: 200, headers: {}, body }]));
}

function earlierOf(steps: readonly CompiledStep[], answers: Readonly<Record<string, unknown>>): KnownSteps {
  const known = steps.map(({ definition: { name } }) => name).filter((name) => Object.hasOwn(answers, name));
  return {
    steps: Object.fromEntries(known.map((name) => [name, answers[name]])),
    responses: stepResponses(Object.fromEntries(known.map((name) => [name, answers[name]]))),
    missing: steps.map(({ definition: { name } }) => name).filter((name) => !Object.hasOwn(answers, name)),
  };
}

/** By the text: an expression that speaks of steps needs those that it names, or all of them where it names none. */
function neededBy(text: string, missing: readonly string[]): string[] {
  if (missing.length === 0 || !/\bsteps\b|\$response\b/.test(text)) return [];
  const named = missing.filter((name) => text.includes(name));
  const namesSomeStep = /\bsteps\s*\.\s*[\w`]|\$response\s*\(\s*["']/.test(text);
  return named.length > 0 || namesSomeStep ? named : [...missing];
}
