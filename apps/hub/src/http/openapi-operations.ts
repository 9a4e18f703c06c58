/** The operations of an OpenAPI document, one by one. */
export interface Operation {
  /** `GET /api/v1/spokes/{name}`. */
  name: string;
  method: string;
  path: string;
  operation: Readonly<Record<string, unknown>>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'head', 'options'];

export function operationsOf(document: unknown): Operation[] {
  const paths = isObject(document) && isObject(document['paths']) ? document['paths'] : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = isObject(item) ? item[method] : undefined;
      return isObject(operation) ? [{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation }] : [];
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
