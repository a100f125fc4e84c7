// Responsible for the documents of one table: finds, writes and deletes them, synchronously.
// Owns nothing that needs closing.
import type { SQLInputValue } from 'node:sqlite';
import { compareDocuments, parseSort } from '../query/compareDocuments.ts';
import type { SortEntries } from '../query/compareDocuments.ts';
import { matchDocument } from '../query/matchDocument.ts';
import { parseFilter } from '../query/parseFilter.ts';
import type { FilterNode } from '../query/parseFilter.ts';
import type { JsonObject } from '../query/storableDocument.ts';
import { compileFilter } from './compileFilter.ts';
import type { CompiledFilter } from './compileFilter.ts';
import type { IndexedFields } from './IndexedFields.ts';
import { quoted } from './keyExpression.ts';
import type { Row, SqliteConnection } from './SqliteConnection.ts';

export interface StoredRow<T> {
  /** Primary key of the row, in order of insertion. */
  seq: number;
  /** The document as stored text. */
  json: string;
  document: T & JsonObject;
}

/** The rows of an iteration, read one by one. */
export interface Scan<T> {
  /** Rows that match at the start, in order. */
  seqs: number[];
  /** The current document of a row; undefined when it no longer matches. */
  read: (seq: number) => T | undefined;
}

/** The filter and options of a query, not yet checked. */
export interface Selection {
  filter: object;
  sort?: object;
  skip?: number;
  limit?: number;
}

interface Plan extends CompiledFilter {
  filterNode: FilterNode;
  sort: SortEntries;
  /** ORDER BY terms. Absent when a sort field is not indexed; the rows are then sorted in memory. */
  orderBy?: string;
  skip: number;
  limit: number;
}

/** In SQLite a negative LIMIT means no limit. https://www.sqlite.org/lang_select.html#limitoffset */
const NO_LIMIT = -1;

function toStoredRow<T>(row: Row): StoredRow<T> {
  const json = String(row.doc);
  return { seq: Number(row.seq), json, document: JSON.parse(json) as T & JsonObject };
}

function wholeNumber(value: number | undefined, name: string): number {
  if (value === undefined) return 0;
  if (Number.isInteger(value) && value >= 0) return value;
  throw new TypeError(`${name} must be a whole number of 0 or more`);
}

export class DocumentTable<T> {
  readonly #connection: SqliteConnection;
  readonly #fields: IndexedFields;
  readonly #table: string;

  constructor(connection: SqliteConnection, fields: IndexedFields) {
    this.#connection = connection;
    this.#fields = fields;
    this.#table = quoted(fields.collection);
  }

  /** @throws TypeError when the selection is invalid */
  select(selection: Selection): StoredRow<T>[] {
    const plan = this.#plan(selection);
    const { residual, orderBy, skip, limit } = plan;
    if (residual === undefined && orderBy !== undefined) {
      return this.#connection.all(this.#sql('seq, doc', plan), ...plan.parameters, limit, skip).map(toStoredRow<T>);
    }
    const rows = this.#selectMatching(plan, orderBy === undefined || limit === NO_LIMIT ? Infinity : skip + limit);
    if (orderBy === undefined) {
      const compare = compareDocuments(plan.sort);
      rows.sort((a, b) => compare(a.document, b.document));
    }
    return rows.slice(skip, limit === NO_LIMIT ? undefined : skip + limit);
  }

  count(filter: object): number {
    const plan = this.#plan({ filter });
    if (plan.residual !== undefined) return this.#selectMatching(plan, Infinity).length;
    const row = this.#connection.get(`SELECT count(*) AS n FROM ${this.#table} WHERE ${plan.sql}`, ...plan.parameters);
    return Number(row?.n);
  }

  scan(selection: Pick<Selection, 'filter' | 'sort'>): Scan<T> {
    const plan = this.#plan(selection);
    const read = this.#reader(plan);
    if (plan.orderBy === undefined) return { seqs: this.select(selection).map(({ seq }) => seq), read };
    const rows = this.#connection.all(this.#sql('seq', plan), ...plan.parameters, NO_LIMIT, 0);
    return { seqs: rows.map(({ seq }) => Number(seq)), read };
  }

  /** Returns the stored JSON. @throws DuplicateKeyError, TypeError */
  insert(document: JsonObject & { _id: string }): string {
    this.#fields.assertIndexable(document);
    const json = JSON.stringify(document);
    this.#connection.run(`INSERT INTO ${this.#table} (_id, doc) VALUES (?, ?)`, document._id, json);
    return json;
  }

  /** Writes the row if the document has changed. Returns the stored JSON. @throws DuplicateKeyError, TypeError */
  update(row: StoredRow<T>, document: JsonObject): string {
    const json = JSON.stringify(document);
    if (json === row.json) return json;
    this.#fields.assertIndexable(document);
    this.#connection.run(`UPDATE ${this.#table} SET doc = ? WHERE seq = ?`, json, row.seq);
    return json;
  }

  delete(row: StoredRow<T>): void {
    this.#connection.run(`DELETE FROM ${this.#table} WHERE seq = ?`, row.seq);
  }

  /** SQLite's query plan, one line per step. https://www.sqlite.org/eqp.html */
  explain(selection: Selection): string[] {
    const plan = this.#plan(selection);
    const sql = `EXPLAIN QUERY PLAN ${this.#sql('seq, doc', plan)}`;
    return this.#connection.all(sql, ...plan.parameters, plan.limit, plan.skip).map(({ detail }) => String(detail));
  }

  #plan({ filter, sort, skip, limit }: Selection): Plan {
    const filterNode = parseFilter(filter);
    const entries = parseSort(sort);
    const columns = entries.map(([path, direction]) => {
      const key = this.#fields.get(path)?.key;
      return key === undefined ? undefined : `${key} ${direction === -1 ? 'DESC' : 'ASC'}`;
    });
    const orderBy = columns.includes(undefined) ? undefined : columns.join(', ');
    return {
      ...compileFilter(filterNode, this.#fields),
      filterNode,
      sort: entries,
      orderBy,
      skip: wholeNumber(skip, 'skip'),
      limit: wholeNumber(limit, 'limit') || NO_LIMIT,
    };
  }

  #sql(columns: string, { sql, orderBy }: Plan): string {
    const order = orderBy ? ` ORDER BY ${orderBy}` : '';
    return `SELECT ${columns} FROM ${this.#table} WHERE ${sql}${order} LIMIT ? OFFSET ?`;
  }

  #selectMatching(plan: Plan, maxRows: number): StoredRow<T>[] {
    const test = plan.residual === undefined ? () => true : matchDocument(plan.residual);
    const rows: StoredRow<T>[] = [];
    const parameters: SQLInputValue[] = [...plan.parameters, NO_LIMIT, 0];
    this.#connection.each(this.#sql('seq, doc', plan), parameters, (row) => {
      const stored = toStoredRow<T>(row);
      if (test(stored.document)) rows.push(stored);
      return rows.length < maxRows;
    });
    return rows;
  }

  #reader({ sql, parameters, residual }: Plan): Scan<T>['read'] {
    const test = residual === undefined ? () => true : matchDocument(residual);
    return (seq) => {
      const row = this.#connection.get(`SELECT seq, doc FROM ${this.#table} WHERE seq = ? AND (${sql})`, seq, ...parameters);
      if (row === undefined) return undefined;
      const { document } = toStoredRow<T>(row);
      return test(document) ? document : undefined;
    };
  }
}
