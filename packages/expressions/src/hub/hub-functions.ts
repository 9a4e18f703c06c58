/** The functions Nave adds to JSONata, the same in both lanes (`$lookup` is apart: the child process has to ask the hub). */
import { ExpressionFailure } from '../failure.ts';
import { formatDate } from './date.ts';
import { digest } from './hash.ts';
import { formatMoney } from './money.ts';
import type { UuidSequence } from './uuid.ts';

/** What one evaluation gives its functions. Without `nowMs` or `uuids` the functions that need them fail with N1007. */
export interface HubScope {
  readonly nowMs: number | undefined;
  readonly uuids: UuidSequence | undefined;
  readonly responses: Readonly<Record<string, unknown>>;
}

export type HubFunction = (args: readonly unknown[], scope: HubScope, position: number) => unknown;

/** By name, without the dollar sign. Each throws ExpressionFailure. */
export const HUB_FUNCTIONS: Readonly<Record<string, HubFunction>> = {
  now: upTo(0, (_args, scope) => new Date(nowOf(scope)).toISOString()),
  millis: upTo(0, (_args, scope) => nowOf(scope)),
  date: upTo(2, (args, scope) => (args.length === 0 ? formatDate(nowOf(scope), undefined) : formatDate(args[0], args[1]))),
  money: upTo(2, ([value, decimals]) => formatMoney(value, decimals)),
  hash: upTo(3, ([text, algorithm, encoding]) => digest(text, algorithm, encoding)),
  uuid: upTo(0, (_args, scope, position) => {
    if (scope.uuids === undefined) throw new ExpressionFailure('N1007');
    return scope.uuids.next(position);
  }),
  response: upTo(1, ([step], scope) => {
    if (step === undefined) return undefined;
    if (typeof step !== 'string') throw new ExpressionFailure('T0410', { index: 1 });
    return Object.hasOwn(scope.responses, step) ? scope.responses[step] : undefined;
  }),
};

/** The present of the evaluation, in ms since the epoch. */
export function nowOf(scope: HubScope): number {
  if (scope.nowMs === undefined) throw new ExpressionFailure('N1007');
  return scope.nowMs;
}

function upTo(count: number, calculate: HubFunction): HubFunction {
  return (args, scope, position) => {
    if (args.length > count) throw new ExpressionFailure('T0410', { index: count + 1 });
    return calculate(args, scope, position);
  };
}
