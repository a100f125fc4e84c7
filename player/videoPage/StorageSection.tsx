import { useState } from 'preact/hooks';
import { videoTrashDays } from '#api/contract';
import type { CourseDetail } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, Notice, showToast } from '../design/index.ts';
import { mayInCourse } from '../library/mayInCourse.ts';
import { useBulk } from '../library/useBulk.ts';
import { formatBytes, formatMoment } from '../text/format.ts';
import { text } from '../text/index.ts';
import { chooseFiles } from '../uploads/chooseFiles.ts';
import { addToQueue } from '../uploads/UploadZone.tsx';
import type { SectionProps } from './SectionProps.ts';

/** What the video uses, where it is stored, and what replaces or deletes it. */
export function StorageSection({ video, onReload, course }: SectionProps & { course: Pick<CourseDetail, 'role' | 'state'> }) {
  const t = text.videoPage;
  return (
    <div class="course-body">
      <dl class="video-facts">
        <div>
          <dt>{t.stored}</dt>
          <dd class="tabular">{formatBytes(video.bytes)}</dd>
        </div>
        <div>
          <dt>{t.storageClass}</dt>
          <dd>
            {t.storageClasses[video.storageClass]}
            <span class="field__hint">{t.storageClassHints[video.storageClass]}</span>
          </dd>
        </div>
        <div>
          <dt>{t.kept}</dt>
          <dd>{video.retainUntil === null ? t.keptForever : formatMoment(video.retainUntil, { dateStyle: 'long' })}</dd>
        </div>
      </dl>
      {video.deletedAt === null ? (
        <>
          <ArchiveNotice video={video} onReload={onReload} />
          {mayInCourse(course, 'course.edit') && video.retainUntil !== null ? <RetentionNotice video={video} retainUntil={video.retainUntil} onReload={onReload} /> : null}
          <DangerRows video={video} onReload={onReload} canDelete={mayInCourse(course, 'video.delete')} />
        </>
      ) : null}
    </div>
  );
}

type Props = Pick<SectionProps, 'video' | 'onReload'>;

/** A video in the archive is requested here, as where it is watched. */
function ArchiveNotice({ video, onReload }: Props) {
  const words = text.storage.archived;
  const request = useToastedAction(async () => {
    await api.unarchiveVideo({ params: { videoId: video.id } });
    onReload();
  });
  if (video.storageClass !== 'archive') return null;
  if (video.isRestoring) return <Notice>{text.videoPage.restoring}</Notice>;
  return (
    <Notice
      action={
        <Button isBusy={request.isBusy} onClick={() => request.run()}>
          {words.request}
        </Button>
      }
    >
      {words.title}
    </Notice>
  );
}

/** When the video will be deleted, and the button that keeps it. */
function RetentionNotice({ video, retainUntil, onReload }: Props & { retainUntil: string }) {
  const words = text.retention;
  const keep = useToastedAction(async (isKept: boolean) => {
    await api.keepVideo({ params: { videoId: video.id }, body: { isKept } });
    const undo = { label: text.library.undo, onSelect: () => keep.run(false) };
    showToast({ text: isKept ? words.keptNow : words.released, ...(isKept && { action: undo }) });
    onReload();
  });
  return (
    <Notice
      tone="warning"
      action={
        <Button isBusy={keep.isBusy} onClick={() => keep.run(true)}>
          {words.keep}
        </Button>
      }
    >
      {text.videoPage.retained(formatMoment(retainUntil, { dateStyle: 'long' }))}
    </Notice>
  );
}

function DangerRows({ video, onReload, canDelete }: Props & { canDelete: boolean }) {
  const t = text.videoPage;
  return (
    <div class="danger">
      {video.source === 'upload' ? (
        <div class="danger__row">
          <div class="grow">
            <h2 class="danger__title">{t.replace}</h2>
            <p class="small quiet">{t.replaceHint}</p>
          </div>
          <ReplaceButton video={video} />
        </div>
      ) : null}
      {video.state === 'live' || !canDelete ? null : (
        <div class="danger__row">
          <div class="grow">
            <h2 class="danger__title">{t.deleteVideo}</h2>
            <p class="small quiet">{t.deleteHint(videoTrashDays)}</p>
          </div>
          <DeleteButton video={video} onReload={onReload} />
        </div>
      )}
    </div>
  );
}

function ReplaceButton({ video }: Pick<SectionProps, 'video'>) {
  const replace = useToastedAction(async () => {
    const [chosen] = await chooseFiles({ isMultiple: false });
    if (!chosen) return;
    addToQueue([{ ...chosen, title: video.title }], { courseId: video.courseId, replaces: video.id });
    showToast({ text: text.videoPage.replaceStarted });
  });
  return <Button onClick={() => replace.run()}>{text.videoPage.replaceDo}</Button>;
}

function DeleteButton({ video, onReload }: Props) {
  const [isAsking, setAsking] = useState(false);
  const bulk = useBulk({ videos: [video], onDone: () => setAsking(false), onChanged: onReload });
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        {text.library.delete}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.library.deleteTitle(1)}
          message={text.library.deleteMessage(1, videoTrashDays)}
          confirmLabel={text.library.delete}
          isBusy={bulk.isBusy}
          onConfirm={() => bulk.run([video.id], { kind: 'delete' })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
