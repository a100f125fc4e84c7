import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Checkbox, TextField } from '../design/index.ts';
import { LinksPanel } from '../sharing/LinksPanel.tsx';
import { fromLocalInput, toLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { SaveBar } from './DetailsSection.tsx';
import { useVideoForm } from './useVideoForm.ts';
import type { SectionProps } from './SectionProps.ts';

const visibilities = ['course', 'link', 'public'] as const;

/** Who may watch the video and from when, whether they may save it, and its links. */
export function SharingSection({ video, onVideo }: SectionProps) {
  const { form, change, save, follow, isChanged, conflict } = useVideoForm(video, onVideo);
  // The first link of a video for its course opens it to those who have one.
  const followLink = useToastedAction(async () => follow(await api.getVideo({ params: { videoId: video.id } })));
  const t = text.videoPage;
  return (
    <div class="course-body">
      <ActionForm action={save} class="settings">
        <fieldset class="section">
          <legend class="section__legend">{t.whoWatches}</legend>
          {visibilities.map((visibility) => (
            <label key={visibility} class="check">
              <input type="radio" name="visibility" checked={form.visibility === visibility} onChange={() => change({ visibility })} />
              <span>
                <span class="field__label">{t.visibilities[visibility].label}</span>
                <span class="field__hint">{t.visibilities[visibility].hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <section class="section narrow">
          <TextField
            label={t.visibleFrom}
            hint={t.visibleFromHint}
            type="datetime-local"
            value={form.visibleFrom === null ? '' : toLocalInput(new Date(form.visibleFrom))}
            error={save.fieldProblem('visibleFrom')}
            onValue={(value) => change({ visibleFrom: fromLocalInput(value) })}
          />
          <Checkbox label={t.allowDownload} hint={t.allowDownloadHint} isChecked={form.isDownloadable} onChecked={(isDownloadable) => change({ isDownloadable })} />
        </section>
        <SaveBar isBusy={save.isBusy} isChanged={isChanged} />
      </ActionForm>
      <LinksPanel video={video} onCreated={() => followLink.run()} />
      {conflict ? <ConflictDialog {...conflict} /> : null}
    </div>
  );
}
