import type { VideoView } from '#api/contract';

/** What an instructor changes of a video. */
export type VideoForm = Pick<VideoView, 'title' | 'description' | 'tags' | 'categoryId' | 'visibility' | 'visibleFrom' | 'isDownloadable'>;
export type VideoField = keyof VideoForm;

export const videoFields: readonly VideoField[] = ['title', 'description', 'tags', 'categoryId', 'visibility', 'visibleFrom', 'isDownloadable'];

export function formOf({ title, description, tags, categoryId, visibility, visibleFrom, isDownloadable }: VideoView): VideoForm {
  return { title, description, tags, categoryId, visibility, visibleFrom, isDownloadable };
}

/** The fields of `form` that differ from `base`. */
export function changesOf(base: VideoForm, form: VideoForm): Partial<VideoForm> {
  return Object.fromEntries(videoFields.filter((field) => !isSame(base[field], form[field])).map((field) => [field, form[field]]));
}

export interface Conflict {
  field: VideoField;
  /** What somebody else has saved. */
  theirs: VideoForm[VideoField];
  /** Undefined where this person has not changed the field. */
  mine: VideoForm[VideoField] | undefined;
}

/** What somebody else has changed since the form was opened, beside what this person wants. Equal changes are no conflict. */
export function conflictsOf({ base, mine, theirs }: { base: VideoForm; mine: VideoForm; theirs: VideoForm }): Conflict[] {
  return videoFields
    .filter((field) => !isSame(base[field], theirs[field]) && !isSame(mine[field], theirs[field]))
    .map((field) => ({ field, theirs: theirs[field], mine: isSame(base[field], mine[field]) ? undefined : mine[field] }));
}

/** The form on top of what somebody else has saved: fields that this person has not changed follow the others. */
export function rebased({ base, mine, theirs }: { base: VideoForm; mine: VideoForm; theirs: VideoForm }): VideoForm {
  return { ...theirs, ...changesOf(base, mine) };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
