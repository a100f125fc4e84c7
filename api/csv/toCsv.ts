import { stringify } from 'csv-stringify/sync';
import { neutralizeFormula } from '../contract/index.ts';

/**
 * A table as CSV (RFC 4180), with a byte order mark, by which spreadsheets recognize UTF-8. Names and titles are people's own: a
 * formula among them does not run. Texts are quoted, so that a separator of another country in them begins no cell.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => (typeof cell === 'string' ? neutralizeFormula(cell) : cell)));
  return stringify(cells, { bom: true, quoted_string: true, record_delimiter: 'windows' });
}
