import { describe, expect, it } from 'vitest';
import { refusal, startTestApi } from '../testing/index.ts';

async function open() {
  const site = await startTestApi();
  const ada = await site.firstAccount();
  const names = async () => (await ada.api.listCategories()).categories.map(({ name }) => name);
  const create = async (name: string) => (await ada.api.createCategory({ body: { name } })).id;
  return { site, ada, names, create };
}

describe('Categories', () => {
  it('are made, renamed, ordered and deleted by administrators', async () => {
    const { site, ada, names, create } = await open();
    const [physics, history] = [await create('Physics'), await create('History'), await create('Law')];
    expect(await names()).toEqual(['Physics', 'History', 'Law']);
    await ada.api.updateCategory({ params: { categoryId: physics }, body: { name: 'Natural sciences', position: 99 } });
    expect(await names()).toEqual(['History', 'Law', 'Natural sciences']);
    const { categories } = await ada.api.updateCategory({ params: { categoryId: physics }, body: { position: 1 } });
    expect(categories.map(({ name }) => name)).toEqual(['History', 'Natural sciences', 'Law']);
    await ada.api.deleteCategory({ params: { categoryId: history } });
    expect(await names()).toEqual(['Natural sciences', 'Law']);
    const sam = await site.signup('sam');
    expect((await sam.api.listCategories()).categories).toHaveLength(2);
    const theirs = [() => sam.api.createCategory({ body: { name: 'Mine' } }), () => sam.api.deleteCategory({ params: { categoryId: physics } }), () => sam.api.updateCategory({ params: { categoryId: physics }, body: { position: 0 } })];
    for (const attempt of theirs) expect(await refusal(attempt())).toMatchObject({ code: 'access.denied' });
  });

  it('have different names, whatever the case', async () => {
    const { ada, names, create } = await open();
    const law = await create('Law');
    await create('Physics');
    for (const attempt of [() => create('LAW'), () => create('ｌａｗ'), () => ada.api.updateCategory({ params: { categoryId: law }, body: { name: 'physics' } })]) {
      expect(await refusal(attempt())).toMatchObject({ code: 'category.exists', errors: [{ path: 'name' }] });
    }
    await ada.api.updateCategory({ params: { categoryId: law }, body: { name: 'LAW' } });
    expect(await names()).toEqual(['LAW', 'Physics']);
  });

  it('hold courses, which lose a category that is deleted, and cannot have an unknown one', async () => {
    const { ada, create } = await open();
    const categoryId = await create('Physics');
    const course = await ada.api.createCourse({ body: { title: 'Optics', categoryId } });
    expect(course.category).toEqual({ id: categoryId, name: 'Physics' });
    await ada.api.deleteCategory({ params: { categoryId } });
    expect(await ada.api.getCourse({ params: { courseId: course.id } })).toMatchObject({ category: null, version: course.version + 1 });
    for (const attempt of [() => ada.api.createCourse({ body: { title: 'Optics', categoryId } }), () => ada.api.updateCourse({ params: { courseId: course.id }, body: { categoryId } }), () => ada.api.deleteCategory({ params: { categoryId } })]) {
      expect(await refusal(attempt())).toMatchObject({ code: 'category.notFound', status: 404 });
    }
  });
});
