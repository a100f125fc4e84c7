import { maxTitleLength } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { Button, TextField } from '../design/index.ts';
import { CategorySelect } from '../courses/settings/CategorySelect.tsx';
import { DescriptionField } from '../courses/settings/DescriptionField.tsx';
import { TagField } from '../courses/settings/TagField.tsx';
import { text } from '../text/index.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { useVideoForm } from './useVideoForm.ts';
import type { SectionProps } from './SectionProps.ts';

/** Title, description, category and tags. */
export function DetailsSection({ video, onVideo }: SectionProps) {
  const { form, change, save, isChanged, conflict } = useVideoForm(video, onVideo);
  return (
    <div class="course-body">
      <ActionForm action={save} class="settings">
        <section class="section" aria-label={text.videoPage.details}>
          <TextField
            label={text.videoPage.fields.title}
            required
            maxLength={maxTitleLength}
            value={form.title}
            error={save.fieldProblem('title')}
            onValue={(title) => change({ title })}
          />
          <DescriptionField value={form.description} error={save.fieldProblem('description')} onValue={(description) => change({ description })} />
        </section>
        <section class="section">
          <h2>{text.courses.sorting}</h2>
          <CategorySelect value={form.categoryId} error={save.fieldProblem('categoryId')} onValue={(categoryId) => change({ categoryId: categoryId as typeof form.categoryId })} />
          <TagField tags={form.tags} error={save.fieldProblem('tags')} onTags={(tags) => change({ tags })} />
        </section>
        <SaveBar isBusy={save.isBusy} isChanged={isChanged} />
      </ActionForm>
      {conflict ? <ConflictDialog {...conflict} /> : null}
    </div>
  );
}

export function SaveBar({ isBusy, isChanged }: { isBusy: boolean; isChanged: boolean }) {
  return (
    <div class="settings__save">
      <Button type="submit" variant="primary" isBusy={isBusy} disabled={!isChanged}>
        {text.actions.save}
      </Button>
      <span class="small quiet" role="status">
        {isChanged ? text.videoPage.unsaved : ''}
      </span>
    </div>
  );
}
