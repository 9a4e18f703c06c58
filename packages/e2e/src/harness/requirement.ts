/** Suites that need a program which is not there are skipped and say how to install it: shared with the other packages by the testkit. */
export { withProgram } from '@nave/testkit';
