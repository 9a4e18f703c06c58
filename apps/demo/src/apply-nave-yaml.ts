/** Applies the demo's `nave.yaml`, with the ports and secrets of the simulated systems filled in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseNaveYaml } from '@nave/api-schema/nave-yaml';
import { COMPANY_SECRETS, type Company } from './systems/company.ts';
import type { HubPort } from './watch/hub-port.ts';

const NAVE_YAML = fileURLToPath(new URL('../nave.yaml', import.meta.url));

/** The variables `nave.yaml` asks for. */
export function companyVariables({ erp, crm, directory, messenger }: Company): Record<string, string> {
  return { ...COMPANY_SECRETS, ERP_URL: erp.url, CRM_URL: crm.url, DIRECTORY_URL: directory.url, MESSENGER_URL: messenger.url };
}

/** @throws Error naming each line that cannot be applied */
export async function applyNaveYaml(hub: HubPort, company: Company): Promise<void> {
  const variables = new Map(Object.entries(companyVariables(company)));
  const parsed = parseNaveYaml(readFileSync(NAVE_YAML, 'utf8'), {
    env: (name) => variables.get(name),
    file: (path) => readFileSync(path, 'utf8'),
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, path, message }) => `nave.yaml:${line} ${path}: ${message}`).join('\n'));
  await hub.apply(parsed.config);
}
