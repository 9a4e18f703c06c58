/** The check of a `pohoda` spoke: mServer's status page, then a harmless question that shows company and rights. */
import type { HttpExchangeResult, ProbeResult } from '@nave/adapter-kit';
import { parseXml } from '@nave/adapter-kit';
import type { SpokePolicy } from '@nave/core';
import { probeOfExchange } from '@nave/protocols';
import type { MServer } from './client.ts';
import type { PohodaConfig } from './config.ts';
import { invoicesRequest } from './documents/list.ts';
import { failureOf } from './judge-pack.ts';
import { decodeXml, readResponse } from './read-response.ts';
import { buildDataPack } from './xml/data-pack.ts';
import { childOf, isTree, textAt, type XmlTree } from './xml/tree.ts';

type Check = ProbeResult['checks'][number];

const PROBE_TIMEOUT_MS = 10_000;
const BUSY = /busy|processing|working|zpracov/i;

export async function probePohoda(server: MServer, config: PohodaConfig, policy: SpokePolicy, signal: AbortSignal): Promise<ProbeResult> {
  if (server.problem !== null) return probeOf([{ name: 'credentials', ok: false, detail: server.problem }]);
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const result = await server.status(timeoutMs, signal);
  if (!result.ok) return probeOfExchange(result, false);
  const status = statusOf(result, server);
  const checks: Check[] = [];
  const refused = result.status === 401 || result.status === 403;
  if (status !== null) {
    checks.push({ name: 'reachable', ok: true, detail: `mServer answers${status.company === null ? '' : `, ${status.company} is open`}` });
    if (status.busy) {
      checks.push({
        name: 'idle',
        ok: true,
        detail: 'Pohoda is busy with another request just now; company and rights were not asked for',
      });
      return probeOf(checks);
    }
  }
  if (status === null && !refused) checks.push(notMServer(result.status));
  // A status page that only some may see says nothing about what this user may do.
  else checks.push(...(await askRights(server, config, timeoutMs, signal)));
  return probeOf(checks);
}

async function askRights(server: MServer, config: PohodaConfig, timeoutMs: number, signal: AbortSignal): Promise<Check[]> {
  const { root, element } = invoicesRequest({}, undefined, { count: '1' });
  const built = buildDataPack({ root, element, packId: 'nave-check', itemId: 'check', note: 'check' }, config, server.codec);
  if (!built.ok) return [{ name: 'company', ok: false, detail: built.reason }];
  const { result } = await server.post(built.bytes, { send: null, timeoutMs, once: false }, signal);
  if (!result.ok) {
    const detail =
      result.failure === 'timeout' ? 'no answer in time: Pohoda works on something longer, or shows a window to its user' : result.detail;
    return [{ name: 'answer', ok: false, detail }];
  }
  if (result.status === 401) return [{ name: 'credentials', ok: false, detail: 'Pohoda does not know the user or the password (401)' }];
  if (result.status === 403)
    return [
      {
        name: 'rights',
        ok: false,
        detail: 'the user has no right to XML communication (403): Settings, Access rights, Data communication',
      },
    ];
  if (result.status !== 200) return [notMServer(result.status)];
  const answer = readResponse(result.body, result.headers['content-type'] ?? '', server.codec);
  if (!answer.ok) return [{ name: 'answer', ok: false, detail: `answered 200 with ${answer.reason}: not an mServer` }];
  const { pack } = answer;
  const credentials = { name: 'credentials', ok: true, detail: 'not refused' };
  if (pack.ico !== null && pack.ico !== config.ico)
    return [
      credentials,
      { name: 'company', ok: false, detail: `the company that is open has the ICO ${pack.ico}, the spoke says ${config.ico}` },
    ];
  const failure = failureOf(pack, config);
  if (failure === null)
    return [
      credentials,
      { name: 'company', ok: true, detail: `ICO ${config.ico}${pack.program === null ? '' : `, Pohoda ${pack.program}`}` },
    ];
  const name = /opr[aá]vn[eě]n/i.test(failure) ? 'rights' : /i[cč]o?\b/i.test(failure) ? 'company' : 'answer';
  return [credentials, { name, ok: false, detail: failure }];
}

interface Status {
  busy: boolean;
  company: string | null;
}

/** `/status` in the forms that were seen: elements `status`, `processing`, `companyDetail/company`, with or without a prefix. Null for anything else. */
function statusOf(result: Extract<HttpExchangeResult, { ok: true }>, server: MServer): Status | null {
  if (result.status !== 200) return null;
  const text = decodeXml(result.body, result.headers['content-type'] ?? '', server.codec);
  const parsed = text === null ? null : parseXml(text);
  const root = parsed?.ok && isTree(parsed.data) ? firstElement(parsed.data) : null;
  if (root === null) return null;
  const status = textAt(root, 'status');
  const processing = textAt(root, 'processing');
  if (status === null && processing === null && childOf(root, 'companyDetail') === null) return null;
  return { busy: BUSY.test(status ?? '') || Number(processing) > 0, company: textAt(root, 'companyDetail', 'company') };
}

function firstElement(document: XmlTree): XmlTree | null {
  const value = Object.entries(document).find(([name]) => !name.startsWith('@') && name !== '#text')?.[1];
  return isTree(value) ? value : null;
}

function notMServer(status: number): Check {
  const hint = status === 404 ? 'nothing at this path' : 'not the answer of an mServer';
  return {
    name: 'reachable',
    ok: false,
    detail: `answered ${status}: ${hint}; is the port that of mServer (usually 444), and the path without /xml?`,
  };
}

function probeOf(checks: readonly Check[]): ProbeResult {
  const failed = checks.find(({ ok }) => !ok);
  return { ok: failed === undefined, detail: (failed ?? checks.at(-1))?.detail ?? 'nothing was checked', checks };
}
