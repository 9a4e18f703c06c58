/** The one place that reads `process.env`. */
import { accessSync, constants } from 'node:fs';
import { type LoadResult, load } from './load.ts';

/** Loads the settings of this process; files that are named must be readable. */
export function loadFromProcess(): LoadResult {
  return load(process.env, { isReadable });
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** One variable of the process, for `${env:NAME}` in a `nave.yaml`. */
export function readVariable(name: string): string | undefined {
  return process.env[name];
}
