/** An operation of a kind on LDAP: its declaration and what it does with an input that was checked. */
import { checkSchema, type OperationDeclaration } from '@nave/adapter-kit';
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Directory } from './directory.ts';
import { failed, type LdapResult } from './ldap-failure.ts';

/** What an operation works with. */
export interface OperationScope<Settings> {
  directory: Directory;
  settings: Settings;
  deliveryId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** A value is the output. With a failure, `report` says how far it came. */
export type OperationResult = LdapResult<unknown> & { report?: unknown };

export interface LdapOperation<Settings> {
  declaration: OperationDeclaration;
  /** @param data the input as it came */
  run(data: unknown, scope: OperationScope<Settings>): Promise<OperationResult>;
}

type Declared = Omit<OperationDeclaration, 'input'>;

/** Ties an operation to the schema of its input. */
export function defineLdapOperation<Settings, Input extends TSchema>(
  declared: Declared & { input: Input },
  run: (input: Static<Input>, scope: OperationScope<Settings>) => Promise<OperationResult>,
): LdapOperation<Settings> {
  const { input, ...rest } = declared;
  const schema: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(input));
  return {
    declaration: { ...rest, input: schema },
    async run(data, scope) {
      if (Check(input, data)) return run(data, scope);
      const problems = checkSchema(input, data).slice(0, PROBLEMS_SHOWN);
      return failed(
        'invalid',
        `the input does not fit: ${problems.map(({ path, message }) => `${path === '' ? '/' : path} ${message}`).join('; ')}`,
      );
    },
  };
}

const PROBLEMS_SHOWN = 5;
