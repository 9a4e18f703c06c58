/** The `nave.yaml` a command names: read, its secrets fetched, its problems told with their lines. */
import { dirname, isAbsolute, join } from 'node:path';
import { type NaveYaml, parseNaveYaml } from '@nave/api-schema/nave-yaml';
import { ApiError } from '@nave/sdk';
import type { Arguments } from './command.ts';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { paint } from './output/paint.ts';

export interface NaveFile {
  name: string;
  content: Extract<NaveYaml, { ok: true }>;
}

/** Reads what `--file` names, `-` for standard input; warns about secrets written out. @throws Complaint */
export async function readNaveFile(args: Arguments, io: Io): Promise<NaveFile> {
  const path = args.text('file');
  if (path === undefined) throw new Complaint(EXIT.usage, 'which file? name it with -f nave.yaml');
  const name = path === '-' ? 'standard input' : path;
  const base = path === '-' ? '.' : dirname(path);
  const content = parseNaveYaml(path === '-' ? await io.readInput() : textOf(path, io), {
    env: (variable) => io.env(variable),
    file: (file) => io.readFile(isAbsolute(file) ? file : join(base, file)),
  });
  if (!content.ok) throw new Complaint(EXIT.usage, ...content.problems.map((problem) => placed(name, problem)));
  for (const warning of content.warnings) io.err(`${paint(io, 'yellow', 'warning')}  ${placed(name, warning)}`);
  return { name, content };
}

/** What the hub says against the file, at the lines it is about; anything else is thrown again. */
export function refusedFile(error: unknown, { name, content }: NaveFile): unknown {
  if (!(error instanceof ApiError) || error.status !== 422 || !error.problem.errors?.length) return error;
  const lines = error.problem.errors.map(({ path, message }) => placed(name, { path, message, ...content.locate(path) }));
  return new Complaint(EXIT.failed, ...lines);
}

function placed(name: string, { path, line, column, message }: { path: string; line: number; column: number; message: string }): string {
  return `${name}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`;
}

function textOf(path: string, io: Io): string {
  try {
    return io.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Complaint(EXIT.usage, `${path} cannot be read${code}; name the file with -f`);
  }
}
