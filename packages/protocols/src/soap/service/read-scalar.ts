/** One value of JSON Schema as a simple type of XML Schema. */
import { xmlTextProblem } from '../xml/write-xml.ts';
import type { ScalarNode } from './contract-node.ts';

type Schema = Readonly<Record<string, unknown>>;

const STRING_FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['date', 'date'],
  ['date-time', 'dateTime'],
  ['time', 'time'],
  ['uri', 'anyURI'],
  ['byte', 'base64Binary'],
]);
const INTEGER_FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['int32', 'int'],
  ['int64', 'long'],
]);
const NUMBER_FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['float', 'float'],
  ['double', 'double'],
]);
const LENGTHS: readonly (readonly [string, string])[] = [
  ['minLength', 'minLength'],
  ['maxLength', 'maxLength'],
];
const BOUNDS: readonly (readonly [string, string])[] = [
  ['minimum', 'minInclusive'],
  ['maximum', 'maxInclusive'],
  ['exclusiveMinimum', 'minExclusive'],
  ['exclusiveMaximum', 'maxExclusive'],
];
/** What every numeric type of XML Schema can write: no exponent. */
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;
const WHOLE = /^-?\d+$/;

/** The node without what every node has, or what is wrong. Patterns and `multipleOf` are left out: the hub checks them itself. */
export function readScalar(type: string, schema: Schema): Pick<ScalarNode, 'kind' | 'form' | 'type' | 'values' | 'facets'> | string {
  const { format } = schema;
  switch (type) {
    case 'boolean':
      return { kind: 'scalar', form: 'boolean', type: 'boolean', values: null, facets: {} };
    case 'string': {
      const binary = schema['contentEncoding'] === 'base64';
      const xsd = binary ? 'base64Binary' : (STRING_FORMATS.get(format) ?? 'string');
      return scalarOf('string', xsd, schema, xsd === 'string' ? LENGTHS : []);
    }
    case 'integer':
      return scalarOf('integer', INTEGER_FORMATS.get(format) ?? 'integer', schema, BOUNDS);
    case 'number':
      return scalarOf('number', NUMBER_FORMATS.get(format) ?? 'decimal', schema, BOUNDS);
    default:
      return 'expected the type object, array, string, number, integer or boolean';
  }
}

function scalarOf(form: 'string' | 'integer' | 'number', type: string, schema: Schema, facetNames: readonly (readonly [string, string])[]) {
  const values = valuesOf(form, schema);
  if (typeof values === 'string') return values;
  const facets = facetNames.flatMap(([name, facet]) => {
    const value = schema[name];
    const text = typeof value === 'number' ? String(value) : '';
    return (form === 'integer' ? WHOLE : PLAIN_NUMBER).test(text) ? [[facet, text] as const] : [];
  });
  // An enumeration says all there is to say.
  return { kind: 'scalar', form, type, values, facets: values === null ? Object.fromEntries(facets) : {} } as const;
}

/** The texts of `enum` or `const`, null without one, or what is wrong. */
function valuesOf(form: 'string' | 'integer' | 'number', schema: Schema): readonly string[] | null | string {
  const given: unknown = schema['const'] !== undefined ? [schema['const']] : schema['enum'];
  if (!Array.isArray(given)) return null;
  const wanted = form === 'string' ? 'string' : 'number';
  const values: unknown[] = given.filter((each) => each !== null);
  const texts = values.flatMap((each) => (typeof each === wanted ? [String(each)] : []));
  if (texts.length !== values.length) return 'expected an enum of values of its own type';
  if (form !== 'string' && !texts.every((text) => PLAIN_NUMBER.test(text))) return 'expected an enum of numbers without exponent';
  return texts.every((text) => xmlTextProblem(text) === null)
    ? texts
    : 'expected an enum without control characters, which XML cannot hold';
}
