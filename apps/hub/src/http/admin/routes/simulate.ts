/** `POST /routes/{name}/simulate`: what a stored route or a draft would do with a message. */
import type { RouteSimulate, RouteSimulation, RouteSpec, SimulationProblem } from '@nave/api-schema';
import { type FieldProblem, HubError, type RouteDefinition } from '@nave/core';
import { type SimulatedMessage, type Simulation, simulateRoute } from '@nave/pipeline';
import type { FastifyRequest } from 'fastify';
import { routeProblems, type SpokeFacts } from '../../../declaration/route-problems.ts';
import { routeSpec } from '../../../declaration/route-spec.ts';
import { expressionFault } from '../../../previews/expression-fault.ts';
import { lenientEngine } from '../../../previews/lenient-engine.ts';
import { compileRoute } from '../../../registry/compile-route.ts';
import { compileSchema } from '../../../registry/compile-spoke.ts';
import { completeRoute } from '../../../registry/complete-route.ts';
import { clearSpec } from '../../../registry/complete-spoke.ts';
import type { AdminDeps } from '../admin-deps.ts';
import { specOf } from './present-route.ts';
import { sampleOf, storedSample } from './simulated-message.ts';

/** Characters of JSON of one mapped input that are shown. */
const SHOWN_MAX = 512 * 1024;
const SCHEMA_PROBLEMS_MAX = 20;

/**
 * @throws HubError `resource.not-found` without a draft and a stored route, `request.invalid` for what the request names and is not there, `seal.destroyed`
 * for a message whose content is gone, `limit.rate`
 */
export async function simulate(deps: AdminDeps, request: FastifyRequest, name: string, body: RouteSimulate): Promise<RouteSimulation> {
  const { version, spec } = await routeOf(deps, name, body);
  const definition = completeRoute(name, { version, spec });
  if (definition === null) throw new HubError('hub.internal', { detail: 'a route that was checked has an unknown form' });
  assertAnswers(definition, body.answers ?? {});
  const spokes = await spokesOf(deps, definition);
  const message = await messageOf(deps, request, definition, body);
  return deps.previews.run(async () => {
    const engine = lenientEngine(deps.previews.engine);
    const only = (spoke: string) => (spokes.get(spoke)?.operations.length === 1 ? (spokes.get(spoke)?.operations[0]?.name ?? null) : null);
    const route = compileRoute(definition, only, engine);
    const simulation = await simulateRoute(route, message, body.answers ?? {}, deps.clock.now());
    const written = routeProblems(spec, (spoke) => spokes.get(spoke) ?? null, deps.previews.engine);
    return view(definition, message, simulation, written, spokes, (step) => route.steps[step]?.operation ?? '');
  });
}

async function routeOf(
  deps: AdminDeps,
  name: string,
  { route, routeVersion }: RouteSimulate,
): Promise<{ version: number; spec: RouteSpec }> {
  if (route !== undefined) {
    if (routeVersion !== undefined) throw invalid('/routeVersion', 'belongs to a stored route, and here is a draft');
    if (route.name !== undefined && route.name !== name) throw invalid('/route/name', 'is another name than the one that is simulated');
    return { version: 0, spec: routeSpec(route) };
  }
  const stored = await deps.routes.find(name);
  if (stored === null) throw new HubError('resource.not-found', { detail: `There is no route ${name}. Send a draft of it as route.` });
  if (routeVersion === undefined) return { version: stored.version, spec: specOf(stored.spec) };
  const version = await deps.routes.loadVersion(name, routeVersion);
  if (version === null) throw invalid('/routeVersion', 'does not exist');
  return { version: version.version, spec: specOf(version.spec) };
}

async function messageOf(deps: AdminDeps, request: FastifyRequest, route: RouteDefinition, body: RouteSimulate): Promise<SimulatedMessage> {
  const { message, messageId } = body;
  if (message !== undefined && messageId !== undefined) throw invalid('/messageId', 'expected either message or messageId, not both');
  if (message !== undefined) return sampleOf(deps, route, message);
  if (messageId === undefined) throw invalid('/message', 'expected a message or the id of a stored one');
  const stored = await storedSample(deps, request, route, messageId);
  if (stored === null) throw invalid('/messageId', 'there is no message with this id');
  return stored;
}

