import type { Handlers } from '../access/index.ts';
import type { categoryRoutes } from '../contract/index.ts';
import type { Categories } from './Categories.ts';
import type { CategoryRow } from './CategoryStore.ts';

export function categoryHandlers({ categories }: { categories: Categories }): Handlers<keyof typeof categoryRoutes> {
  return {
    listCategories: async () => ({ categories: (await categories.list()).map(view) }),
    createCategory: async ({ body }) => view(await categories.create(body.name)),
    updateCategory: async ({ params, body }) => ({ categories: (await categories.update(params.categoryId, body)).map(view) }),
    deleteCategory: async ({ params }) => {
      await categories.delete(params.categoryId);
      return null;
    },
  };
}

function view({ _id, name }: CategoryRow) {
  return { id: _id, name };
}
