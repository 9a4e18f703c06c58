export type { NaveYaml, NaveYamlNote, NaveYamlReaders } from './parse-nave-yaml.ts';
export { parseNaveYaml } from './parse-nave-yaml.ts';
