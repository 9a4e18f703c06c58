// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references of a nave.yaml look like that.
/** `${env:NAME}` and `${file:path}` in strings of a `nave.yaml`: how secrets stay out of the file. */

export interface ReferenceReaders {
  /** An environment variable; undefined when it is not set. */
  env(name: string): string | undefined;
  /** Text of a file; throws when it cannot be read. Relative paths are the reader's business. */
  file(path: string): string;
}

export type Resolved = { ok: true; value: string } | { ok: false; message: string };

const REFERENCE = /\$?\$\{(env|file):([^}]*)\}/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** As long as the hub takes a secret to be. */
const VALUE_LENGTH_MAX = 65_536;

/** True when the text has references, escaped ones included. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) !== -1;
}

/** Replaces every reference once; what a value contains is not looked at again. A line end at the end of a file is dropped. */
export function resolveReferences(text: string, readers: ReferenceReaders): Resolved {
  const failures: string[] = [];
  const value = text.replaceAll(REFERENCE, (match, kind: string, name: string) => {
    if (match.startsWith('$$')) return match.slice(1);
    const found = kind === 'env' ? fromEnvironment(name, readers) : fromFile(name, readers);
    if (!found.ok) failures.push(found.message);
    return found.ok ? found.value : '';
  });
  return failures.length === 0 ? { ok: true, value } : { ok: false, message: failures.join('; ') };
}

function fromEnvironment(name: string, readers: ReferenceReaders): Resolved {
  if (!VARIABLE_NAME.test(name)) return { ok: false, message: '${env:...} takes the name of an environment variable' };
  return usable(readers.env(name), `environment variable ${name}`, 'is not set');
}

function fromFile(path: string, readers: ReferenceReaders): Resolved {
  if (path.trim() === '') return { ok: false, message: '${file:...} takes a path' };
  let text: string;
  try {
    text = readers.file(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { ok: false, message: `file ${path} cannot be read${code}` };
  }
  return usable(text.replace(/\r?\n$/, ''), `file ${path}`, 'is missing');
}

function usable(value: string | undefined, what: string, missing: string): Resolved {
  if (value === undefined) return { ok: false, message: `${what} ${missing}` };
  if (value === '') return { ok: false, message: `${what} is empty` };
  if (value.length > VALUE_LENGTH_MAX) return { ok: false, message: `${what} is longer than ${VALUE_LENGTH_MAX} characters` };
  return { ok: true, value };
}
