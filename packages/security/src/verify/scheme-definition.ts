/** What a verification scheme is: described as data for forms and validation, compiled once per spoke. */
import type { Clock, FieldProblem, HandshakeAnswer, RawRequest, Verdict, VerifyScheme } from '@nave/core';
import type { NonceMemory } from './nonce-memory.ts';

/** A compiled scheme: keeps nothing of a request, never throws for what one holds. */
export type SchemeCheck = (request: RawRequest) => Verdict | Promise<Verdict>;

export interface VerifyDeps {
  clock: Clock;
  /**
   * Fetches a JWK Set through the guarded client, with its own timeout and size cap.
   * Only asked for URLs written in the configuration, never for one named in a token.
   */
  fetchJwks?: ((url: string) => Promise<{ keys: readonly unknown[] }>) | undefined;
  /** Shared by all hubs; without it each process remembers for itself. */
  nonces?: NonceMemory | undefined;
}

export interface SchemeDefinition {
  name: string;
  title: string;
  /** One sentence for people who choose. */
  summary: string;
  /** JSON Schema of the options (all that is not `scheme`, `secret` or `secrets`). */
  options: OptionsSchema;
  secretRequired: boolean;
  /** `content`: signs the body; `caller`: knows who calls; `origin`: only narrows where calls come from; `nothing`: lets everybody in. */
  proves: 'content' | 'caller' | 'origin' | 'nothing';
  /** Problems a JSON Schema cannot express; only asked when the options fit the schema. */
  problems?: (scheme: VerifyScheme) => readonly FieldProblem[];
  compile: (scheme: VerifyScheme, deps: VerifyDeps) => SchemeCheck;
  /** Lower-case names of headers that carry a credential or signature. */
  sensitiveHeaders?: (options: VerifyScheme['options']) => readonly string[];
  /** Names of query parameters that carry a credential. */
  sensitiveQuery?: (options: VerifyScheme['options']) => readonly string[];
  /** Answers a provider's verification handshake by GET; null when this request is none. None of the built-in schemes has one. */
  handshake?: (scheme: VerifyScheme, request: RawRequest) => HandshakeAnswer | null;
}

/** The subset of JSON Schema that `option-problems.ts` checks. A type, so that it passes where a plain record is expected. */
export type OptionsSchema = {
  type: 'object';
  properties: Readonly<Record<string, OptionSchema>>;
  required?: readonly string[];
  additionalProperties: false;
};

export type OptionSchema = {
  type: OptionType | readonly OptionType[];
  description: string;
  default?: unknown;
  enum?: readonly string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: { type: 'string'; enum?: readonly string[]; minLength?: number; maxLength?: number };
  minItems?: number;
  maxItems?: number;
};

export type OptionType = 'string' | 'integer' | 'boolean' | 'array';

/** A refusal with the reason shown to operators: never a value from the request. */
export function refuse(reason: string): Verdict {
  return { ok: false, reason };
}