function assertAnswers({ steps }: RouteDefinition, answers: Readonly<Record<string, unknown>>): void {
  const names = new Set(steps.map(({ name }) => name));
  const unknown = Object.keys(answers).filter((name) => !names.has(name));
  if (unknown.length > 0) throw invalid('/answers', `expected names of steps: ${[...names].join(', ')}`);
}

/** The spokes that the route names, as they are stored. */
async function spokesOf({ spokes, kinds }: AdminDeps, { from, steps }: RouteDefinition): Promise<ReadonlyMap<string, SpokeFacts>> {
  const names = [...new Set([from.spoke, ...steps.map(({ to }) => to)])];
  const found = new Map<string, SpokeFacts>();
  for (const name of names) {
    const stored = await spokes.loadOne(name);
    if (stored === null) continue;
    const kind = kinds.get(stored.kind);
    const { config } = clearSpec(stored.spec, stored.secrets);
    found.set(name, { kind: stored.kind, delivers: kind?.delivers ?? false, operations: kind?.operationsOf(config) ?? [] });
  }
  return found;
}

function view(
  definition: RouteDefinition,
  message: SimulatedMessage,
  simulation: Simulation,
  written: readonly FieldProblem[],
  spokes: ReadonlyMap<string, SpokeFacts>,
  operationOf: (step: number) => string,
): RouteSimulation {
  const { matches, orderingKey } = simulation;
  const takes = definition.enabled && matches.source && matches.type && matches.when === true;
  const reason = reasonOf(definition, message, matches);
  const known = new Set(written.map(({ path }) => path));
  const failures = simulation.failures.filter(({ path }) => !known.has(path));
  const problems: SimulationProblem[] = [...written.map(({ path, message: detail }) => ({ path, detail })), ...failures].map(
    ({ path, detail }) => ({ path, ...expressionFault(detail) }),
  );
  return {
    takes,
    matches: { ...matches, reason },
    orderingKey,
    steps: definition.steps.map(({ name, to }, index) => {
      const step = simulation.steps[index];
      const own = problems.filter(({ path }) => path.startsWith(`/steps/${index}/`));
      const path = `/steps/${index}/input`;
      const operation = operationOf(index);
      const fits = spokes.get(to)?.operations.find((each) => each.name === operation);
      if (step !== undefined && step.input !== undefined) own.push(...schemaProblems(fits?.input ?? null, step.input, path));
      if (step !== undefined && step.needs.length > 0)
        own.push({ path, message: `needs the answer of ${step.needs.join(', ')}: give it in answers`, position: null });
      const size = step?.input === undefined ? 0 : JSON.stringify(step.input).length;
      if (size > SHOWN_MAX) own.push({ path, message: `gives ${size} characters of JSON, more than are shown here`, position: null });
      const shown = step?.input !== undefined && size <= SHOWN_MAX;
      return {
        ...{ name, to, operation: operation === '' ? null : operation, known: shown, input: shown ? step.input : null },
        ...{ needs: step?.needs ?? [], skipped: takes ? null : reason, problems: own },
      };
    }),
    problems: problems.filter(({ path }) => !/^\/steps\/\d+\//.test(path)),
  };
}

function reasonOf({ enabled, from }: RouteDefinition, message: SimulatedMessage, { source, type, when }: Simulation['matches']): string {
  const reasons = [
    enabled ? [] : ['the route is disabled'],
    source ? [] : [`it takes messages from ${from.spoke}, this one is from ${message.source}`],
    type ? [] : [`it takes the type ${from.type}, this one is ${message.type}`],
    when === null ? ['its condition failed'] : when ? [] : ['its condition is false'],
  ].flat();
  return reasons.length === 0 ? 'The route takes the message.' : `Not taken: ${reasons.join('; ')}.`;
}

/** What the operation would say against the input. A schema that cannot be compiled says nothing here; the kind itself checks when it sends. */
function schemaProblems(schema: Readonly<Record<string, unknown>> | null, input: unknown, path: string): SimulationProblem[] {
  if (schema === null) return [];
  try {
    const problems = compileSchema(schema)(input).slice(0, SCHEMA_PROBLEMS_MAX);
    return problems.map((problem) => ({
      path,
      message: `the operation expects: ${problem.path || 'the input'} ${problem.message}`,
      position: null,
    }));
  } catch {
    return [];
  }
}

function invalid(path: string, message: string): HubError {
  return new HubError('request.invalid', { detail: `${path}: ${message}`, errors: [{ path, message }] });
}
