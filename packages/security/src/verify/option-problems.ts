/** Checks a scheme's options against its schema, so that the schema shown in forms and documents is the one that is enforced. */
import type { FieldProblem } from '@nave/core';
import type { OptionSchema, OptionsSchema, OptionType } from './scheme-definition.ts';

/** All problems, with JSON Pointers below the scheme. */
export function optionProblems(schema: OptionsSchema, options: Readonly<Record<string, unknown>>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const name of schema.required ?? []) {
    if (options[name] === undefined) problems.push({ path: `/${name}`, message: 'is required' });
  }
  for (const [name, value] of Object.entries(options)) {
    const option = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (option === undefined) problems.push({ path, message: 'is not an option of this scheme' });
    else if (value !== undefined) problems.push(...valueProblems(option, value, path));
  }
  return problems;
}

function valueProblems(option: OptionSchema, value: unknown, path: string): FieldProblem[] {
  const types: readonly OptionType[] = typeof option.type === 'string' ? [option.type] : option.type;
  if (!types.some((type) => isOfType(value, type))) return [{ path, message: `expected ${types.join(' or ')}` }];
  if (typeof value === 'string') return asProblems(path, textProblem(option, value));
  if (typeof value === 'number') return asProblems(path, numberProblem(option, value));
  if (!Array.isArray(value)) return [];
  const { items, minItems = 0, maxItems = 1_000 } = option;
  if (value.length < minItems || value.length > maxItems) return [{ path, message: `expected ${minItems} to ${maxItems} entries` }];
  return value.flatMap((item: unknown, index) =>
    typeof item === 'string'
      ? asProblems(`${path}/${index}`, textProblem(items ?? {}, item))
      : [{ path: `${path}/${index}`, message: 'expected string' }],
  );
}

function isOfType(value: unknown, type: OptionType): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

function textProblem(option: Pick<OptionSchema, 'enum' | 'pattern' | 'minLength' | 'maxLength'>, text: string): string | null {
  const { minLength = 1, maxLength = 10_000 } = option;
  if (option.enum && !option.enum.includes(text)) return `expected one of ${option.enum.join(', ')}`;
  if (text.length < minLength || text.length > maxLength) return `expected ${minLength} to ${maxLength} characters`;
  if (option.pattern !== undefined && !new RegExp(option.pattern).test(text)) return `expected the form ${option.pattern}`;
  return null;
}

function numberProblem({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: OptionSchema, value: number): string | null {
  return value >= minimum && value <= maximum ? null : `expected ${minimum} to ${maximum}`;
}

function asProblems(path: string, message: string | null): FieldProblem[] {
  return message === null ? [] : [{ path, message }];
}
