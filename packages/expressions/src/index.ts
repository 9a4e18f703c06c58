/** JSONata for Nave: simple expressions in-process, everything else in child processes with hard limits. */
export { createExpressionEngine, type ExpressionEngineOptions } from './engine.ts';
export { expressionProblem } from './expression-problem.ts';
export { LIMITS as EXPRESSION_LIMITS } from './limits.ts';
