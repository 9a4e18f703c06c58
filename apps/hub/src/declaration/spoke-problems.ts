/** Everything wrong with a spoke beyond its shape, all at once. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import { InboundInput, PolicyInput } from '@nave/api-schema';
import type { ExpressionEngine, FieldProblem } from '@nave/core';
import { Check } from 'typebox/value';
import { inboundProblems } from './inbound-problems.ts';
import { policyProblems } from './policy-problems.ts';
import type { SpokeDraft } from './spoke-draft.ts';

export interface ProblemContext {
  kinds: ReadonlyMap<string, ErasedAdapter>;
  expressions: ExpressionEngine;
  listensOnLoopback: boolean;
}

/** JSON Pointers below the spoke. Messages never repeat a secret. */
export function spokeProblems(draft: SpokeDraft, context: ProblemContext): FieldProblem[] {
  const { spec } = draft;
  const kind = context.kinds.get(draft.kind);
  const problems: FieldProblem[] = [];
  if (kind) problems.push(...kind.check(spec.config, spec.credentials, { expressions: context.expressions }));
  else problems.push({ path: '/kind', message: `unknown kind, expected one of ${[...context.kinds.keys()].join(', ')}` });
  // Of a config that does not fit, nobody knows the operations and polls.
  const fits = kind !== undefined && !problems.some(({ path }) => path.startsWith('/config'));
  if (Check(PolicyInput, spec.policy)) {
    const known = fits ? kind.operationsOf(spec.config).map(({ name }) => name) : null;
    problems.push(...policyProblems(spec.policy, known));
  }
  if (spec.inbound === null) return problems;
  const polls = fits ? kind.pollsOf(spec.config).map(({ name }) => name) : null;
  if (Check(InboundInput, spec.inbound)) problems.push(...inboundProblems(spec.inbound, context, polls));
  else problems.push({ path: '/inbound', message: 'a stored secret does not fit any more, give it again' });
  return problems;
}
