/** How requests are checked against their schemas: everything wrong at once, nothing removed, and only text parameters converted. */
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

/** The validator compiler of the whole app. Bodies must be what they claim; query and path parameters are text and become numbers and booleans. */
export function validatorCompiler(): FastifySchemaCompiler<object> {
  const bodies = compiler(false);
  const parameters = compiler(true);
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : parameters).compile(schema);
}

function compiler(coerceTypes: boolean): Ajv {
  // `strict` would refuse our annotations (x-nave-secret).
  const ajv = new Ajv({ allErrors: true, strict: false, removeAdditional: false, useDefaults: true, coerceTypes, validateFormats: true });
  formats.default(ajv);
  return ajv;
}
