// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references of a nave.yaml look like that.
/** Reads a `nave.yaml`: YAML to a checked configuration, with its secrets fetched and every complaint at a line. */
import { Settings } from 'typebox/system';
import { Value } from 'typebox/value';
import { ConfigurationInput } from '../configuration.ts';
import { configurationProblems, type SchemaError } from './configuration-problems.ts';
import { holdsSecret } from './holds-secret.ts';
import { readYaml } from './read-yaml.ts';
import { hasReference, type ReferenceReaders, resolveReferences } from './resolve-references.ts';

/** Where references get their values; passed in, so that this module reads neither environment nor disk. */
export type NaveYamlReaders = ReferenceReaders;

/** Something to say about one place of the file. */
export interface NaveYamlNote {
  /** JSON Pointer (RFC 6901); empty for the whole file. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Never contains a resolved value. */
  message: string;
}

export type NaveYaml =
  | {
      ok: true;
      config: ConfigurationInput;
      /** Secrets written out in the file. */
      warnings: NaveYamlNote[];
      /** The place of a JSON Pointer, or of its nearest parent in the file. */
      locate(pointer: string): { line: number; column: number };
    }
  | { ok: false; problems: NaveYamlNote[] };

const NOTES_MAX = 100;
/** Of the schema, before they are made problems: a union tells one for each of its forms. */
const ERRORS_MAX = 1_000;

/**
 * Parses `{ spokes: { name: {...} }, routes: { name: {...} } }`. In every string value `${env:NAME}` and `${file:path}` are replaced;
 * `$${env:NAME}` stands for the text `${env:NAME}`. Custom tags, merge keys, cycles and alias bombs are refused.
 * @param text the file, at most 5 Mi characters
 */
export function parseNaveYaml(text: string, readers: NaveYamlReaders): NaveYaml {
  const warnings: NaveYamlNote[] = [];
  const read = readYaml(text, (value, path, place) => {
    if (!hasReference(value)) {
      if (holdsSecret(path)) warnings.push({ path, ...place, message: 'a secret is written out here; use ${env:NAME} or ${file:path}' });
      return { ok: true, value };
    }
    return resolveReferences(value, readers);
  });
  if (!read.ok) return { ok: false, problems: read.problems.slice(0, NOTES_MAX) };
  const { value, locate } = read;
  // `spokes:` with nothing below it is an empty list of spokes.
  const config = isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null)) : value;
  if (!Value.Check(ConfigurationInput, config)) {
    const problems = configurationProblems(errorsOf(config));
    return { ok: false, problems: problems.slice(0, NOTES_MAX).map(({ path, message }) => ({ path, ...locate(path), message })) };
  }
  return { ok: true, config, warnings: warnings.slice(0, NOTES_MAX), locate };
}

/** TypeBox stops at 8 unless told otherwise, which is a setting of the whole process. */
function errorsOf(config: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: ERRORS_MAX });
  try {
    return Value.Errors(ConfigurationInput, config);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
