import { VideoVisibility } from '#recorder/contract';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { Conflict, VideoForm } from './videoForm.ts';

interface ConflictDialogProps {
  conflicts: readonly Conflict[];
  isBusy: boolean;
  onKeep: () => void;
  onTake: () => void;
  onClose: () => void;
}

const maxShownLength = 160;

/** What somebody else has changed, beside what this person wants to save. */
export function ConflictDialog({ conflicts, isBusy, onKeep, onTake, onClose }: ConflictDialogProps) {
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const categories = new Map((data?.categories ?? []).map(({ id, name }) => [id as string, name]));
  return (
    <Dialog title={text.videoPage.conflictTitle} onClose={onClose} isKept>
      <p>{text.videoPage.conflict}</p>
      <dl class="conflicts">
        {conflicts.map(({ field, theirs, mine }) => (
          <div key={field}>
            <dt>{text.videoPage.fields[field]}</dt>
            <dd>{text.videoPage.conflictNow(shownValue(theirs, categories))}</dd>
            {mine === undefined ? null : <dd class="quiet">{text.videoPage.conflictMine(shownValue(mine, categories))}</dd>}
          </div>
        ))}
      </dl>
      <DialogActions>
        <Button onClick={onTake}>{text.videoPage.conflictTake}</Button>
        <Button variant="primary" isBusy={isBusy} onClick={onKeep}>
          {text.videoPage.conflictKeep}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function shownValue(value: VideoForm[keyof VideoForm], categories: ReadonlyMap<string, string>): string {
  if (value === null || value === '') return text.videoPage.nothing;
  if (typeof value === 'boolean') return value ? text.videoPage.yes : text.videoPage.no;
  if (typeof value !== 'string') return value.length === 0 ? text.videoPage.nothing : value.join(', ');
  const visibility = VideoVisibility.safeParse(value).data;
  const known = visibility ? text.videoPage.visibilities[visibility].label : categories.get(value);
  if (known !== undefined) return known;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return formatDateTime(value);
  return value.length > maxShownLength ? `${value.slice(0, maxShownLength)}…` : value;
}
