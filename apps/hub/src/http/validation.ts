/** How requests are checked against their schemas: everything wrong at once, nothing removed, and only text parameters converted. */

import { HubError } from '@nave/core';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { fieldProblems } from './field-problems.ts';
import { summary } from './problem.ts';

/** The validator compiler of the whole app. Bodies must be what they claim; query and path parameters are text and become numbers and booleans. */
export function validatorCompiler(): FastifySchemaCompiler<object> {
  const bodies = compiler(false);
  const parameters = compiler(true);
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : parameters).compile(schema);
}

/**
 * Checks a body that was made here (a patched document) the way a sent one is checked.
 * @throws HubError `request.invalid` with all problems
 */
export function bodyChecker<T extends TSchema>(schema: T): (value: unknown) => Static<T> {
  const validate = compiler(false).compile<Static<T>>(schema);
  return (value) => {
    if (validate(value)) return value;
    const errors = fieldProblems(validate.errors ?? [], '');
    throw new HubError('request.invalid', { detail: summary(errors), errors });
  };
}

function compiler(coerceTypes: boolean): Ajv {
  // `strict` would refuse our annotations (x-nave-secret).
  const ajv = new Ajv({ allErrors: true, strict: false, removeAdditional: false, useDefaults: true, coerceTypes, validateFormats: true });
  formats.default(ajv);
  return ajv;
}
