/** Which hub, and with which key. */
import { type Client, createClient } from '@nave/sdk';
import type { Arguments } from './command.ts';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';

const DEFAULT_URL = 'http://127.0.0.1:7070';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws Complaint */
export function connect(args: Arguments, io: Io): Client {
  const url = args.text('url') ?? nonEmpty(io.env('NAVE_URL')) ?? DEFAULT_URL;
  const key = args.text('key') ?? nonEmpty(io.env('NAVE_KEY')) ?? keyFile(url, io);
  try {
    return createClient({ url, key, fetch: io.fetch });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Complaint(EXIT.usage, `${error.message}; see --url and --key in nave help`);
  }
}

/** The key a hub on this machine left; it is not sent to any other one. */
function keyFile(url: string, io: Io): string | null {
  if (!LOOPBACK.test(URL.parse(url)?.hostname ?? '')) return null;
  try {
    return nonEmpty(io.readFile(`${nonEmpty(io.env('NAVE_DATA_DIR')) ?? '.nave'}/admin.key`).trim()) ?? null;
  } catch {
    return null;
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
