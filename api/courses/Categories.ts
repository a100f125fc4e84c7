import { CodedError } from '#engine/contract';
import type { CategoryId } from '#engine/contract';
import type { Logger } from '#engine/kernel';
import { maxCategories } from '../contract/index.ts';
import type { CategoryRow, CategoryStore } from './CategoryStore.ts';
import type { CourseStore } from './CourseStore.ts';

export interface CategoriesOptions {
  store: CategoryStore;
  courses: CourseStore;
  logger: Logger;
}

/** The categories that administrators sort courses into. */
export class Categories {
  readonly #options: CategoriesOptions;

  constructor(options: CategoriesOptions) {
    this.#options = options;
  }

  async list(): Promise<CategoryRow[]> {
    return this.#options.store.list();
  }

  /** @throws CodedError `category.notFound` */
  async require(categoryId: CategoryId): Promise<void> {
    await this.#options.store.get(categoryId);
  }

  /** The name of each; undefined for a category that is gone. */
  async names(): Promise<(categoryId: string | null) => { id: string; name: string } | null> {
    const rows = new Map((await this.#options.store.list()).map(({ _id, name }) => [_id, { id: _id, name }]));
    return (categoryId) => (categoryId === null ? null : (rows.get(categoryId) ?? null));
  }

  /** @throws CodedError `category.exists`, `request.invalid` when there are too many */
  async create(name: string): Promise<CategoryRow> {
    const { store, logger } = this.#options;
    const all = await store.list();
    if (all.length >= maxCategories) throw new CodedError('request.invalid', `There are ${maxCategories} categories already. Delete one that is not used.`, { details: { field: 'name' } });
    const row = await store.add(name, (all.at(-1)?.position ?? -1) + 1);
    logger.info({ categoryId: row._id }, 'category.created');
    return row;
  }

  /** Renames a category, or moves it to a place in the order. @throws CodedError `category.exists`, `category.notFound` */
  async update(categoryId: CategoryId, { name, position }: { name?: string | undefined; position?: number | undefined }): Promise<CategoryRow[]> {
    const { store } = this.#options;
    const category = await store.get(categoryId);
    if (name !== undefined) await store.rename(categoryId, name);
    if (position !== undefined) {
      const others = (await store.list()).filter(({ _id }) => _id !== categoryId);
      const ordered = [...others.slice(0, position), category, ...others.slice(position)];
      for (const [place, row] of ordered.entries()) if (row.position !== place) await store.place(row._id, place);
    }
    return store.list();
  }

  /** Its courses lose it first, so that a deletion that failed can be repeated. @throws CodedError `category.notFound` */
  async delete(categoryId: CategoryId): Promise<void> {
    const { store, courses, logger } = this.#options;
    await store.get(categoryId);
    await courses.leaveCategory(categoryId);
    await store.remove(categoryId);
    logger.info({ categoryId }, 'category.deleted');
  }
}
