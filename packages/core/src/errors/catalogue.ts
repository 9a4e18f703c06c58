/** Every error code Nave answers with: its category and the title shown to people. `docs/errors.md` lists the same codes; a test compares them. */
export const ERROR_CATALOGUE = {
  'request.malformed': { category: 'invalid', title: 'The request cannot be read' },
  'request.invalid': { category: 'unprocessable', title: 'The request is well-formed but not valid' },
  'request.cursor': { category: 'invalid', title: 'The cursor is not valid' },
  'request.too-large': { category: 'too-large', title: 'The request is too large' },
  'request.media-type': { category: 'media-type', title: 'The content type is not supported' },
  'request.method': { category: 'method', title: 'The method is not allowed here' },
  'auth.missing': { category: 'unauthenticated', title: 'A key is required' },
  'auth.invalid': { category: 'unauthenticated', title: 'The key is not valid' },
  'auth.signature': { category: 'unauthenticated', title: 'The signature is not valid' },
  'auth.unavailable': { category: 'unavailable', title: 'The caller cannot be checked right now' },
  'auth.forbidden': { category: 'forbidden', title: 'The key may not do this' },
  'auth.origin': { category: 'forbidden', title: 'The request does not come from this hub' },
  'resource.not-found': { category: 'not-found', title: 'Not found' },
  'resource.exists': { category: 'conflict', title: 'The name is taken' },
  'resource.referenced': { category: 'conflict', title: 'Still in use' },
  'resource.stale': { category: 'stale', title: 'Someone else changed this in the meantime' },
  'state.conflict': { category: 'conflict', title: 'Not possible in this state' },
  'ingress.schema': { category: 'unprocessable', title: 'The body breaks the schema of the spoke' },
  'ingress.no-spoke': { category: 'unprocessable', title: 'No spoke to publish as' },
  'limit.rate': { category: 'limited', title: 'Too many requests' },
  'limit.overload': { category: 'unavailable', title: 'The hub is busy' },
  'store.unavailable': { category: 'unavailable', title: 'The database cannot be reached' },
  'store.conflict': { category: 'conflict', title: 'The database refused the change' },
  'queue.unavailable': { category: 'unavailable', title: 'The queue cannot be reached' },
  'hub.stopping': { category: 'unavailable', title: 'The hub is stopping' },
  'reply.refused': { category: 'bad-gateway', title: 'The spoke refused the call' },
  'reply.filtered': { category: 'unprocessable', title: 'The route does not take this call' },
  'reply.held': { category: 'unavailable', title: 'The spoke is not called at the moment' },
  'reply.running': { category: 'conflict', title: 'A call with this key is still under way' },
  'reply.unknown': { category: 'bad-gateway', title: 'Nobody knows yet whether the spoke did it' },
  'reply.mapping': { category: 'bad-gateway', title: 'The answer of the spoke cannot be mapped' },
  'reply.timeout': { category: 'gateway-timeout', title: 'The spoke did not answer in time' },
  'expression.compile': { category: 'unprocessable', title: 'The expression does not compile' },
  'expression.evaluate': { category: 'unprocessable', title: 'The expression failed' },
  'expression.limit': { category: 'unprocessable', title: 'The expression used too much time or memory' },
  'seal.destroyed': { category: 'gone', title: 'The content was destroyed as its retention asks' },
  'seal.key': { category: 'internal', title: 'A stored value cannot be opened' },
  'address.refused': { category: 'forbidden', title: 'The address may not be reached' },
  'hub.internal': { category: 'internal', title: 'Something went wrong in the hub' },
} as const satisfies Record<string, { category: ErrorCategory; title: string }>;

export type ErrorCategory =
  | 'invalid'
  | 'unprocessable'
  | 'too-large'
  | 'media-type'
  | 'method'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'stale'
  | 'limited'
  | 'unavailable'
  | 'bad-gateway'
  | 'gateway-timeout'
  | 'internal';

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
