import { CodedError } from '#engine/contract';
import type { CategoryId } from '#engine/contract';
import { DuplicateKeyError, newId } from '#engine/kernel';
import type { Collection, Database } from '#engine/kernel';
import { maxCategories } from '../contract/index.ts';

export interface CategoryRow {
  _id: string;
  name: string;
  /** The name without case: two categories do not differ by it alone. */
  nameKey: string;
  /** Its place in the order; places may have gaps. */
  position: number;
}

/** The categories of courses. Owns the collection `categories`. */
export class CategoryStore {
  readonly #categories: Collection<CategoryRow>;

  constructor(database: Database) {
    this.#categories = database.collection<CategoryRow>({ name: 'categories', indexes: [{ keys: { nameKey: 1 }, unique: true }, { keys: { position: 1 } }] });
  }

  /** In their order. */
  async list(): Promise<CategoryRow[]> {
    return this.#categories.find({}, { sort: { position: 1 }, limit: maxCategories });
  }

  /** @throws CodedError `category.notFound` */
  async get(categoryId: CategoryId): Promise<CategoryRow> {
    const row = await this.#categories.findOne({ _id: categoryId });
    if (!row) throw notFound();
    return row;
  }

  /** @throws CodedError `category.exists` */
  async add(name: string, position: number): Promise<CategoryRow> {
    const row: CategoryRow = { _id: newId('cat'), name, nameKey: nameKeyOf(name), position };
    await refuseDuplicate(this.#categories.insertOne(row));
    return row;
  }

  /** @throws CodedError `category.exists`, `category.notFound` */
  async rename(categoryId: CategoryId, name: string): Promise<void> {
    const { matchedCount } = await refuseDuplicate(this.#categories.updateOne({ _id: categoryId }, { $set: { name, nameKey: nameKeyOf(name) } }));
    if (matchedCount === 0) throw notFound();
  }

  async place(categoryId: string, position: number): Promise<void> {
    await this.#categories.updateOne({ _id: categoryId }, { $set: { position } });
  }

  /** @throws CodedError `category.notFound` */
  async remove(categoryId: CategoryId): Promise<void> {
    const { deletedCount } = await this.#categories.deleteOne({ _id: categoryId });
    if (deletedCount === 0) throw notFound();
  }
}

function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

async function refuseDuplicate<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!(cause instanceof DuplicateKeyError)) throw cause;
    throw new CodedError('category.exists', 'There is already a category with this name. Choose another name.', { cause, details: { field: 'name' } });
  }
}

function notFound(): CodedError {
  return new CodedError('category.notFound', 'This category no longer exists. Choose another one.', { details: { field: 'categoryId' } });
}
