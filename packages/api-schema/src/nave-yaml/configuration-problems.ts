/** What a schema says against a configuration, as pointers and words a person can act on. */
import { NAME_PATTERN } from '../common.ts';
import { patternWords } from '../pattern-words.ts';

/** What of TypeBox's validation errors is used here. */
export interface SchemaError {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
  message: string;
}

export interface ConfigurationProblem {
  path: string;
  message: string;
}

export function configurationProblems(found: readonly SchemaError[]): ConfigurationProblem[] {
  const errors = withoutOtherForms(found);
  const telling = errors.filter((error) => tells(error, errors));
  const problems = telling.flatMap(problemsOf);
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const text = `${path} ${message}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** Where one field tells the forms of a union apart (`condition` of an alert), only the form it names was meant; when it names none, the field is the problem. */
function withoutOtherForms(errors: readonly SchemaError[]): SchemaError[] {
  let kept = [...errors];
  for (const union of errors.filter(isUnion)) {
    const inside = kept.filter((error) => isWithin(error, union));
    const branches = [
      ...Map.groupBy(inside, ({ schemaPath }) =>
        schemaPath
          .slice(union.schemaPath.length + 1)
          .split('/', 2)
          .join('/'),
      ).values(),
    ];
    const tags = branches.map((branch) =>
      branch.find((error) => error.keyword === 'const' && isFieldOf(error.instancePath, union.instancePath)),
    );
    const others = new Set(branches.filter((_, index) => tags[index] !== undefined).flat());
    kept = kept.filter((error) => !others.has(error));
    const [first] = tags;
    if (first === undefined || !tags.every((tag) => tag?.instancePath === first.instancePath)) continue;
    const allowedValues = tags.flatMap((tag) => (tag ? [new Map<string, unknown>(Object.entries(tag.params)).get('allowedValue')] : []));
    kept = kept.map((error) =>
      error === union ? { ...union, keyword: 'enum', instancePath: first.instancePath, params: { allowedValues } } : error,
    );
  }
  return kept;
}

function isUnion({ keyword }: SchemaError): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf';
}

function isWithin({ schemaPath, instancePath }: SchemaError, union: SchemaError): boolean {
  const samePlace = instancePath === union.instancePath || instancePath.startsWith(`${union.instancePath}/`);
  return samePlace && schemaPath.startsWith(`${union.schemaPath}/`);
}

function isFieldOf(path: string, parent: string): boolean {
  return path.startsWith(`${parent}/`) && !path.slice(parent.length + 1).includes('/');
}

/** A union says why each branch failed. When one branch got further than the others it is what was meant; else the union is one problem. */
function tells(error: SchemaError, errors: readonly SchemaError[]): boolean {
  // Said again as `additionalProperties`, which names the field.
  if (error.keyword === 'boolean') return false;
  for (const union of errors) {
    if (!isUnion(union)) continue;
    const within = (other: SchemaError) => isWithin(other, union);
    const gotFurther = errors.some(
      (other) => within(other) && (other.instancePath.length > union.instancePath.length || goesInside(other)),
    );
    if (error === union && gotFurther) return false;
    if (!within(error)) continue;
    if (!gotFurther || (error.instancePath === union.instancePath && !goesInside(error))) return false;
  }
  return true;
}

/** About the inside of an object, although told at the object. */
function goesInside({ keyword }: SchemaError): boolean {
  return keyword === 'required' || keyword === 'additionalProperties';
}

function problemsOf({ keyword, instancePath: path, params, message }: SchemaError): ConfigurationProblem[] {
  const values = new Map<string, unknown>(Object.entries(params));
  switch (keyword) {
    case 'additionalProperties':
      return names(values.get('additionalProperties')).map((name) => ({
        path: below(path, name),
        message: ['/spokes', '/routes', '/alerts'].includes(path) ? (patternWords(NAME_PATTERN) ?? '') : 'unknown field',
      }));
    case 'required':
      return names(values.get('requiredProperties')).map((name) => ({ path: below(path, name), message: 'required' }));
    case 'enum':
      return [{ path, message: `expected one of ${names(values.get('allowedValues')).join(', ')}` }];
    case 'const':
      return [{ path, message: `expected ${JSON.stringify(values.get('allowedValue'))}` }];
    case 'type':
      return [{ path, message: `expected ${names([values.get('type')].flat()).join(' or ')}` }];
    case 'pattern':
      return [{ path, message: patternWords(values.get('pattern')) ?? message }];
    case 'anyOf':
    case 'oneOf':
      return [{ path, message: 'fits none of the allowed forms' }];
    default:
      return [{ path, message }];
  }
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function below(path: string, name: string): string {
  return `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
