/** In CI a test with real servers or a browser is tried once more, for machines that are busy with other things; `.ci/run` names those that needed it. */

/** What a property test found is a counterexample, however seldom it comes up: it is not tried again. */
const NO_COUNTEREXAMPLE = /^(?!Property failed)/;

export const SECOND_TRY = process.env['CI'] === undefined ? 0 : { count: 1, condition: NO_COUNTEREXAMPLE };
