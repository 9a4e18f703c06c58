/** What an operation is going to ask of Pohoda, worked out from its input. */

import type { OperationInput } from '@nave/adapter-kit';
import { checkSchema, exactNumberText, parseExact } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { PohodaConfig } from './config.ts';
import type { ListRequest } from './documents/list.ts';
import type { RecordPage } from './records.ts';
import type { XmlElement } from './xml/write-xml.ts';

/** What a lookup says of the record it was asked for. */
export type Found = { state: 'found'; output: unknown } | { state: 'none' } | { state: 'unsure'; reason: string };

export interface FindPlan {
  kind: 'find';
  request: ListRequest;
  judge: (page: RecordPage) => Found;
}

export type Plan =
  | {
      kind: 'write';
      root: string;
      element: XmlElement;
      /** The business key of the document, or null: then it is the delivery. */
      key: string | null;
      /** What else tells it apart: one order may have an advance invoice and a final one. */
      variant: string | null;
      /** Whether Pohoda is asked to refuse what it already took. */
      once: boolean;
      /** Finds what was made of it, when Pohoda says that it exists. */
      find: FindPlan | null;
    }
  | FindPlan
  | { kind: 'list'; request: ListRequest; count: number };

export type Planned = { ok: true; plan: Plan } | { ok: false; problems: readonly FieldProblem[] };
export type Planner = (input: OperationInput, config: PohodaConfig) => Planned;

/** A planner whose input is checked against its schema first; numbers arrive as the texts they were written with. */
export function planner<Schema extends TSchema>(
  schema: Schema,
  plan: (input: Static<Schema>, config: PohodaConfig) => Plan | readonly FieldProblem[],
): Planner {
  return (input, config) => {
    const data = plainInput(input);
    if (!Check(schema, data)) return { ok: false, problems: checkSchema(schema, data) };
    const planned = plan(data, config);
    return 'kind' in planned ? { ok: true, plan: planned } : { ok: false, problems: planned };
  };
}

/** The input with every number as text. What came as JSON and was not mapped is read from its bytes: amounts keep all their digits. */
function plainInput({ data, raw }: OperationInput): unknown {
  if (raw === null || !/[/+]json\b/i.test(raw.contentType)) return plain(data);
  try {
    return plain(parseExact(Buffer.from(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength).toString('utf8')));
  } catch {
    return plain(data);
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  const exact = exactNumberText(value);
  if (exact !== null) return exact;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
