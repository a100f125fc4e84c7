import { ArrowDown, ArrowUp, Ellipsis, Pencil, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Category } from '#api/contract';
import { maxCategoryNameLength } from '#api/contract';
import { ActionForm } from '../../app/ActionForm.tsx';
import { LoadFailure } from '../../app/LoadFailure.tsx';
import { api } from '../../app/services.ts';
import { useAction, useToastedAction } from '../../app/useAction.ts';
import { useLoaded } from '../../app/useLoaded.ts';
import { Button, ConfirmDialog, Dialog, DialogActions, EmptyState, Menu, showToast, SkeletonList, TextField } from '../../design/index.ts';
import type { MenuItem } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import '../courses.css';

type Question = { kind: 'rename' | 'delete'; category: Category };

/** The categories in their order: administrators add, rename, move and delete them. */
export function CategoriesSection() {
  const { data, error, reload, replace } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const [question, setQuestion] = useState<Question>();
  const move = useToastedAction(async ({ id }: Category, position: number) => replace(await api.updateCategory({ params: { categoryId: id }, body: { position } })));
  const done = () => {
    setQuestion(undefined);
    reload();
  };
  const categories = data?.categories;
  const itemsOf = (category: Category, index: number): MenuItem[] => [
    { key: 'rename', label: text.categories.rename, icon: <Pencil aria-hidden="true" />, onSelect: () => setQuestion({ kind: 'rename', category }) },
    ...(index > 0 ? [{ key: 'up', label: text.categories.up, icon: <ArrowUp aria-hidden="true" />, onSelect: () => move.run(category, index - 1) }] : []),
    ...(index < (categories?.length ?? 0) - 1 ? [{ key: 'down', label: text.categories.down, icon: <ArrowDown aria-hidden="true" />, onSelect: () => move.run(category, index + 1) }] : []),
    { key: 'delete', label: text.categories.delete, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setQuestion({ kind: 'delete', category }) },
  ];
  return (
    <div class="stack narrow">
      <p class="quiet">{text.categories.intro}</p>
      <NewCategory onDone={reload} />
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {categories || error ? null : <SkeletonList height="3rem" />}
      {categories?.length === 0 ? <EmptyState title={text.categories.emptyTitle}>{text.categories.empty}</EmptyState> : null}
      <ol class="list">
        {categories?.map((category, index) => (
          <li key={category.id} class="person">
            <span class="grow" dir="auto">
              {category.name}
            </span>
            <Menu label={text.categories.menu(category.name)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={itemsOf(category, index)} />
          </li>
        ))}
      </ol>
      {question?.kind === 'rename' ? <RenameDialog category={question.category} onDone={done} onClose={() => setQuestion(undefined)} /> : null}
      {question?.kind === 'delete' ? <DeleteQuestion category={question.category} onDone={done} onClose={() => setQuestion(undefined)} /> : null}
    </div>
  );
}

function NewCategory({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const add = useAction(async () => {
    await api.createCategory({ body: { name } });
    setName('');
    onDone();
  });
  return (
    <ActionForm action={add}>
      <TextField label={text.categories.name} value={name} maxLength={maxCategoryNameLength} error={add.fieldProblem('name')} onValue={setName} />
      <div class="row">
        <Button type="submit" isBusy={add.isBusy} disabled={name.trim() === ''}>
          {text.categories.add}
        </Button>
      </div>
    </ActionForm>
  );
}

interface QuestionProps {
  category: Category;
  onDone: () => void;
  onClose: () => void;
}

function RenameDialog({ category, onDone, onClose }: QuestionProps) {
  const [name, setName] = useState(category.name);
  const rename = useAction(async () => {
    await api.updateCategory({ params: { categoryId: category.id }, body: { name } });
    onDone();
  });
  return (
    <Dialog title={text.categories.renameTitle} onClose={onClose}>
      <ActionForm action={rename}>
        <TextField label={text.categories.newName} required value={name} maxLength={maxCategoryNameLength} error={rename.fieldProblem('name')} onValue={setName} />
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={rename.isBusy}>
            {text.categories.rename}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}

function DeleteQuestion({ category, onDone, onClose }: QuestionProps) {
  const remove = useToastedAction(async () => {
    await api.deleteCategory({ params: { categoryId: category.id } });
    showToast({ text: text.categories.deleted });
    onDone();
  });
  return (
    <ConfirmDialog
      title={text.categories.deleteTitle(category.name)}
      message={text.categories.deleteMessage}
      confirmLabel={text.categories.delete}
      isBusy={remove.isBusy}
      onConfirm={() => remove.run()}
      onClose={onClose}
    />
  );
}
