// Responsible for the documents of one table: finds, writes and deletes them, synchronously.
// Owns nothing that needs closing.
import type { SQLInputValue } from 'node:sqlite';
import { documentTooLarge, MAX_DOCUMENT_BYTES } from '../documentTooLarge.ts';
import { compareDocuments } from '../query/compareDocuments.ts';
import type { CollectionDeclaration } from '../query/declaration.ts';
import { IndexedPaths } from '../query/IndexedPaths.ts';
import { matchDocument } from '../query/matchDocument.ts';
import type { FilterNode } from '../query/parseFilter.ts';
import type { Query } from '../query/parseSelection.ts';
import type { JsonObject, StorableText } from '../query/storableDocument.ts';
import { compileFilter } from './compileFilter.ts';
import type { CompiledFilter } from './compileFilter.ts';
import { createTable } from './createTable.ts';
import { IndexedFields } from './IndexedFields.ts';
import { quoted } from './keyExpression.ts';
import type { Row, SqliteConnection } from './SqliteConnection.ts';

export interface StoredRow {
  /** Primary key of the row, in order of insertion. */
  seq: number;
  /** The document as stored text. */
  json: string;
}

interface Plan extends CompiledFilter {
  /** ORDER BY terms. Absent when a sort field is not indexed; the rows are then sorted in memory. */
  orderBy?: string;
}

/** In SQLite a negative LIMIT means no limit. https://www.sqlite.org/lang_select.html#limitoffset */
const NO_LIMIT = -1;

function toStoredRow(row: Row): StoredRow {
  return { seq: Number(row.seq), json: String(row.doc) };
}

const documentOf = ({ json }: StoredRow): JsonObject => JSON.parse(json) as JsonObject;

export class DocumentTable {
  readonly #connection: SqliteConnection;
  readonly #fields: IndexedFields;
  readonly #paths: IndexedPaths;
  readonly #table: string;

  constructor(connection: SqliteConnection, declaration: CollectionDeclaration) {
    this.#connection = connection;
    this.#fields = new IndexedFields(declaration);
    this.#paths = new IndexedPaths(declaration);
    this.#table = quoted(declaration.name);
  }

