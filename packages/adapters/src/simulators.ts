/** Simulated systems, one per kind that has one: for `apps/demo` and for tests. */
export * from './active-directory/simulator/index.ts';
export * from './graphql/simulator/index.ts';
export * from './hubspot/simulator/index.ts';
export * from './ldap/simulator/index.ts';
export * from './pohoda/simulator/index.ts';
export * from './rest/simulator/index.ts';
export type { SimulatorFault } from './simulator-kit/faults.ts';
export { selfSignedCertificate } from './simulator-kit/self-signed-certificate.ts';
export type { SimulatedRequest, Simulator } from './simulator-kit/start-simulator.ts';
export * from './soap/simulator/index.ts';
export * from './stripe/simulator/index.ts';
export * from './webhook/simulator/index.ts';
