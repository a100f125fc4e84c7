import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

type Cell = string | number | boolean;
type Row = Readonly<Record<string, Cell>>;

/** The reports of trials (`*.jsonl`, a row in each line) as Markdown tables. */
export function renderTrials(files: readonly string[]): string {
  return files.map((file) => `## ${basename(file, '.jsonl')}\n\n${tables(rowsOf(readFileSync(file, 'utf8')))}\n`).join('\n');
}

export function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Rows with the same columns are one table. */
export function tables(rows: readonly Row[]): string {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const columns = Object.keys(row).join('\n');
    groups.set(columns, [...(groups.get(columns) ?? []), row]);
  }
  return [...groups.values()].map(table).join('\n\n');
}

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const rule = `|${columns.map((column) => (rows.every((row) => typeof row[column] === 'number') ? '---:' : '---')).join('|')}|`;
  return [line(columns), rule, ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\n');
}
