import * as z from 'zod';
import { CategoryId } from '#engine/contract';
import { maxCategories, maxCategoryNameLength } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedLine } from './text.ts';

/** A category of courses. Administrators make them; a course has at most one. */
export const Category = z.object({ id: CategoryId, name: z.string() });
export type Category = z.infer<typeof Category>;

const Name = typedLine({ max: maxCategoryNameLength, empty: 'Give the category a name.' });
const Categories = z.object({ categories: z.array(Category) });
const CategoryParams = z.object({ categoryId: CategoryId });
const categories = '/api/v1/categories';

export const categoryRoutes = {
  listCategories: route({
    method: 'GET',
    path: categories,
    response: Categories,
    auth: 'user',
    summary: 'List the categories of courses, in their order.',
  }),
  createCategory: route({
    method: 'POST',
    path: categories,
    body: z.object({ name: Name }),
    response: Category,
    status: 201,
    auth: 'admin',
    summary: 'Create a category, behind the others.',
  }),
  updateCategory: route({
    method: 'PUT',
    path: `${categories}/:categoryId`,
    params: CategoryParams,
    body: z.object({
      name: Name.optional(),
      position: z.number().int().min(0).max(maxCategories).optional().describe('Its place among the others, from 0. A larger one than there are puts it last.'),
    }),
    response: Categories,
    auth: 'admin',
    summary: 'Rename a category or move it in the order.',
  }),
  deleteCategory: route({
    method: 'DELETE',
    path: `${categories}/:categoryId`,
    params: CategoryParams,
    response: nothing,
    status: 204,
    auth: 'admin',
    summary: 'Delete a category. Its courses stay, without a category.',
  }),
};