  /** Creates the table and its indexes when they are missing. @throws DuplicateKeyError, TypeError when stored documents do not fit */
  create(): void {
    createTable(this.#connection, this.#fields);
  }

  select(query: Query): StoredRow[] {
    const plan = this.#plan(query);
    const { residual, orderBy } = plan;
    const { skip, limit } = query;
    if (residual === undefined && orderBy !== undefined) {
      return this.#connection.all(this.#sql('seq, doc', plan), ...plan.parameters, limit || NO_LIMIT, skip).map(toStoredRow);
    }
    const end = limit === 0 ? Infinity : skip + limit;
    const rows = this.#selectMatching(plan, orderBy === undefined ? Infinity : end);
    return (orderBy === undefined ? inOrder(rows, query) : rows).slice(skip, end);
  }

  count(filter: FilterNode): number {
    const plan = compileFilter(filter, this.#fields);
    if (plan.residual !== undefined) return this.#selectMatching(plan, Infinity).length;
    const row = this.#connection.get(`SELECT count(*) AS n FROM ${this.#table} WHERE ${plan.sql}`, ...plan.parameters);
    return Number(row?.n);
  }

  /** The primary keys of the rows that match, in order. */
  scan(query: Query): number[] {
    const plan = this.#plan(query);
    if (plan.residual !== undefined || plan.orderBy === undefined) return this.select(query).map(({ seq }) => seq);
    const rows = this.#connection.all(this.#sql('seq', plan), ...plan.parameters, query.limit || NO_LIMIT, query.skip);
    return rows.map(({ seq }) => Number(seq));
  }

  /** The rows with these primary keys that still match, in the order of the keys. */
  read(seqs: readonly number[], filter: FilterNode): StoredRow[] {
    const { sql, parameters, residual } = compileFilter(filter, this.#fields);
    const test = residual === undefined ? () => true : matchDocument(residual);
    return seqs.flatMap((seq) => {
      const row = this.#connection.get(`SELECT seq, doc FROM ${this.#table} WHERE seq = ? AND (${sql})`, seq, ...parameters);
      if (row === undefined) return [];
      const stored = toStoredRow(row);
      return test(documentOf(stored)) ? [stored] : [];
    });
  }

  /** Inserts a document that has been checked. @throws DuplicateKeyError */
  insert({ _id, json }: StorableText): void {
    this.#assertSize(json);
    this.#connection.run(`INSERT INTO ${this.#table} (_id, doc) VALUES (?, ?)`, _id, json);
  }

  /** Returns the stored JSON. @throws DuplicateKeyError, TypeError */
  insertDocument(document: JsonObject & { _id: string }): string {
    this.#paths.assertIndexable(document);
    const json = JSON.stringify(document);
    this.insert({ _id: document._id, json });
    return json;
  }

  /** Writes the row if the document has changed. Returns the stored JSON. @throws DuplicateKeyError, TypeError */
  update(row: StoredRow, document: JsonObject): string {
    const json = JSON.stringify(document);
    if (json === row.json) return json;
    this.#paths.assertIndexable(document);
    this.#assertSize(json);
    this.#connection.run(`UPDATE ${this.#table} SET doc = ? WHERE seq = ?`, json, row.seq);
    return json;
  }

  delete(row: StoredRow): void {
    this.#connection.run(`DELETE FROM ${this.#table} WHERE seq = ?`, row.seq);
  }

  /** SQLite's query plan, one line per step. https://www.sqlite.org/eqp.html */
  explain(query: Query): string[] {
    const plan = this.#plan(query);
    const sql = `EXPLAIN QUERY PLAN ${this.#sql('seq, doc', plan)}`;
    return this.#connection.all(sql, ...plan.parameters, query.limit || NO_LIMIT, query.skip).map(({ detail }) => String(detail));
  }

  /** @throws CodedError `request.tooLarge` */
  #assertSize(json: string): void {
    if (Buffer.byteLength(json) > MAX_DOCUMENT_BYTES) throw documentTooLarge(this.#fields.collection);
  }

  #plan({ filter, sort }: Query): Plan {
    const columns = sort.map(([path, direction]) => {
      const key = this.#fields.get(path)?.key;
      return key === undefined ? undefined : `${key} ${direction === -1 ? 'DESC' : 'ASC'}`;
    });
    const orderBy = columns.includes(undefined) ? undefined : columns.join(', ');
    return { ...compileFilter(filter, this.#fields), orderBy };
  }

  #sql(columns: string, { sql, orderBy }: Plan): string {
    const order = orderBy ? ` ORDER BY ${orderBy}` : '';
    return `SELECT ${columns} FROM ${this.#table} WHERE ${sql}${order} LIMIT ? OFFSET ?`;
  }

  #selectMatching(plan: Plan, maxRows: number): StoredRow[] {
    const test = plan.residual === undefined ? undefined : matchDocument(plan.residual);
    const rows: StoredRow[] = [];
    const parameters: SQLInputValue[] = [...plan.parameters, NO_LIMIT, 0];
    this.#connection.each(this.#sql('seq, doc', plan), parameters, (row) => {
      const stored = toStoredRow(row);
      if (test?.(documentOf(stored)) ?? true) rows.push(stored);
      return rows.length < maxRows;
    });
    return rows;
  }
}

/** Sorts rows that no index sorts. */
function inOrder(rows: readonly StoredRow[], { sort }: Query): StoredRow[] {
  const compare = compareDocuments(sort);
  return rows
    .map((row) => ({ row, document: documentOf(row) }))
    .sort((a, b) => compare(a.document, b.document))
    .map(({ row }) => row);
}
