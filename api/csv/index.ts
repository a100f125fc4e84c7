export { toCsv } from './toCsv.ts';
