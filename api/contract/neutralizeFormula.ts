/**
 * A cell that spreadsheets show as text, and do not calculate: an apostrophe goes before a cell that begins like a formula.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function neutralizeFormula(cell: string): string {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
}
