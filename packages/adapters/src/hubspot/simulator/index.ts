/** A simulated HubSpot, for the demo and the tests: objects with unique properties, batches that go through in part, both limits, signed events. */
import { createHmac } from 'node:crypto';
import { type SimulatedAnswer, type SimulatedRequest, type Simulator, startSimulator } from '../../simulator-kit/start-simulator.ts';
import { HubspotRecords, type SimulatedObject } from './records.ts';

export interface HubspotSimulator extends Simulator {
  /** Records of a type that are not archived, oldest first. */
  records(type: string): readonly SimulatedObject[];
  /** `type/id type/id`, in both directions. */
  associations(): readonly string[];
  /** Tokens of before are expired from now on; this one is valid. */
  renew(token: string): void;
  /** Sends events as HubSpot does: a list, signed v3 over the URL it was told. Answers the status of the receiver. */
  emit(url: string, events: readonly object[]): Promise<number>;
}

export interface HubspotOptions {
  port?: number;
  /** The access token callers need. Default `pat-test`. */
  token?: string;
  /** Of the app, for signatures. */
  clientSecret?: string;
  portalId?: number;
  timeZone?: string;
  /** Properties with unique values beside the e-mail of contacts. */
  unique?: Readonly<Record<string, readonly string[]>>;
  /** Types the token may not touch. */
  withoutScopes?: readonly string[];
  /** Requests in ten seconds and in a day. */
  limits?: { tenSeconds?: number; day?: number };
  /** How long a change takes to show up in searches, in ms. */
  indexDelayMs?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

const TEN_SECONDS_MS = 10_000;

/**
 * `/crm/objects/{version}/...` and `/crm/v3/objects/...`: create (409 for a value that is taken), read, update, archive, search (ends at 10,000), batch upsert
 * (with trace ids 207 and one error per input, without them the whole batch is refused), associations, and the account.
 */
export async function startHubspotSimulator(options: HubspotOptions = {}): Promise<HubspotSimulator> {
  const {
    port,
    clientSecret = 'client-secret',
    portalId = 123_456,
    timeZone = 'Europe/Prague',
    withoutScopes = [],
    limits = {},
    now = Date.now,
  } = options;
  const records = new HubspotRecords(options.unique ?? {}, now, options.indexDelayMs ?? 0);
  const links = new Set<string>();
  let token = options.token ?? 'pat-test';
  const expired = new Set<string>();
  const recent: number[] = [];
  let today = 0;

  function answer(request: SimulatedRequest): SimulatedAnswer {
    const given = /^Bearer (.*)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    if (expired.has(given))
      return refusal(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired 7 second(s) ago.');
    if (given !== token) return refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
    const limited = limit(request.target.includes('/search'));
    return limited ?? { ...route(request) };
  }

  function limit(search: boolean): SimulatedAnswer | null {
    const at = now();
    while (recent[0] !== undefined && recent[0] <= at - TEN_SECONDS_MS) recent.shift();
    const { tenSeconds = 190, day = 650_000 } = limits;
    if (today >= day) return tooMany('DAILY', 'daily', { daily: day });
    if (recent.length >= tenSeconds)
      return tooMany(search ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING', search ? 'secondly' : 'ten_secondly_rolling', {});
    recent.push(at);
    today++;
    return null;
  }

  function route(request: SimulatedRequest): SimulatedAnswer {
    const url = new URL(request.target, 'http://hubspot.invalid');
    if (/^\/account-info\/[^/]+\/details$/.test(url.pathname)) {
      const left = (limits.day ?? 650_000) - today;
      return json(
        200,
        { portalId, timeZone, accountType: 'STANDARD', uiDomain: 'app.hubspot.com' },
        { 'X-HubSpot-RateLimit-Daily-Remaining': String(left) },
      );
    }
    const path = /^\/crm\/(?:objects\/[^/]+|v[34]\/objects)\/(.+)$/.exec(url.pathname)?.[1];
    if (path === undefined) return refusal(404, 'OBJECT_NOT_FOUND', 'resource not found');
    const [type = '', ...rest] = path.split('/').map(decodeURIComponent);
    if (withoutScopes.includes(type))
      return json(403, {
        status: 'error',
        category: 'MISSING_SCOPES',
        message: 'no',
        errors: [{ context: { requiredGranularScopes: [`crm.objects.${type}.read`] } }],
      });
    const body = request.body.length === 0 ? {} : parse(request.body.toString('utf8'));
    if (body === undefined) return refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON');
    if (rest[1] === 'associations') return associate(type, rest, request.method);
    if (rest.length === 2 && rest[0] === 'batch' && rest[1] === 'upsert') return records.upsert(type, body);
    if (rest.length === 1 && rest[0] === 'search') return records.search(type, body);
    if (rest.length === 0)
      return request.method === 'POST' ? records.create(type, body) : json(200, { results: records.all(type).slice(0, 1) });
    const [id] = rest;
    return id === undefined || rest.length > 1
      ? refusal(404, 'OBJECT_NOT_FOUND', 'resource not found')
      : records.one(type, id, url.searchParams.get('idProperty'), request.method, body);
  }

  function associate(type: string, [id = '', , ...rest]: readonly string[], method: string): SimulatedAnswer {
    const [toType = '', toId = ''] = rest[0] === 'default' ? rest.slice(1) : rest;
    const from = `${type}/${id}`;
    const to = `${toType}/${toId}`;
    if (method === 'DELETE') {
      links.delete(`${from} ${to}`);
      links.delete(`${to} ${from}`);
      return { status: 204 };
    }
    if (!records.has(type, id) || !records.has(toType, toId)) return refusal(404, 'OBJECT_NOT_FOUND', 'One of the objects does not exist');
    links.add(`${from} ${to}`);
    links.add(`${to} ${from}`);
    return json(200, { status: 'COMPLETE', results: [] });
  }

  const simulator = await startSimulator(answer, port);
  return {
    ...simulator,
    records: (type) => records.all(type),
    associations: () => [...links].sort(),
    renew(next) {
      expired.add(token);
      token = next;
    },
    async emit(url, events) {
      const body = JSON.stringify(events);
      const timestamp = String(now());
      const signature = createHmac('sha256', clientSecret).update(`POST${url}${body}${timestamp}`).digest('base64');
      const headers = { 'Content-Type': 'application/json', 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': timestamp };
      const response = await fetch(url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    },
  };
}

function tooMany(policyName: string, words: string, { daily }: { daily?: number }): SimulatedAnswer {
  const headers: Record<string, string> =
    daily === undefined
      ? { 'X-HubSpot-RateLimit-Interval-Milliseconds': '10000' }
      : { 'X-HubSpot-RateLimit-Daily': String(daily), 'X-HubSpot-RateLimit-Daily-Remaining': '0' };
  return json(
    429,
    {
      status: 'error',
      message: `You have reached your ${words} limit.`,
      errorType: 'RATE_LIMIT',
      correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
      policyName,
    },
    headers,
  );
}

function refusal(status: number, category: string, message: string): SimulatedAnswer {
  return json(status, { status: 'error', category, message, correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf' });
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SimulatedAnswer {
  return { status, headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers }, body: JSON.stringify(body) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
