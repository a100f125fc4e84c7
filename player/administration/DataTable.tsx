import type { ComponentChildren } from 'preact';
import './data.css';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  isNumber?: boolean;
  /** Buttons. On a phone, they are beside the first line. */
  isMenu?: boolean;
  /** On a phone, it has a line of its own, without its label. */
  isHead?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

function classOf<Row>({ isNumber, isHead, isMenu }: Column<Row>): string {
  return [isNumber && 'data__number', isHead && 'data__head', isMenu && 'data__menu'].filter(Boolean).join(' ');
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
              {columns.map((column) => (
                <td key={column.key} data-label={column.isHead || column.label === '' ? undefined : column.label} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
