/** No verification, written out so that nobody has it by accident. */
import type { SchemeDefinition } from '../scheme-definition.ts';

/** Lets everybody in. `acknowledge` is demanded by the hub when it does not listen on loopback. */
export const none: SchemeDefinition = {
  name: 'none',
  title: 'None',
  summary: 'Anybody who knows the URL may send.',
  options: {
    type: 'object',
    properties: { acknowledge: { type: 'boolean', description: 'Confirms that anybody who reaches the hub may send.', default: false } },
    additionalProperties: false,
  },
  secretRequired: false,
  proves: 'nothing',
  compile: () => () => ({ ok: true, callerIdempotencyKey: true }),
};
