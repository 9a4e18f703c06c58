/** Every operation of a running hub, from its own OpenAPI document, with the values that make a path point at something that exists. */
import { at } from '../harness/json.ts';

export interface Operation {
  /** `PUT /api/v1/spokes/{name}` */
  title: string;
  method: string;
  /** With `{parameters}`. */
  path: string;
  parameters: readonly string[];
  takesBody: boolean;
  query: readonly string[];
  /** Webhooks take any body and any content type. */
  isHook: boolean;
  /** Open to anyone. */
  open: boolean;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export function operationsOf(document: unknown): Operation[] {
  const operations: Operation[] = [];
  const paths = at(document, 'paths');
  if (typeof paths !== 'object' || paths === null) throw new Error('no paths in the OpenAPI document');
  for (const path of Object.keys(paths)) {
    // Their refusals are SOAP faults, which have a suite of their own (apps/hub/src/http/soap).
    if (path.startsWith('/soap/')) continue;
    for (const method of METHODS) {
      const found: unknown = Reflect.get(Object(Reflect.get(paths, path)), method);
      if (typeof found !== 'object' || found === null) continue;
      const security = at(found, 'security');
      operations.push({
        title: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? ''),
        takesBody: at(found, 'requestBody') !== undefined || (path === '/hooks/{spoke}' && method === 'post'),
        query: queryOf(at(found, 'parameters')),
        isHook: path.startsWith('/hooks/'),
        open: Array.isArray(security) && security.length === 0,
      });
    }
  }
  return operations;
}

/** A path with its parameters filled in, by name. */
export function fill(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => values[name] ?? name);
}

function queryOf(parameters: unknown): string[] {
  if (!Array.isArray(parameters)) return [];
  return parameters.filter((each: unknown) => at(each, 'in') === 'query').map((each: unknown) => String(at(each, 'name')));
}
