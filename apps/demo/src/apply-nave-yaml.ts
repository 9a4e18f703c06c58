/** Applies the `nave.yaml` of the demo and of every blueprint, with the ports and secrets of the simulated systems filled in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNaveYaml } from '@nave/api-schema/nave-yaml';
import { COMPANY_SECRETS, type Company } from './systems/company.ts';
import type { HubPort } from './watch/hub-port.ts';

const NAVE_YAML = fileURLToPath(new URL('../nave.yaml', import.meta.url));
const BLUEPRINTS = fileURLToPath(new URL('../../../examples/blueprints', import.meta.url));

/** The variables that the files ask for. */
export function companyVariables({ erp, crm, directory, messenger, named }: Company): Record<string, string> {
  const addresses = { ERP_URL: erp.url, CRM_URL: crm.url, DIRECTORY_URL: directory.url, MESSENGER_URL: messenger.url };
  return { ...COMPANY_SECRETS, ...addresses, ...named.variables };
}

/** @throws Error naming each line that cannot be applied */
export async function applyNaveYaml(hub: HubPort, company: Company): Promise<void> {
  const variables = new Map(Object.entries(companyVariables(company)));
  for (const path of [NAVE_YAML, ...blueprints()]) {
    const parsed = parseNaveYaml(readFileSync(path, 'utf8'), {
      env: (name) => variables.get(name),
      file: (file) => readFileSync(file, 'utf8'),
    });
    if (!parsed.ok) throw new Error(parsed.problems.map(({ line, path: at, message }) => `${path}:${line} ${at}: ${message}`).join('\n'));
    await hub.apply(parsed.config);
  }
}

function blueprints(): string[] {
  const folders = readdirSync(BLUEPRINTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(BLUEPRINTS, name, 'nave.yaml')).sort();
}
