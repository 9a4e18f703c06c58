/** Turns a typed kind into one that fits the registry: it takes outside data and checks it against the kind's schemas first. */
import { type FieldProblem, HubError } from '@nave/core';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import type { Adapter, AdapterContext, OperationDeclaration, PollDeclaration, SpokeConnection, ValidateContext } from './adapter.ts';
import { checkSchema } from './check-schema.ts';

/** A kind whose config and credential types are erased; everything that needs them takes `unknown` and checks it. */
export interface ErasedAdapter
  extends Pick<
    Adapter,
    | 'kind'
    | 'title'
    | 'family'
    | 'summary'
    | 'config'
    | 'credentials'
    | 'operations'
    | 'events'
    | 'verify'
    | 'defaults'
    | 'docs'
    | 'receive'
  > {
  /** False for kinds that only send to the hub; `open` then throws. */
  readonly delivers: boolean;
  /**
   * Everything wrong with a spoke of this kind, with JSON Pointers below the spoke (`/config/...`, `/credentials/...`): both schemas, and
   * when they fit, what only the kind can check. Absent config and credentials are checked as `{}` and as the kind's empty credentials.
   */
  check(config: unknown, credentials: unknown, context: ValidateContext): readonly FieldProblem[];
  /** The operations of one configured spoke; the kind's own ones when the config does not fit its schema. */
  operationsOf(config: unknown): readonly OperationDeclaration[];
  /** Polls that a spoke of this kind has whatever else is configured, for documents and galleries; null where they all come from its config. */
  polls: readonly PollDeclaration[] | null;
  /** The polls of one configured spoke; none when the config does not fit its schema. */
  pollsOf(config: unknown): readonly PollDeclaration[];
  /** @throws HubError `request.invalid` when config or credentials do not fit, or the kind does not deliver */
  open(config: unknown, context: AdapterContext<unknown>): Promise<SpokeConnection>;
}

const EMPTY: unknown = {};

/** Declares a kind. */
export function defineAdapter<Config extends TSchema, Credentials extends TSchema>(adapter: Adapter<Config, Credentials>): ErasedAdapter {
  const { kind, title, family, summary, config, credentials, operations, events, verify, defaults, docs, polls = [] } = adapter;
  return {
    ...{ kind, title, family, summary, config, credentials, operations, events, verify, defaults, docs },
    ...(adapter.receive ? { receive: adapter.receive } : {}),
    delivers: adapter.deliver !== undefined,
    check(configValue, credentialsValue, context) {
      const givenConfig = configValue ?? {};
      const givenCredentials = credentialsValue ?? emptyCredentials(credentials);
      const problems = [...checkSchema(config, givenConfig, '/config'), ...checkSchema(credentials, givenCredentials, '/credentials')];
      if (problems.length > 0) return problems;
      if (!Check(config, givenConfig) || !Check(credentials, givenCredentials)) return problems;
      return adapter.validate?.(givenConfig, givenCredentials, context) ?? [];
    },
    operationsOf(value) {
      const given = value ?? {};
      return adapter.operationsOf && Check(config, given) ? adapter.operationsOf(given) : operations;
    },
    polls: typeof polls !== 'function' ? polls : Check(config, EMPTY) ? polls(EMPTY) : null,
    pollsOf(value) {
      const given = value ?? {};
      if (!Check(config, given)) return [];
      return typeof polls === 'function' ? polls(given) : polls;
    },
    async open(value, context) {
      if (!adapter.deliver)
        throw new HubError('request.invalid', { detail: `A spoke of kind ${kind} only sends: nothing can be delivered to it.` });
      const givenConfig = value ?? {};
      const givenCredentials = context.credentials ?? emptyCredentials(credentials);
      if (!Check(config, givenConfig)) throw invalid(kind, checkSchema(config, givenConfig, '/config'));
      if (!Check(credentials, givenCredentials)) throw invalid(kind, checkSchema(credentials, givenCredentials, '/credentials'));
      return adapter.deliver.open(givenConfig, { ...context, credentials: givenCredentials });
    },
  };
}

/** What stands for credentials that were not given: `{ type: 'none' }` where the kind allows it, else `{}`. */
export function emptyCredentials(schema: TSchema): unknown {
  const none = { type: 'none' };
  return Check(schema, none) ? none : {};
}

function invalid(kind: string, errors: readonly FieldProblem[]): HubError {
  return new HubError('request.invalid', { detail: `The spoke does not fit its kind ${kind}.`, errors });
}
