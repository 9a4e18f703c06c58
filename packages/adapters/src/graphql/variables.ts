/** The variables of a request, from the input of the operation. */
import { bodyKindOf, type OperationInput, parseContentType, parseExact } from '@nave/adapter-kit';
import type { CompiledExpression, ExpressionEngine, ExpressionScope } from '@nave/core';
import { type GraphqlOperation, isRequiredVariable } from '@nave/protocols';
import type { GraphqlSpokeOperation } from './config.ts';

export type Variables = Readonly<Record<string, unknown>>;
export type BuiltVariables = { ok: true; variables: Variables } | { ok: false; reason: string };
export type BuildVariables = (input: OperationInput, scope: ExpressionScope) => Promise<BuiltVariables>;

/**
 * Compiles the mapping of an operation. Variables that are nothing (undefined) are left out, so that the document's defaults hold; one that is needed and not
 * there, and one that a mapping gives though the document does not declare it, make the input `invalid`.
 * @throws HubError `expression.compile`
 */
export function compileVariables(
  { variables, paginate }: GraphqlSpokeOperation,
  { variables: declared }: Pick<GraphqlOperation, 'variables'>,
  expressions: ExpressionEngine,
): BuildVariables {
  const names = new Set(declared.map(({ variable }) => variable.name.value));
  const required = declared.filter(isRequiredVariable).map(({ variable }) => variable.name.value);
  const whole = typeof variables === 'string' && variables.trim() !== '$' ? expressions.compile(variables) : null;
  const each =
    typeof variables === 'object' ? Object.entries(variables).map(([name, text]) => [name, expressions.compile(text)] as const) : null;

  return async (input, scope) => {
    const given = each ? await evaluateEach(each, input, scope) : whole ? await whole.evaluate(input.data, scope) : exactData(input);
    if (given !== undefined && given !== null && !isRecord(given)) return { ok: false, reason: 'the variables are not an object' };
    const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
    const unknown = entries.find(([name]) => !names.has(name));
    if ((each || whole) && unknown) return { ok: false, reason: 'the mapping gives a variable that the document does not declare' };
    const known = new Map(entries.filter(([name]) => names.has(name)));
    // The first page has no cursor, unless the mapping starts further on.
    const missing = required.find((name) => (known.get(name) ?? null) === null && name !== paginate?.cursor);
    if (missing !== undefined) return { ok: false, reason: `the document needs $${missing}, which the input does not give` };
    return { ok: true, variables: Object.fromEntries(known) };
  };
}

async function evaluateEach(
  expressions: readonly (readonly [string, CompiledExpression])[],
  input: OperationInput,
  scope: ExpressionScope,
): Promise<Variables> {
  const values: [string, unknown][] = [];
  for (const [name, expression] of expressions) values.push([name, await expression.evaluate(input.data, scope)]);
  return Object.fromEntries(values);
}

/** The whole input, with numbers as the sender wrote them where the message is passed on unmapped. */
function exactData({ raw, data }: OperationInput): unknown {
  if (!raw || bodyKindOf(parseContentType(raw.contentType).essence) !== 'json') return data;
  try {
    return parseExact(Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength).toString('utf8'));
  } catch {
    return data;
  }
}

function isRecord(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
