import { neutralizeFormula } from '#api/contract';

type Value = string | number;

/**
 * A CSV file (RFC 4180) with a byte order mark, by which spreadsheets recognise UTF-8. Text that a spreadsheet would take for a formula is escaped. All
 * text is quoted, so that a separator of another country in it begins no cell.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly Value[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(value: Value): string {
  if (typeof value === 'number') return String(value);
  return `"${neutralizeFormula(value).replaceAll('"', '""')}"`;
}
