import type { ComponentChildren } from 'preact';
import './data.css';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  isNumber?: boolean;
  /** On a phone, it has a line of its own, without its label. */
  isHead?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

/** Rows and columns; on a phone, each row is a group of labelled values. */
export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <div class="data" tabIndex={0} role="region" aria-label={label}>
      <table class="data__table">
        <thead>
          <tr>
            {columns.map(({ key, label: name, isNumber }) => (
              <th key={key} scope="col" class={isNumber ? 'data__number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ key, label: name, cell, isNumber, isHead }) => (
                <td key={key} data-label={isHead ? undefined : name} class={`${isNumber ? 'data__number' : ''} ${isHead ? 'data__head' : ''}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
