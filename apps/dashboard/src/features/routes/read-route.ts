/** Reads a route from what somebody wrote as text. Nothing is passed over: what the form would lose is a problem. */
import type { RouteInput } from '@nave/api-schema';
import { joinPointer } from '../../parts/schema-form/pointer.ts';
import { isJsonObject, type JsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';

export interface ReadProblem {
  /** JSON Pointer. */
  path: string;
  code: 'object' | 'list' | 'text' | 'choice' | 'flag' | 'unknown' | 'missing';
}

const ROUTE = [
  'name',
  'from',
  'when',
  'orderingKey',
  'steps',
  'mode',
  'timeout',
  'reply',
  'onTimeout',
  'onFailure',
  'onHangup',
  'cache',
  'enabled',
];
const IGNORED = ['version', 'createdAt', 'updatedAt', 'createdBy'];

export function readRoute(value: unknown): { route: RouteInput } | { problems: ReadProblem[] } {
  const problems: ReadProblem[] = [];
  const say = (path: string, code: ReadProblem['code']) => {
    problems.push({ path, code });
    return undefined;
  };
  const fieldsOf = (at: unknown, path: string, known: readonly string[]): JsonObject => {
    if (!isJsonObject(at)) {
      say(path, at === undefined ? 'missing' : 'object');
      return {};
    }
    for (const name of Object.keys(at)) if (!known.includes(name)) say(joinPointer(path, name), 'unknown');
    return at;
  };
  const text = (object: JsonObject, base: string, name: string, required = false): string | null => {
    const found = ownValue(object, name) ?? null;
    if (typeof found === 'string') return found;
    // What YAML reads as a number or a flag is an expression too: `when: true`.
    if (typeof found === 'number' || typeof found === 'boolean') return String(found);
    if (found !== null) say(joinPointer(base, name), 'text');
    else if (required) say(joinPointer(base, name), 'missing');
    return null;
  };
  const choice = <T extends string>(object: JsonObject, name: string, choices: readonly T[]): T | undefined => {
    const found = ownValue(object, name) ?? undefined;
    return found === undefined ? undefined : (choices.find((one) => one === found) ?? say(`/${name}`, 'choice'));
  };
  const flag = (object: JsonObject, base: string, name: string): boolean | undefined => {
    const found = ownValue(object, name) ?? undefined;
    return found === undefined || typeof found === 'boolean' ? found : say(joinPointer(base, name), 'flag');
  };

  const route = fieldsOf(value, '', [...ROUTE, ...IGNORED]);
  if (!isJsonObject(value)) return { problems };
  const from = fieldsOf(ownValue(route, 'from'), '/from', ['spoke', 'type']);
  const list = ownValue(route, 'steps');
  if (list !== undefined && !Array.isArray(list)) say('/steps', 'list');
  else if (!Array.isArray(list)) say('/steps', 'missing');
  const steps = (Array.isArray(list) ? list : []).map((each: unknown, index) => {
    const base = `/steps/${index}`;
    const step = fieldsOf(each, base, ['name', 'to', 'operation', 'input', 'atMostOnce']);
    const atMostOnce = flag(step, base, 'atMostOnce');
    return {
      ...{ name: text(step, base, 'name') ?? '', to: text(step, base, 'to') ?? '' },
      ...{ operation: text(step, base, 'operation'), input: text(step, base, 'input') },
      ...(atMostOnce === undefined ? {} : { atMostOnce }),
    };
  });
  const reply = ownValue(route, 'reply') ?? null;
  const cache = ownValue(route, 'cache') ?? null;
  const answer = reply === null ? null : fieldsOf(reply, '/reply', ['status', 'headers', 'body']);
  const headers = answer === null || (ownValue(answer, 'headers') ?? null) === null ? null : ownValue(answer, 'headers');
  const named = headers === null ? {} : isJsonObject(headers) ? headers : (say('/reply/headers', 'object') ?? {});
  const kept = cache === null ? null : fieldsOf(cache, '/cache', ['key', 'ttl']);
  const mode = choice(route, 'mode', ['async', 'reply']);
  const [onTimeout, onFailure, onHangup] = ['onTimeout', 'onFailure', 'onHangup'].map((name) => choice(route, name, ['finish', 'cancel']));
  const enabled = flag(route, '', 'enabled');
  const status = answer === null ? null : ownValue(answer, 'status');
  const read: RouteInput = {
    from: { spoke: text(from, '/from', 'spoke') ?? '', type: text(from, '/from', 'type') ?? '' },
    ...{ when: text(route, '', 'when'), orderingKey: text(route, '', 'orderingKey'), steps, timeout: text(route, '', 'timeout') },
    ...(mode === undefined ? {} : { mode }),
    ...(onTimeout === undefined ? {} : { onTimeout }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(onHangup === undefined ? {} : { onHangup }),
    ...(enabled === undefined ? {} : { enabled }),
    reply:
      answer === null
        ? null
        : {
            status: typeof status === 'number' ? status : text(answer, '/reply', 'status'),
            headers: Object.fromEntries(Object.keys(named).map((name) => [name, text(named, '/reply/headers', name) ?? ''])),
            body: text(answer, '/reply', 'body'),
          },
    cache: kept === null ? null : { key: text(kept, '/cache', 'key') ?? '', ttl: text(kept, '/cache', 'ttl') ?? '' },
  };
  return problems.length === 0 ? { route: read } : { problems };
}
