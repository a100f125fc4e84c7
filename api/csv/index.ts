export { neutralizeFormula } from './neutralizeFormula.ts';
export { toCsv } from './toCsv.ts';
